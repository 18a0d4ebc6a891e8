"""Micro-Expression Grand Challenge 2022: spotting on recordings that nobody has trained on.

The test set is clips of the SAMM Challenge set and of CAS(ME)^3; its 67 events (31 + 36) were never published, so no
truth counts as official here. Whether the organisers required equal types was never published either: here they must
be equal. Counts are pooled: 6/71/31 and 4/10/36 (hits, predictions, truths) give the published .1351.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from mebench.protocols.base import Split, unseen
from mebench.protocols.rules.spotting import SpottingProtocol


class Megc2022Spotting(SpottingProtocol):
    """Every subject is tested once, none is learnt from."""

    id = "megc2022-spotting"
    summary = "interval spotting at IoU .5 on an unseen test set, counts pooled"
    sources: ClassVar[tuple[str, ...]] = (
        "megc2022.github.io (rules, no evaluator)",
        "thesis Table 5.12 (the 3D-CNN baseline of 2022)",
        "Liong et al. 2022 (the winner: 15 hits, 49 predictions, 67 truths, F1 .2586)",
    )

    def splits(self, subjects: Sequence[str]) -> list[Split]:
        """Return one split that tests everybody."""
        return unseen(subjects)

    def supports(self, datasets: Sequence[str], task: str = "") -> str | None:
        """Return a reason: a run trains and tests on the same dataset, which this protocol rules out."""
        other = super().supports(datasets, task)
        return other or (
            f"{self.id} tests on a set that nobody has trained on, but a run on {' and '.join(datasets)} would do both "
            "there; grade finished predictions with mebench grade"
        )
