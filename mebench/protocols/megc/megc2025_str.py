"""Micro-Expression Grand Challenge 2025, spot-then-recognise: the rules and the test set of 2024.

The published baseline (MEAN) follows from its counts: 6, 217 and 202 true positives, false positives and misses on SAMM
are an F1 of .0278, a macro precision of .1667 and a macro recall of .3333 an F1 analysis of .2222, together a
STRS of .0062. The paper prints the recall of CAS(ME)^3 as 1.667; the column UAR holds macro precision in every row.
"""

from __future__ import annotations

from typing import ClassVar

from mebench.protocols.megc.megc2024_str import Megc2024Str


class Megc2025Str(Megc2024Str):
    """Spotting at IoU .5 times analysis of what was spotted, on an unseen set; runs as those of `megc2024-str`."""

    id = "megc2025-str"
    sources: ClassVar[tuple[str, ...]] = (
        "arXiv:2506.15298 (MEGC2025, with the baseline's counts)",
        "the published code STRS-Metric (three classes, F1 analysis of macro precision and macro recall)",
    )
