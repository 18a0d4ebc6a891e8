"""Conventions of spot-then-recognise: those of matching intervals, and what an absent class counts as.

Tables have no types, so types are left out before anything is compared. The presets of `spotting` keep their names;
`present_classes` leaves classes out that have no sample, as SFAMNet's code does.
"""

from __future__ import annotations

import dataclasses
from typing import ClassVar

from mebench.metrics.conventions.classes import ClassRules
from mebench.metrics.conventions.intervals import PUBLISHED, IntervalRules


@dataclasses.dataclass(frozen=True)
class SpotRecogniseConvention(IntervalRules, ClassRules):
    """How intervals are compared and counted, and how classes are averaged."""

    task: ClassVar[str] = "spot_recognise"


PRESETS: dict[str, SpotRecogniseConvention] = {
    "strict": SpotRecogniseConvention(),
    **{name: SpotRecogniseConvention(**rules) for name, rules in PUBLISHED.items()},
    "present_classes": SpotRecogniseConvention(absent_class="drop"),
}
"""Conventions by name; `strict` is the default."""

SpotRecogniseConvention.presets = PRESETS
