"""Facial Micro-Expression challenge 2021: the same spotting, with an overall score over both datasets.

Counts of the datasets are added, then divided; the overall score is never the mean of two F1s. That the organisers
pooled in 2021 is inferred from 2022, where their numbers prove it.
"""

from __future__ import annotations

from mebench.protocols.megc.megc2020_spotting import OFFICIAL
from mebench.protocols.rules.spotting import SpottingProtocol


class Megc2021Spotting(SpottingProtocol):
    """Leave one subject out on one dataset or several, counts pooled."""

    id = "megc2021-spotting"
    summary = "interval spotting at IoU .5, leave-one-subject-out, counts pooled over one or two datasets"
    sources = (
        "MEGC2019 spotting guideline, 18 Dec 2018 (IoU >= .5, pooled counts)",
        "arXiv:2105.06340 (the 3D-CNN baseline of 2021; thesis chapter 5, Table 5.8)",
        "Liong et al. 2022, Table 2 (overall over both datasets)",
    )
    official = OFFICIAL
