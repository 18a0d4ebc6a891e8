"""The rules by which intervals are compared and counted, shared by every task that spots."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Literal

from mebench.metrics.conventions.base import Convention
from mebench.settings import setting


@dataclasses.dataclass(frozen=True)
class IntervalRules(Convention):
    """How intervals are compared and counted.

    Values of `matching`: `one_to_one` is a matching of maximum cardinality, whatever the order of the rows;
    `greedy_score` lets each prediction by falling score look at its best truth only (PASCAL VOC); `greedy_time` does so
    by time and among the truths that are left; `truth_found` counts the truths that any prediction hits (FP = N - TP);
    `truth_best` counts the distinct predictions that are the best of some truth; `strs` walks predictions and truths in
    file order, lets one prediction take several truths, and passes over videos without truths and subjects without
    predictions.

    Values of `event_type`: with `annotated_must_match` the types of both must be equal; `ignored` compares without
    types and counts each side under its own type; `by_duration` retypes both sides by their length first and must then
    match; `typed_by_duration` retypes both, and compares without types.

    Values of `outside`, for predictions and truths that begin before frame 1 or end after the last one: `keep` compares
    them as they are written, as published scripts do; `clip` cuts them at the ends of the video first. One that lies
    wholly outside is left without a frame by `clip`: it matches nothing, and still counts as a prediction (a false
    positive) or as a truth (a miss). Left out, `one_to_one` clips and every other rule of matching keeps, so that a
    card from before there was a choice has the fingerprint of today.
    """

    matching: Literal["one_to_one", "greedy_score", "greedy_time", "truth_found", "truth_best", "strs"] = setting(
        "one_to_one", "which pairs count", source="MEGC2019 rules: a <= m and a <= n"
    )
    length: Literal["inclusive", "exclusive"] = setting("inclusive", "offset - onset + 1, or offset - onset")
    comparison: Literal["ge", "gt"] = setting("ge", "IoU >= k or > k", source="MEGC2019 rules")
    iou: float = setting(0.5, "the threshold k", source="MEGC2019 rules")
    event_type: Literal["annotated_must_match", "ignored", "by_duration", "typed_by_duration"] = setting(
        "annotated_must_match", "whether types must match", source="MEGC2020 baseline code"
    )
    type_seconds: float = setting(0.5, "longest micro-expression where duration decides", unit="s", source="thesis 2.1")
    type_frames: int = setting(
        0, "longest micro-expression in frames where duration decides; 0: see type_seconds", unit="frames"
    )
    type_length: Literal["inclusive", "exclusive"] = setting("inclusive", "length that is compared with the limit")
    zero_offset: Literal["apex", "apex_plus", "keep", "drop"] = setting(
        "apex", "what an offset of 0 in a truth stands for"
    )
    apex_plus: int = setting(0, "frames added to the apex under zero_offset=apex_plus", unit="frames")
    scored_videos: Literal["all", "with_events"] = setting(
        "all", "whether videos without truths count (legacy: they do not)"
    )
    outside: Literal["", "keep", "clip"] = setting(
        "", "intervals that reach outside the video: kept, or clipped to it; left out: as `matching` has it"
    )

    def __post_init__(self) -> None:
        """Check the ranges, and say what is done with intervals outside the video where nobody has chosen.

        Raises
        ------
        ValueError : for a threshold outside (0, 1] or a negative length.
        """
        if not self.outside:
            object.__setattr__(self, "outside", self._usual_outside())
        if not 0 < self.iou <= 1:
            raise ValueError(f"iou={self.iou} must be above 0 and at most 1")
        if self.type_seconds <= 0 or self.type_frames < 0 or self.apex_plus < 0:
            raise ValueError("type_seconds must be positive; type_frames and apex_plus may not be negative")

    def differing(self) -> dict[str, Any]:
        """Return the rules that are not the default; `outside` is one only where it is not what `matching` has."""
        found = super().differing()
        found.pop("outside", None)
        return found if self.outside == self._usual_outside() else {**found, "outside": self.outside}

    def _usual_outside(self) -> Literal["keep", "clip"]:
        return "clip" if self.matching == "one_to_one" else "keep"


PUBLISHED: Mapping[str, Mapping[str, Any]] = {
    "megc2020": {"matching": "truth_found"},
    "strs_metric": {"matching": "strs", "event_type": "ignored"},
    "auw_gcn": {"matching": "truth_best", "length": "exclusive", "comparison": "gt"},
    "lgsnet": {
        "matching": "truth_found",
        "event_type": "typed_by_duration",
        "type_frames": 15,
        "type_length": "exclusive",
    },
    "softnet": {"matching": "greedy_score", "scored_videos": "with_events"},
}
"""By which rules published code compares intervals, by its name; where each differs is worked by hand in the tests."""
