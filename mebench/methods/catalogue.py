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
