"""Which action units an emotion moves in a clip, how strongly, and how people differ in that.

The prototypes are those of Du, Tao and Martinez (2014, PNAS 111:E1454, Table 1): a unit that more than 70% of the
people show has 1, as in the table of MiE-X (Liu et al. 2022), a variant its published proportion. Units 11 and 24 are
not rendered. Du has no contempt, which is unit 14 of one side as in MiE-X; repression and `others`, labels of CASME II
and MMEW, have no published prototype and are our choice.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from mebench.rendering.action_units import INDEX
from mebench.rendering.events import CAN_BE_ONE_SIDED
from mebench.schema.action_units import ACTION_UNITS

Array = NDArray[np.float64]

PROTOTYPES: dict[str, dict[int, float]] = {
    "happiness": {12: 1.0, 25: 1.0, 6: 0.51},
    "sadness": {4: 1.0, 15: 1.0, 1: 0.60, 6: 0.50, 17: 0.67},
    "fear": {1: 1.0, 4: 1.0, 20: 1.0, 25: 1.0, 2: 0.57, 5: 0.63, 26: 0.33},
    "anger": {4: 1.0, 7: 1.0, 10: 0.26, 17: 0.52, 23: 0.29},
    "surprise": {1: 1.0, 2: 1.0, 25: 1.0, 26: 1.0, 5: 0.66},
    "disgust": {9: 1.0, 10: 1.0, 17: 1.0, 4: 0.31},
    "contempt": {14: 1.0, 12: 0.30},
    "repression": {14: 0.60, 15: 0.60, 17: 0.60, 12: 0.20},
    "others": dict.fromkeys((2, 7, 14, 17, 20, 23), 0.35),
    "neutral": {},
}
# Of these units a clip of the emotion shows at least one.
_SIGNS: dict[str, tuple[int, ...]] = {
    "happiness": (12,),
    "sadness": (4, 15),
    "fear": (4, 20),
    "anger": (4, 7),
    "surprise": (1, 2),
    "disgust": (9, 10),
    "contempt": (14,),
    "repression": (14, 15, 17),
    "others": (2, 7, 14, 17, 20, 23),
}
# A micro-expression leaks through: it shows a part of its units, and lips seldom part.
_LEAK, _LEAK_OF_LIPS = 0.75, 0.15
_LIPS = (25, 26)
# Whoever holds an expression back tenses something else: one of these comes with it in some clips, whatever is felt,
# and is all that is seen of it in a few, which nobody can tell.
_CONTROLS, _CONTROLLED, _MASKED = (14, 15, 17, 23), 0.30, 0.10
_MICRO_LIMIT = 2.0
"""Largest intensity in a micro-expression, FACS level B."""
EMOTIONS = tuple(PROTOTYPES)


@dataclasses.dataclass(frozen=True)
class Style:
    """How one person expresses.

    Attributes
    ----------
    gain : factor on every intensity.
    taste : (17,) what is added to the chance that a unit is shown.
    weaker : the weaker side, 0 the subject's left and 1 the right; asymmetry : its mean share less than 1.
    """

    gain: float
    taste: Array
    weaker: int
    asymmetry: float


def draw_style(rng: np.random.Generator) -> Style:
    """Draw how one person expresses."""
    taste = np.round(rng.normal(0, 0.15, len(ACTION_UNITS)), 4)
    return Style(round(float(np.exp(rng.normal(0, 0.18))), 4), taste, int(rng.integers(2)), float(rng.uniform(0, 0.2)))


def draw_units(rng: np.random.Generator, emotion: str, style: Style, *, micro: bool) -> tuple[int, ...]:
    """Draw the units that one clip of an emotion shows: a sign of it among them, unless it is masked."""
    control = {_CONTROLS[int(rng.integers(len(_CONTROLS)))]}
    if micro and PROTOTYPES[emotion] and rng.random() < _MASKED:
        return tuple(control)
    chances = {unit: p + style.taste[INDEX[unit]] * (p < 1) for unit, p in PROTOTYPES[emotion].items()}
    if micro:
        leak = {unit: _LEAK_OF_LIPS if unit in _LIPS else _LEAK + style.taste[INDEX[unit]] for unit in chances}
        chances = {unit: p * leak[unit] for unit, p in chances.items()}
    signs = _SIGNS.get(emotion, ())
    units = {unit for unit, p in chances.items() if rng.random() < p}
    if signs and not units & set(signs):
        units.add(signs[int(rng.integers(len(signs)))])
    if micro and units and rng.random() < _CONTROLLED:
        units |= control
    return tuple(sorted(units))


def draw_peaks(
    rng: np.random.Generator, emotion: str, units: tuple[int, ...], level: float, style: Style, *, micro: bool
) -> tuple[Array, Array]:
    """Draw how strong each unit grows on each side.

    Parameters
    ----------
    units : those that are shown.
    level : intensity of the clip as a whole, 0-5; units lie around it.

    Returns
    -------
    Intensities (17,) of the subject's left and right side, at most 5, and at most 2 in a micro-expression.
    """
    sides = np.zeros((2, len(ACTION_UNITS)))
    alone = emotion == "contempt" or (rng.random() < 0.10 and all(unit in CAN_BE_ONE_SIDED for unit in units))
    for unit in units:
        peak = level * style.gain * rng.uniform(0.75, 1.25)
        # Wide eyes stand out at the level of the rest, and so does a jaw that falls in a micro-expression.
        peak *= 0.6 if unit == 5 or (micro and unit == 26) else 1.0
        share = np.ones(2)
        share[style.weaker] = 0.0 if alone else 1 - style.asymmetry * rng.uniform(0, 2)
        sides[:, INDEX[unit]] = np.round(np.clip(peak * share, 0, _MICRO_LIMIT if micro else 5), 4)
    return sides[0], sides[1]
