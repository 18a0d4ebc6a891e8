"""Micro-Expression Grand Challenge 2023: spotting on 30 unseen long videos.

10 videos of SAMM at 200 fps and 20 of CAS(ME)^3 at 30 fps, whose events were never published, nor any baseline; so no
truth counts as official here. The rules are those of 2022.
"""

from __future__ import annotations

from typing import ClassVar

from mebench.protocols.megc.megc2022_spotting import Megc2022Spotting


class Megc2023Spotting(Megc2022Spotting):
    """Every subject is tested once, none is learnt from."""

    id = "megc2023-spotting"
    summary = "interval spotting at IoU .5 on 30 unseen long videos, counts pooled"
    sources: ClassVar[tuple[str, ...]] = (
        "Davison et al. 2023, MEGC2023: ACM Multimedia 2023 ME Grand Challenge, pp 9625-9629",
        "megc2025.github.io (the unseen set: 10 SAMM and 20 CAS(ME)^3 videos)",
        "MEGC2019 spotting guideline, 18 Dec 2018 (IoU >= .5, pooled counts)",
    )
