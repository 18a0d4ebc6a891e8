"""The built-in methods and those that other packages register."""

from __future__ import annotations

from typing import Any

from mebench.methods.base import Method
from mebench.registry import Registry

METHODS: Registry[type[Method[Any]]] = Registry("method", "mebench.methods", of=Method)

METHODS.add(
    "every_label",
    "mebench.methods.recognition.label_sets:EveryLabel",
    "says that every label is there",
    task="label_sets",
)
METHODS.add(
    "spot_then_recognise",
    "mebench.methods.spot_recognise.two_steps:SpotThenRecognise",
    "any spotter, then any recogniser on what it spots",
    task="spot_recognise",
)
_SPOTTING = "mebench.methods.spotting"
for _id, _target, _summary in (
    (
        "au_sum",
        "au_sum:AuSum",
        "peaks of the smoothed sum of action-unit intensities (thesis 4.2.1)",
    ),
    ("mdmd", "mdmd:Mdmd", "main directional maximal difference of optical flow (MEGC2020 baseline)"),
    (
        "multi_scale_filter",
        "multi_scale_filter:MultiScaleFilter",
        "flow of facial regions and a filter at two scales, inspired by SP-FD (Zhang 2020)",
    ),
    ("of_fd", "of_fd.method:OfFd", "optical flow of brows, mouth and nose with fixed thresholds (after He 2021)"),
    ("oracle", "bounds:Oracle", "the truth itself: the upper bound"),
    (
        "random_intervals",
        "bounds:RandomIntervals",
        "intervals at the training rates, placed at random: the lower bound",
    ),
    ("softnet", "softnet.method:SoftNet", "shallow three-stream network on optical flow over k frames (Liong 2021)"),
    ("spot3dcnn", "spot3dcnn.method:Spot3DCNN", "two-stream 3D-CNN with frame skips (thesis chapter 5)"),
    ("spot3dcnn_end_to_end", "spot3dcnn.end_to_end:Spot3DCNNEndToEnd", "uncropped 160x160 variant (thesis appendix B)"),
):
    METHODS.add(_id, f"{_SPOTTING}.{_target}", _summary, task="spotting")

_RECOGNITION = "mebench.methods.recognition"
for _id, _target, _summary in (
    ("apex_hog_svm", "apex_hog_svm:ApexHogSvm", "change of oriented gradients from onset to apex, and a linear SVM"),
    ("bi_woof", "bi_woof:BiWoof", "flow from onset to apex in blocks, weighted twice, and a linear SVM (Liong 2018)"),
    ("dtscnn", "dtscnn.method:Dtscnn", "two shallow 3D streams on flow at two frame rates, linear SVM (Peng 2017)"),
    ("emr", "emr.method:Emr", "ResNet-18 on a flow image in two parts, macro-expressions as another domain (Liu 2019)"),
    ("lbp_top", "lbp_top.method:LbpTop", "local binary patterns on three planes and a linear SVM (MEGC2019 baseline)"),
    ("majority", "bounds:Majority", "the most frequent training class: the lower bound"),
    ("true_class", "bounds:TrueClass", "the truth itself: the upper bound"),
):
    METHODS.add(_id, f"{_RECOGNITION}.{_target}", _summary, task="recognition")
_NETWORKS = "mebench.methods.recognition.flow_networks"
for _id, _target, _summary in (
    ("dual_inception", "dual_inception:DualInception", "inception blocks on flow to the middle frame (Zhou 2019)"),
    (
        "htnet",
        "htnet:HTNet",
        "hierarchical transformer on flow around eyes and mouth, one token an attention (Wang 2024)",
    ),
    ("off_apexnet", "off_apexnet:OffApexNet", "two convolutions on the flow from onset to apex (Gan 2019, meb's form)"),
    ("rcn_a", "rcn_a:RcnA", "recurrent convolutions with parameter-free attention on flow (Xia 2020)"),
    ("sssnet", "sssnet:SSSNet", "shallow single-stream network on flow and strain (Varanka 2022)"),
    ("ststnet", "ststnet:STSTNet", "shallow triple-stream network on flow and strain (Liong 2019)"),
):
    METHODS.add(_id, f"{_NETWORKS}.{_target}", _summary, task="recognition")

_MIE_X = "mebench.methods.recognition.mie_x.method"
for _id, _target, _summary in (
    ("apex_me", "ApexMe", "ResNet-18 on the apex (MiE-X, Liu 2022)"),
    ("branches", "Branches", "two ResNet-18 on onset and apex (MiE-X, Liu 2022)"),
):
    METHODS.add(_id, f"{_MIE_X}:{_target}", _summary, task="recognition")

_FER = "mebench.methods.recognition.fer.method"
for _id, _target, _summary in (
    ("fer_classification", "FerClassification", "negative, neutral or positive by three outputs (thesis chapter 7)"),
    ("fer_regression", "FerRegression", "negative to positive by one output (thesis chapter 7)"),
):
    METHODS.add(_id, f"{_FER}:{_target}", _summary, task="recognition")
