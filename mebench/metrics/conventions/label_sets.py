"""Conventions of several labels a clip: how labels that never occur count, and whether databases are averaged.

`strict` pools the counts of all databases; `database_mean` takes the mean over labels in each database and then over
the databases, as meb does for CD6ME; `present_classes` leaves labels out that neither occur nor are predicted.
"""

from __future__ import annotations

import dataclasses
from typing import ClassVar, Literal

from mebench.metrics.conventions.classes import ClassRules
from mebench.settings import setting


@dataclasses.dataclass(frozen=True)
class LabelSetConvention(ClassRules):
    """How labels are counted and averaged."""

    task: ClassVar[str] = "label_sets"

    pooling: Literal["counts", "databases"] = setting(
        "counts", "pool counts, then divide; or average the scores of the databases", source="arXiv 2211.11425"
    )


PRESETS: dict[str, LabelSetConvention] = {
    "strict": LabelSetConvention(),
    "database_mean": LabelSetConvention(pooling="databases"),
    "present_classes": LabelSetConvention(absent_class="drop"),
}
"""Conventions by name; `strict` is the default."""

LabelSetConvention.presets = PRESETS
