"""Micro-Expression Grand Challenge 2024, cross-cultural spotting: the unseen videos of 2023 once more."""

from __future__ import annotations

from typing import ClassVar

from mebench.protocols.megc.megc2023_spotting import Megc2023Spotting


class Megc2024Ccs(Megc2023Spotting):
    """Every subject is tested once, none is learnt from; both cultures are one table, and a scope each."""

    id = "megc2024-ccs"
    summary = "cross-cultural spotting: intervals at IoU .5 on the unseen set of 2023, counts pooled"
    sources: ClassVar[tuple[str, ...]] = (
        "See et al. 2024, MEGC2024: ACM Multimedia 2024 facial micro-expression grand challenge",
        "megc2025.github.io (the unseen set: 10 SAMM and 20 CAS(ME)^3 videos)",
    )
