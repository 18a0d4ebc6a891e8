"""Micro-Expression Grand Challenge 2022: spotting on recordings that nobody has trained on.

The test set is clips of the SAMM Challenge set and of CAS(ME)^3; its 67 events (31 + 36) were never published, so no
truth counts as official here. Whether the organisers required equal types was never published either: here they must
be equal. Counts are pooled: 6/71/31 and 4/10/36 (hits, predictions, truths) give the published .1351.
"""

from __future__ import annotations

from typing import ClassVar

from mebench.protocols.rules.spotting import SpottingProtocol


class Megc2022Spotting(SpottingProtocol):
    """Every subject is tested once, none is learnt from; a training set for each test set, or one for all."""

    id = "megc2022-spotting"
    unseen = True
    paired = True
    summary = "interval spotting at IoU .5 on an unseen test set, counts pooled"
    sources: ClassVar[tuple[str, ...]] = (
        "megc2022.github.io (rules, no evaluator)",
        "thesis Table 5.12 (the 3D-CNN baseline of 2022)",
        "Liong et al. 2022 (the winner: 15 hits, 49 predictions, 67 truths, F1 .2586)",
    )
