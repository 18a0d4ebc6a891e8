"""Conventions of recognition: how scores of folds are put together, and what an absent class counts as.

`strict` follows the guideline of MEGC2019: counts of all folds are added first, and every class keeps its place.
`fold_mean` averages the scores of subjects, as some published code does; `k_fold_mean` those of the protocol's folds,
as MiE-X does; `present_classes` leaves classes out that have
no sample, as code does that passes over the error they raise (STSTNet's).
"""

from __future__ import annotations

import dataclasses
from typing import ClassVar, Literal

from mebench.metrics.conventions.classes import ClassRules
from mebench.settings import setting


@dataclasses.dataclass(frozen=True)
class RecognitionConvention(ClassRules):
    """How recognised classes are counted and averaged."""

    task: ClassVar[str] = "recognition"

    pooling: Literal["counts", "mean", "folds"] = setting(
        "counts",
        "pool counts, then divide; or average the subjects' scores; or average those of the protocol's folds",
        source="MEGC2019 recognition guideline",
    )


PRESETS: dict[str, RecognitionConvention] = {
    "strict": RecognitionConvention(),
    "fold_mean": RecognitionConvention(pooling="mean"),
    "k_fold_mean": RecognitionConvention(pooling="folds"),
    "present_classes": RecognitionConvention(absent_class="drop"),
}
"""Conventions by name; `strict` is the default."""

RecognitionConvention.presets = PRESETS
