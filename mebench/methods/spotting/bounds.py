"""Two spotters that bound every table: chance from below, the truth itself from above.

Conventions
-----------
Rates are events per second and durations are seconds, so that what was learnt at one frame rate holds at another.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mebench.methods.base import RunContext
from mebench.methods.spotting.base import MACRO, MICRO, SpottedInterval, Spotter, Spotting
from mebench.schema.recordings import ExpressionType, Video, frame_labels
from mebench.settings import check_limits, setting

COLUMNS = {ExpressionType.MICRO: MICRO, ExpressionType.MACRO: MACRO}
"""Column of the per-frame scores that belongs to each type."""


@dataclasses.dataclass(frozen=True)
class RandomIntervalsConfig:
    """Settings of `random_intervals`; all but the first count only where training holds no event of a type."""

    rate_scale: float = setting(1.0, "factor on the rates, to trade precision for recall")
    micro_rate: float = setting(
        0.03, "micro-expressions a second", unit="1/s", source="SAMM-LV: 159 in 147 videos of 35.5 s"
    )
    macro_rate: float = setting(
        0.066, "macro-expressions a second", unit="1/s", source="SAMM-LV: 343 in 147 videos of 35.5 s"
    )
    micro_seconds: float = setting(
        0.37, "duration of a micro-expression", unit="s", source="thesis Table 5.3, SAMM-LV mean"
    )
    macro_seconds: float = setting(
        2.17, "duration of a macro-expression", unit="s", source="thesis Table 5.3, SAMM-LV mean"
    )

    def __post_init__(self) -> None:
        """Refuse negative rates and durations that are not positive."""
        check_limits(self, "rate_scale", "micro_rate", "macro_rate", least=0)
        check_limits(self, "micro_seconds", "macro_seconds", above=0)


@dataclasses.dataclass(frozen=True)
class _Statistics:
    """What one type of expression looks like in the training videos."""

    rate: float
    durations: NDArray[np.float64]


class RandomIntervals(Spotter):
    """Intervals at random places, as many and as long as those of the training subjects.

    The number of intervals in a video is Poisson with the training rate, durations are drawn from the training
    durations, and places are uniform among those where intervals of one type do not overlap. The draws depend on the
    run's seed, the subject and the video alone, so neither the order of the videos nor the number of processes matters.
    """

    id = "random_intervals"
    is_bound = True
    reads_frames = False
    looks_at_faces = False
    Config = RandomIntervalsConfig

    def __init__(self, config: RandomIntervalsConfig) -> None:
        super().__init__(config)
        self._learnt = {
            ExpressionType.MICRO: _Statistics(config.micro_rate, np.array([config.micro_seconds])),
            ExpressionType.MACRO: _Statistics(config.macro_rate, np.array([config.macro_seconds])),
        }

    def fit(self, train: Sequence[Video], validation: Sequence[Video], context: RunContext) -> None:
        """Learn rate and durations of each type from the training videos; a type without events keeps its defaults."""
        seconds = sum(video.n_frames / video.fps for video in train)
        for kind in ExpressionType:
            durations = [e.length / video.fps for video in train for e in video.events if e.type == kind]
            if durations:
                self._learnt[kind] = _Statistics(len(durations) / seconds, np.array(durations))

    def spot(self, video: Video, context: RunContext) -> Spotting:
        """Draw the intervals of one video; the score of a frame is that of the interval around it, else 0."""
        scores = np.zeros((video.n_frames, 2), np.float32)
        intervals = []
        for kind, learnt in self._learnt.items():
            rng = context.rng(self.id, video.subject, video.id, kind)
            count = rng.poisson(self.config_for(video).rate_scale * learnt.rate * video.n_frames / video.fps)
            lengths = np.maximum(1, np.rint(rng.choice(learnt.durations, count) * video.fps)).astype(int)
            for onset, offset in place_at_random(lengths, video.n_frames, rng):
                score = float(rng.uniform())
                intervals.append(SpottedInterval(onset, offset, kind, score))
                scores[onset - 1 : offset, COLUMNS[kind]] = score
        return Spotting(tuple(sorted(intervals, key=lambda i: (i.onset, i.offset, i.type))), scores)

    def state(self) -> dict[str, NDArray[Any]]:
        """Return rate and durations of each type."""
        return {
            f"{kind}.{name}": np.atleast_1d(value)
            for kind, learnt in self._learnt.items()
            for name, value in (("rate", learnt.rate), ("durations", learnt.durations))
        }

    def load_state(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Load what `state` returned."""
        for kind in ExpressionType:
            self._learnt[kind] = _Statistics(float(state[f"{kind}.rate"][0]), np.asarray(state[f"{kind}.durations"]))


def place_at_random(lengths: NDArray[np.int_], n_frames: int, rng: np.random.Generator) -> list[tuple[int, int]]:
    """Place intervals uniformly so that none overlap, dropping the last ones where there is no room.

    Parameters
    ----------
    lengths : whole numbers of frames, shape (n,).
    n_frames : frames of the video.
    rng : source of randomness.

    Returns
    -------
    (onset, offset) pairs in frame numbers, 1-based and inclusive, sorted.
    """
    kept = lengths[np.cumsum(lengths) <= n_frames]
    free = n_frames - int(kept.sum())
    gaps = np.sort(rng.integers(0, free + 1, len(kept)))
    onsets = gaps + np.concatenate(([0], np.cumsum(kept)[:-1])) + 1 if len(kept) else gaps
    return [(int(onset), int(onset + length - 1)) for onset, length in zip(onsets, kept, strict=True)]


class Oracle(Spotter):
    """The truth itself: every score is exactly 1, so anything less shows a fault in the run or in the protocol."""

    id = "oracle"
    is_bound = True
    trains = False
    needs_truth = True
    reads_frames = False
    looks_at_faces = False

    def spot(self, video: Video, context: RunContext) -> Spotting:
        """Return the annotated events with confidence 1 and the frame labels as scores."""
        intervals = tuple(SpottedInterval(e.onset, e.offset, e.type, 1.0) for e in video.events)
        scores = np.zeros((video.n_frames, 2), np.float32)
        for kind, column in COLUMNS.items():
            scores[:, column] = frame_labels(video, kind)
        return Spotting(intervals, scores)
