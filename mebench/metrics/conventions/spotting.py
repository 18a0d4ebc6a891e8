"""Conventions of spotting.

`strict` is what mebench reports. The other presets reproduce what published code computes, so that a published number
can be recomputed and compared with the strict one; where each differs is worked by hand in the tests. `movement` is
that of the thesis' prototype (5.3, Table 5.2), which knows one kind of expression: one to one, whatever the types.
"""

from __future__ import annotations

import dataclasses
from typing import ClassVar, Literal

from mebench.metrics.conventions.intervals import PUBLISHED, IntervalRules
from mebench.settings import setting


@dataclasses.dataclass(frozen=True)
class SpottingConvention(IntervalRules):
    """How spotted intervals are compared, counted and averaged."""

    task: ClassVar[str] = "spotting"

    pooling: Literal["counts", "mean"] = setting(
        "counts", "pool counts, then divide; or average the subjects' scores", source="MEGC2019 rules"
    )


PRESETS: dict[str, SpottingConvention] = {
    "strict": SpottingConvention(),
    "movement": SpottingConvention(event_type="ignored"),
    **{name: SpottingConvention(**rules) for name, rules in PUBLISHED.items()},
}
"""Conventions by name; `strict` is the default."""

SpottingConvention.presets = PRESETS
