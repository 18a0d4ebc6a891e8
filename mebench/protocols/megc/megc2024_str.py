"""Micro-Expression Grand Challenge 2024, spot-then-recognise: find micro-expressions and say their emotion.

Ranked by the STRS of counts pooled over both test sets, which the board of 2024 shows: the first has .18 overall with
.11 and .16 per set, more than both. The published code of the metric drops predictions in videos without events and
subjects without predictions; the preset `strs_metric` recomputes it.
"""

from __future__ import annotations

from typing import ClassVar

from mebench.protocols.rules.spot_recognise import SpotRecogniseProtocol


class Megc2024Str(SpotRecogniseProtocol):
    """Spotting at IoU .5 times analysis of what was spotted, on an unseen set.

    A run needs a method of this task, such as `spot_then_recognise:spotter=ID,recogniser=ID`, and with `--train ID`
    long videos whose events have emotions: nobody of the test set is learnt from. Finished predictions are graded by
    `mebench grade`.
    """

    id = "megc2024-str"
    summary = "spot-then-recognise on an unseen set: STRS = F1 spotting x F1 analysis, counts pooled"
    sources: ClassVar[tuple[str, ...]] = (
        "See et al. 2024, MEGC2024: ACM Multimedia 2024 facial micro-expression grand challenge",
        "the published code STRS-Metric (three classes, F1 analysis of macro precision and macro recall)",
        "Liong et al. 2023, MEAN: spot-then-recognise (STRS)",
    )
