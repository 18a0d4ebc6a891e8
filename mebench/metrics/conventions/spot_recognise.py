"""Conventions of spot-then-recognise: those of matching intervals, and what an absent class counts as.

Tables have no types, so types are left out before anything is compared. The presets of `spotting` keep their names;
`present_classes` leaves classes out that have no sample, as SFAMNet's code does.
"""

from __future__ import annotations

import dataclasses
from typing import ClassVar, Literal

from mebench.metrics.conventions.intervals import IntervalRules
from mebench.settings import setting


@dataclasses.dataclass(frozen=True)
class SpotRecogniseConvention(IntervalRules):
    """How intervals are compared and counted, and how classes are averaged."""

    task: ClassVar[str] = "spot_recognise"

    absent_class: Literal["keep_zero", "drop"] = setting(
        "keep_zero", "a class without samples counts as 0 in a mean, or is left out"
    )


PRESETS: dict[str, SpotRecogniseConvention] = {
    "strict": SpotRecogniseConvention(),
    "megc2020": SpotRecogniseConvention(matching="truth_found"),
    "strs_metric": SpotRecogniseConvention(matching="strs", event_type="ignored"),
    "auw_gcn": SpotRecogniseConvention(matching="truth_best", length="exclusive", comparison="gt"),
    "lgsnet": SpotRecogniseConvention(
        matching="truth_found", event_type="typed_by_duration", type_frames=15, type_length="exclusive"
    ),
    "softnet": SpotRecogniseConvention(matching="greedy_score", scored_videos="with_events"),
    "present_classes": SpotRecogniseConvention(absent_class="drop"),
}
"""Conventions by name; `strict` is the default."""

SpotRecogniseConvention.presets = PRESETS
