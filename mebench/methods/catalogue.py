"""The built-in methods and those that other packages register."""

from __future__ import annotations

from mebench.methods.base import Method
from mebench.registry import Registry

METHODS: Registry[type[Method]] = Registry("method", "mebench.methods")

_SPOTTING = "mebench.methods.spotting"
for _id, _target, _summary in (
    (
        "au_sum",
        "au_sum:AuSum",
        "sum of action-unit intensities, smoothed, peaks above the 75th percentile (thesis 4.2.1)",
    ),
    ("mdmd", "mdmd:Mdmd", "main directional maximal difference of optical flow (MEGC2020 baseline)"),
    ("oracle", "bounds:Oracle", "the truth itself: bounds every table from above"),
    (
        "random_intervals",
        "bounds:RandomIntervals",
        "random intervals at the training rates: bounds every table from below",
    ),
    ("spot3dcnn", "spot3dcnn.method:Spot3DCNN", "two-stream 3D-CNN with frame skips (thesis chapter 5)"),
    ("spot3dcnn_end_to_end", "spot3dcnn.end_to_end:Spot3DCNNEndToEnd", "uncropped 160x160 variant (thesis appendix B)"),
):
    METHODS.add(_id, f"{_SPOTTING}.{_target}", _summary, task="spotting")
