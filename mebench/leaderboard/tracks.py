r"""One video as lanes of marks and curves: the view that timelines are drawn from.

Conventions
-----------
Frame numbers are 1-based and inclusive at both ends; scores have shape (n_frames, 2) with the columns micro, macro.
A mark's kind is the name of its style: `found` and `missed` for truths, `hit` and `false` for predictions (true and
false positives), `plain` where no truth was there to compare with.

    truth      [==found==]          [-missed-]
    predicted     [==hit==]   [false]
    score     __/~~~~~~~~~\___/~~\______________
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mebench.leaderboard.axis import Tick, frame_ticks, second_ticks, span
from mebench.leaderboard.curves import Curve, draw
from mebench.schema.presence import Presence
from mebench.schema.recordings import ExpressionType
from mebench.schema.timing import Timing

COLUMNS = {ExpressionType.MICRO: 0, ExpressionType.MACRO: 1}
"""Column of the per-frame scores of each type."""

WIDE_ENOUGH = 1.0
"""Percent of the axis from which a bar is wide enough to show its apex."""

Ranges = dict[ExpressionType, tuple[float, float]]

_WORDS = {"found": "found", "missed": "missed: false negative", "hit": "true positive", "false": "false positive"}


@dataclasses.dataclass(frozen=True, slots=True)
class Interval:
    """One expression to be drawn, true or predicted.

    Attributes
    ----------
    onset, offset : first and last frame number (1-based, inclusive).
    type : micro- or macro-expression.
    matched : whether it has a partner on the other side; None where there is nothing to match with.
    apex, emotion, action_units : of a truth, where annotated.
    score : of a prediction, where given.
    """

    onset: int
    offset: int
    type: ExpressionType
    matched: bool | None = None
    apex: int | None = None
    emotion: str = ""
    action_units: str = ""
    score: float | None = None


@dataclasses.dataclass(frozen=True)
class Clock:
    """What the frames of a video are called and when they are; frames count from 1 everywhere but in words.

    Attributes
    ----------
    timing : when each frame was taken.
    first : what the files call frame 1.
    """

    timing: Timing
    first: int = 1

    def named(self, onset: int, offset: int) -> str:
        """Return `101-112` for a run of frames, as their files are numbered."""
        return f"{onset + self.first - 1}–{offset + self.first - 1}"

    def said(self, onset: int, offset: int) -> str:
        """Return `0.33-0.40 s` for a run of frames."""
        start, stop = self.timing.seconds(onset, offset)
        return f"{start:.2f}–{stop:.2f} s"


@dataclasses.dataclass(frozen=True, slots=True)
class Mark:
    """One bar: left edge and width in percent, style, tooltip, and the place of its apex where there is one."""

    left: float
    width: float
    kind: str
    title: str
    apex: float | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Band:
    """The lanes of one type of expression; `truth` is None when the truth is not known."""

    type: str
    truth: tuple[Mark, ...] | None
    predicted: tuple[Mark, ...]
    curve: Curve | None


@dataclasses.dataclass(frozen=True, slots=True)
class Timeline:
    """Everything that is drawn for one video.

    `unseen` are frames without a face, `cuts` where another view begins, `duration` is in seconds.
    """

    label: str
    n_frames: int
    fps: float
    bands: tuple[Band, ...]
    seconds: tuple[Tick, ...]
    frames: tuple[Tick, ...]
    unseen: tuple[Mark, ...]
    cuts: tuple[Mark, ...]
    duration: float


def build_timeline(
    label: str,
    n_frames: int,
    fps: float,
    predictions: Sequence[Interval],
    truth: Sequence[Interval] | None = None,
    *,
    scores: NDArray[np.floating] | None = None,
    ranges: Ranges | None = None,
    points: int = 600,
    ticks: int = 7,
    presence: Presence | None = None,
    clock: Clock | None = None,
) -> Timeline:
    """Return the lanes of one video.

    Parameters
    ----------
    label : what a screen reader calls the drawing.
    n_frames, fps : length and frames per second of the video.
    predictions, truth : what is drawn; `truth` is None when it is not known.
    scores : shape (n_frames, 2), columns micro and macro, or None where no scores are kept.
    ranges : scores at the bottom and top of each type's curve; 0 and 1 where not given.
    points : at most so many values per curve, beside those that keep micro-expressions visible.
    ticks : at most so many labels per axis.
    presence : where a face was found, or None where that is not known.
    clock : names and times of the frames; by default they count from 1 at one rate.

    Raises
    ------
    ValueError : when the video has no frames, or the scores are not those of its frames.
    """
    if n_frames < 1 or fps <= 0:
        raise ValueError(f"{label} has {n_frames} frames at {fps} fps: nothing can be drawn")
    if scores is not None and scores.shape != (n_frames, 2):
        raise ValueError(f"{label} has {n_frames} frames, its scores have the shape {scores.shape}")
    short = [(i.onset, i.offset) for i in (*predictions, *(truth or ())) if i.type == ExpressionType.MICRO]
    clock = clock or Clock(Timing.constant(n_frames, fps))
    bands = []
    for kind in (ExpressionType.MACRO, ExpressionType.MICRO):
        low, high = (ranges or {}).get(kind, (0.0, 1.0))
        curve = None if scores is None else draw(scores[:, COLUMNS[kind]], low, high, points, short)
        shown = None if truth is None else _marks(truth, kind, n_frames, clock, is_truth=True)
        bands.append(Band(kind.value, shown, _marks(predictions, kind, n_frames, clock, is_truth=False), curve))
    axes = second_ticks(clock.timing, ticks), frame_ticks(n_frames, ticks, clock.first)
    hidden = _out_of_sight(presence, n_frames, clock)
    return Timeline(label, n_frames, fps, tuple(bands), *axes, *hidden, clock.timing.end)


def _out_of_sight(presence: Presence | None, n_frames: int, clock: Clock) -> tuple[tuple[Mark, ...], tuple[Mark, ...]]:
    """Return the runs of frames without a face, and the frames with which another shot or another person begins."""
    if presence is None:
        return (), ()
    unseen = [
        Mark(*span(first, last, n_frames), "unseen", f"no face in frames {clock.named(first, last)}: not scored")
        for first, last in presence.missing()
    ]
    words = "another shot or another person begins with frame"
    cuts = [
        Mark(*span(number, number, n_frames), "cut", f"{words} {number + clock.first - 1}")
        for number in presence.cuts()
    ]
    return tuple(unseen), tuple(cuts)


def _marks(
    intervals: Sequence[Interval], kind: ExpressionType, n_frames: int, clock: Clock, *, is_truth: bool
) -> tuple[Mark, ...]:
    chosen = sorted((i for i in intervals if i.type == kind), key=lambda i: (i.onset, i.offset))
    return tuple(_mark(i, n_frames, clock, is_truth=is_truth) for i in chosen)


def _mark(interval: Interval, n_frames: int, clock: Clock, *, is_truth: bool) -> Mark:
    style = "plain"
    if interval.matched is not None:
        style = {True: ("hit", "found"), False: ("false", "missed")}[interval.matched][is_truth]
    left, width = span(interval.onset, interval.offset, n_frames)
    apex = None
    if width >= WIDE_ENOUGH and interval.apex is not None and interval.onset <= interval.apex <= interval.offset:
        apex = round(100.0 * (interval.apex - 0.5) / n_frames, 3)
    return Mark(left, width, style, _title(interval, style, clock, is_truth=is_truth), apex)


def _title(interval: Interval, style: str, clock: Clock, *, is_truth: bool) -> str:
    """Say in words what a bar shows."""
    parts = [
        f"{'true' if is_truth else 'predicted'} {interval.type.value}-expression",
        f"frames {clock.named(interval.onset, interval.offset)}",
        clock.said(interval.onset, interval.offset),
    ]
    if interval.apex is not None:
        parts.append(f"apex {interval.apex + clock.first - 1}")
    if interval.score is not None:
        parts.append(f"score {interval.score:.3g}")
    parts += [text for text in (interval.emotion, interval.action_units) if text]
    if style in _WORDS:
        parts.append(_WORDS[style])
    return " · ".join(parts)
