"""When expressions happen in a video.

A ratio is the number of frames in any event over the number of frames, one reading of the thesis's move-to-neutral
ratio (4.2.1: "the proportion of movements to video duration"). It is that of a whole dataset, videos without events
included. The thesis's .40 for SAMM-LV and .05 for CAS(ME)^2 are means over subjects; pooled they are .13 and .026.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from mebench.rendering.events import Expression, draw_expression
from mebench.schema.recordings import Event, ExpressionType


@dataclasses.dataclass(frozen=True)
class Rhythm:
    """How often and how long expressions are.

    Attributes
    ----------
    ratio : share of frames in an event.
    micro_share : share of micro-expressions among the events.
    macro_mean : mean duration of macro-expressions in seconds; they last .5 to 4 s.
    micro_range : shortest and longest micro-expression in seconds.
    """

    ratio: float = 0.40
    micro_share: float = 1 / 3
    macro_mean: float = 1.6
    micro_range: tuple[float, float] = (0.20, 0.50)


@dataclasses.dataclass(frozen=True)
class Placed:
    """An expression and the index (0-based) of its first frame."""

    start: int
    expression: Expression

    @property
    def event(self) -> Event:
        """The annotation."""
        return self.expression.placed(self.start + 1)


def is_empty(subject: int, video: int) -> bool:
    """Tell whether a video has no events: every fourth, in turn, but never a subject's first."""
    return video > 0 and (subject + video) % 4 == 3


def busy_factor(videos: int) -> float:
    """Return by how much the ratio of videos with events exceeds the preset's, so that the whole meets it."""
    empty = sum(is_empty(subject, video) for subject in range(4) for video in range(videos))
    return 4 * videos / (4 * videos - empty)


def draw_duration(rng: np.random.Generator, kind: ExpressionType, rhythm: Rhythm, fps: float) -> int:
    """Draw a duration in frames; a micro-expression has at least 3 frames and lasts at most .5 s."""
    if kind is ExpressionType.MICRO:
        low, high = rhythm.micro_range
        return int(np.clip(round(rng.triangular(low, 0.36, high) * fps), 3, max(3, int(0.5 * fps))))
    seconds = np.clip(0.55 + rng.gamma(2.0, (rhythm.macro_mean - 0.55) / 2.0), 0.55, 4.0)
    return int(np.clip(round(seconds * fps), int(0.5 * fps) + 1, max(int(0.5 * fps) + 1, int(4.0 * fps))))


def plan_video(rng: np.random.Generator, n: int, fps: float, rhythm: Rhythm) -> list[Placed]:
    """Fill a video of `n` frames with expressions, sorted by start; about `rhythm.ratio` of the frames are in one."""
    kinds, frames = _draw_all(rng, n, fps, rhythm)
    overlapping = [k is ExpressionType.MICRO and rng.random() < 0.15 for k in kinds]
    hosts = [i for i, k in enumerate(kinds) if k is ExpressionType.MACRO]
    apart = [i for i in range(len(kinds)) if not (overlapping[i] and hosts)]
    starts = _spread(rng, [frames[i] for i in apart], n, fps)
    placed = [Placed(s, draw_expression(rng, kinds[i], frames[i])) for i, s in zip(apart, starts, strict=True)]
    macros = [p for p in placed if p.expression.type is ExpressionType.MACRO]
    for i in range(len(kinds)):
        if i in apart or not macros:
            continue
        guest = draw_expression(rng, kinds[i], frames[i], region="upper")
        host = macros[int(rng.integers(len(macros)))]
        start = host.start + int(rng.integers(-frames[i] // 2, max(host.expression.frames - frames[i] // 2, 1)))
        placed.append(Placed(int(np.clip(start, 1, n - frames[i] - 1)), guest))
    return sorted(placed, key=lambda p: (p.start, p.expression.frames))


def _draw_all(rng: np.random.Generator, n: int, fps: float, rhythm: Rhythm) -> tuple[list[ExpressionType], list[int]]:
    """Draw kinds and durations until they fill the ratio; the last macro-expression is cut or dropped to fit."""
    target = rhythm.ratio * n
    kinds: list[ExpressionType] = []
    frames: list[int] = []
    while sum(frames) < target and len(frames) < 10_000:
        kind = ExpressionType.MICRO if rng.random() < rhythm.micro_share else ExpressionType.MACRO
        length = draw_duration(rng, kind, rhythm, fps)
        spare = target - sum(frames)
        if kind is ExpressionType.MACRO and length > spare:
            shortest = int(0.5 * fps) + 1
            length = max(round(spare), shortest)
            if spare < shortest and rng.random() > spare / shortest:
                break
        if sum(frames) + length + (len(frames) + 2) * max(2, round(0.15 * fps)) > n:
            break
        kinds.append(kind)
        frames.append(length)
    return kinds, frames


def _spread(rng: np.random.Generator, frames: list[int], n: int, fps: float) -> list[int]:
    """Return starts that keep the given order, with random gaps of at least .15 s, the ends included."""
    least = max(2, round(0.15 * fps))
    free = n - sum(frames) - least * (len(frames) + 1)
    shares = rng.dirichlet(np.full(len(frames) + 1, 1.5)) if frames else np.ones(1)
    gaps = least + np.floor(shares * max(free, 0)).astype(int)
    starts, at = [], 0
    for gap, length in zip(gaps[:-1], frames, strict=True):
        at += int(gap)
        starts.append(at)
        at += length
    return starts


def intensities(placed: list[Placed], n: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the intensities (n, 17) of the subject's left and right side; where events overlap, the stronger."""
    left, right = np.zeros((n, 17), np.float32), np.zeros((n, 17), np.float32)
    for p in placed:
        e = p.expression
        rows = slice(p.start, p.start + e.frames)
        np.maximum(left[rows], (e.left[:, None] * e.curves).T, out=left[rows])
        np.maximum(right[rows], (e.right[:, None] * e.curves).T, out=right[rows])
    return left, right
