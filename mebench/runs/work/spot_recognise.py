"""The work of spot-then-recognise: every tested video is spotted, and each interval gets an emotion.

Conventions
-----------
Intervals are those of spotting: kept in frames with a face, then cut out as clips, see `naming`. One that cannot be
recognised stays in the predictions without an emotion, and the log says why.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from mebench.methods.base import RunContext
from mebench.methods.spot_recognise.base import SpotRecogniser
from mebench.methods.spotting.base import Spotter
from mebench.runs.folds import FoldFolder
from mebench.runs.work.naming import name_interval
from mebench.runs.work.presence import KeptSpotting
from mebench.runs.work.spotting import SpottingWork
from mebench.schema.people import joined
from mebench.schema.recordings import Video
from mebench.schema.truth import Truth


@dataclasses.dataclass(frozen=True)
class NamedSpotting(KeptSpotting):
    """A spotting with an emotion for each interval, empty where none was recognised."""

    emotions: tuple[str, ...] = ()


class SpotRecogniseWork(SpottingWork):
    """Spot every tested video, and recognise what was spotted."""

    words = "spot and recognise"

    def prepare(self, model: Spotter, recording: Video, context: RunContext) -> None:
        """Fill the cache for one video, unless nobody is going to spot in it or to learn how."""
        assert isinstance(model, SpotRecogniser)
        if model.learns_to_spot or not context.only_learnt_from(recording):
            super().prepare(model, recording, context)

    def carry_out(self, model: Spotter, recording: Video, context: RunContext) -> NamedSpotting:
        """Spot one video, keep what lies in frames with a face, and tell its emotions."""
        assert isinstance(model, SpotRecogniser)
        kept = super().carry_out(model, recording, context)
        emotions = []
        # The recogniser gets no truth, also where the spotter is the truth itself.
        untold = recording.without_truth()
        for interval in kept.intervals:
            named = name_interval([model], untold, interval.onset, interval.offset, context)
            emotions.append(named.emotion)
            if named.why:
                place = {"video": joined(*recording.key), "onset": interval.onset, "offset": interval.offset}
                context.log({**place, "not_recognised": named.why})
        return NamedSpotting(kept.intervals, kept.scores, kept.raw, kept.raw_thresholds, kept.presence, tuple(emotions))

    def extras(self, done: Sequence[FoldFolder], truth: Truth, method: str) -> Mapping[str, Any]:
        """Return nothing more: scores of frames are kept, and not graded."""
        return {}
