"""Expressions: which action units an emotion moves, how strongly, and along which curve.

Combinations are those of thesis Table 2.2, all within the 17 action units of Table 3.1. Macro-expressions reach
FACS levels C-E, micro-expressions A-B (10-30% of E) in one to three of the emotion's units.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from mebench.rendering.action_units import INDEX, code
from mebench.schema.action_units import ACTION_UNITS
from mebench.schema.recordings import Event, ExpressionType

Array = NDArray[np.float64]

# emotion: units that carry it; contempt shows on one side only.
EMOTIONS: dict[str, tuple[int, ...]] = {
    "happiness": (6, 12),
    "sadness": (1, 4, 15),
    "surprise": (1, 2, 5, 26),
    "fear": (1, 2, 4, 5, 7, 20, 26),
    "anger": (4, 5, 7, 23),
    "disgust": (9, 15, 17),
    "contempt": (12, 14),
}
# Units that a micro-expression of the emotion always shows at least one of.
_SIGNS: dict[str, tuple[tuple[int, ...], ...]] = {
    "happiness": ((12,), (6, 12)),
    "sadness": ((15,), (1,), (1, 4)),
    "surprise": ((1, 2), (1, 2, 5)),
    "fear": ((1, 2, 4), (20,), (4, 20)),
    "anger": ((4,), (4, 7), (4, 23)),
    "disgust": ((9,), (15, 17), (9, 17)),
    "contempt": ((12, 14), (14,), (12,)),
}
_SHARE = {
    "happiness": 0.26,
    "sadness": 0.10,
    "surprise": 0.16,
    "fear": 0.08,
    "anger": 0.14,
    "disgust": 0.16,
    "contempt": 0.10,
}
_UPPER = {1, 2, 4, 5, 6, 7}
CAN_BE_ONE_SIDED = {2, 12, 14, 15, 10, 20}


@dataclasses.dataclass(frozen=True)
class Expression:
    """One expression before it has a place in a video.

    Attributes
    ----------
    frames : duration, onset to offset inclusive.
    left, right : (17,) intensities of the subject's sides at the height of each unit's curve.
    curves : (17, frames) course of every unit, 0..1.
    """

    type: ExpressionType
    emotion: str
    frames: int
    left: Array
    right: Array
    curves: Array

    @property
    def apex(self) -> int:
        """Index of the frame of strongest expression."""
        return int(np.argmax((self.left + self.right) @ self.curves))

    @property
    def action_units(self) -> str:
        """FACS-like string, such as `4B+7C` or `L12B`."""
        codes = []
        for i, unit in enumerate(ACTION_UNITS):
            peak = max(self.left[i], self.right[i])
            if peak > 0:
                side = "" if min(self.left[i], self.right[i]) > 0 else ("L" if self.left[i] > 0 else "R")
                codes.append(code(unit, peak, side))
        return "+".join(codes)

    @property
    def upper_only(self) -> bool:
        """Whether no unit lies below the eyes."""
        return all(ACTION_UNITS[i] in _UPPER for i in np.flatnonzero(self.left + self.right))

    def placed(self, onset: int) -> Event:
        """Return the annotation when the first frame is number `onset`."""
        return Event(onset, onset + self.frames - 1, self.type, onset + self.apex, self.emotion, self.action_units)


def course(rng: np.random.Generator, frames: int) -> Array:
    """Draw one unit's course from onset to offset: fast start, plateau, slower return.

    Returns
    -------
    (frames,) values in 0..1, above 0 at both ends (the frames before the onset and after the offset are 0).
    """
    rise, hold = rng.uniform(0.26, 0.42), rng.uniform(0.08, 0.22)
    start, stop = rng.uniform(0.0, 0.06), rng.uniform(0.0, 0.08)
    t = ((np.arange(frames) + 0.6) / (frames + 0.2) - start) / (1 - start - stop)
    up = np.clip(t / rise, 0, 1)
    down = np.clip((t - rise - hold) / (1 - rise - hold), 0, 1)
    onset = np.sin(np.pi / 2 * up) ** rng.uniform(1.1, 1.6)
    fall = (1 - down) ** rng.uniform(1.2, 1.8) * (1 + rng.uniform(0.2, 0.8) * down)
    wave = 1 + 0.04 * np.sin(2 * np.pi * (rng.uniform(1, 2.5) * t + rng.random()))
    return np.round(np.clip(onset * fall * wave, 0, 1), 5)


def _units(rng: np.random.Generator, kind: ExpressionType, emotion: str) -> tuple[int, ...]:
    if kind is ExpressionType.MICRO:
        choices = _SIGNS[emotion]
        return choices[int(rng.integers(len(choices)))]
    units = list(EMOTIONS[emotion])
    # Real expressions seldom show every unit of a long list.
    while len(units) > 3 and rng.random() < 0.45:
        units.pop(int(rng.integers(len(units))))
    return tuple(units)


def draw_expression(
    rng: np.random.Generator, kind: ExpressionType, frames: int, *, region: str | None = None
) -> Expression:
    """Draw one expression of `frames` frames.

    Parameters
    ----------
    region : `upper` asks for units of eyes and brows only, as for an expression that overlaps another.
    """
    names = list(_SHARE)
    for _ in range(200):
        emotion = str(rng.choice(names, p=list(_SHARE.values())))
        units = _units(rng, kind, emotion)
        if region != "upper" or all(u in _UPPER for u in units):
            break
    left, right = np.zeros(len(ACTION_UNITS)), np.zeros(len(ACTION_UNITS))
    micro = kind is ExpressionType.MICRO
    level = rng.uniform(0.7, 1.5) if micro else rng.uniform(2.6, 5.0)
    one_sided = emotion == "contempt" or (rng.random() < 0.15 and all(u in CAN_BE_ONE_SIDED for u in units))
    quiet = int(rng.integers(2))
    for unit in units:
        peak = np.clip(level * rng.uniform(0.85, 1.15), 0.5 if micro else 2.1, 1.5 if micro else 5.0)
        if emotion == "surprise" and unit == 5 and not micro:
            peak = rng.uniform(1.2, 2.0)
        sides = np.array([1.0, rng.uniform(0.88, 1.0)])[:: int(rng.choice([-1, 1]))]
        if one_sided:
            sides[quiet] = 0.0
            sides[1 - quiet] = 1.0
        left[INDEX[unit]], right[INDEX[unit]] = np.round(peak * sides, 4)
    curves = np.zeros((len(ACTION_UNITS), frames))
    for unit in units:
        curves[INDEX[unit]] = course(rng, frames)
    # Annotators see the onset and offset of the whole: at least one unit spans it.
    lead = INDEX[units[int(rng.integers(len(units)))]]
    curves[lead, [0, -1]] = np.maximum(curves[lead, [0, -1]], 0.02)
    return Expression(kind, emotion, frames, left, right, curves)
