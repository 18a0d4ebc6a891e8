"""A rendered clip: one person and one expression, from neutral over onset and apex to offset, or a part of that.

Head, eyes, light and mouth move as in long videos: a clip is cut out of a longer take, so that a blink may be under
way when it begins.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mebench.rendering.action_units import INDEX
from mebench.rendering.events import Expression, course
from mebench.rendering.identity import make_identity
from mebench.rendering.programmes import Style, draw_peaks, draw_style, draw_units
from mebench.schema.recordings import ExpressionType


@dataclasses.dataclass(frozen=True)
class Manner:
    """How the expressions of a dataset run.

    Attributes
    ----------
    type : micro- or macro-expression.
    levels : weakest, most frequent and strongest intensity of a clip, 0-5; units of a clip lie around its own.
    seconds : shortest, most frequent and longest duration, onset to offset.
    margin : seconds of neutral face before the onset and after the offset, at least one frame each.
    ends : `offset` when the face returns to neutral, `apex` when the last frame is the strongest, as in CK+, `still`
        when there is one frame, of the strongest expression.
    """

    type: ExpressionType
    levels: tuple[float, float, float]
    seconds: tuple[float, float, float] = (0.0, 0.5, 1.0)
    margin: float = 0.025
    ends: Literal["offset", "apex", "still"] = "offset"


@dataclasses.dataclass(frozen=True)
class Population:
    """Who is recorded; people of different populations are different people.

    Attributes
    ----------
    name : of the dataset or database.
    oldest : largest age of its people, 0..1; beards : whether some have one.
    """

    name: str
    oldest: float = 1.0
    beards: bool = True

    def seed(self, seed: int, subject: int, stream: int) -> np.random.SeedSequence:
        """Return the random numbers of one of its people for one purpose."""
        name = int.from_bytes(hashlib.sha256(self.name.encode()).digest()[:4], "big")
        return np.random.SeedSequence([seed, name, subject, stream])

    def admits(self, candidate: int) -> bool:
        """Tell whether the face of a seed belongs to the population."""
        who = make_identity(candidate)
        return who.age <= self.oldest and (self.beards or who.beard == 0)


@functools.lru_cache(maxsize=4096)
def identity_seed(population: Population, seed: int, subject: int) -> int:
    """Return the seed of one person's face, the first of 200 that belongs to the population."""
    candidates = population.seed(seed, subject, 0xFACE).generate_state(200)
    return next((int(c) for c in candidates if population.admits(int(c))), int(candidates[0]))


@dataclasses.dataclass(frozen=True)
class ClipRecipe:
    """Everything a rendered clip follows from; two equal recipes give equal frames.

    Attributes
    ----------
    seed, population, subject, clip : identify the random numbers; the face and its style do not depend on `clip`.
    emotion : key of `programmes.PROTOTYPES`.
    manner, fps : how the expression runs.
    strength : factor on every intensity.
    width, height, colour : what the camera takes.
    face : side in pixels of a square picture of the face alone, cut out of that; None for the whole frame.
    light, distractors, noise, quality : what disturbs the view.
    """

    seed: int
    population: Population
    subject: int
    clip: int
    emotion: str
    manner: Manner
    fps: float
    strength: float = 1.0
    width: int = 640
    height: int = 480
    colour: bool = True
    face: int | None = None
    light: str = "mild"
    distractors: bool = True
    noise: float = 2.0
    quality: int = 90

    @property
    def identity_seed(self) -> int:
        """Seed of the face, shared by the subject's clips."""
        return identity_seed(self.population, self.seed, self.subject)

    def style(self) -> Style:
        """Return how the subject expresses, in all clips alike."""
        return draw_style(np.random.default_rng(self.population.seed(self.seed, self.subject, 0x57)))

    def stream(self, purpose: int) -> tuple[int, ...]:
        """Return what seeds one purpose of this clip."""
        return (*(int(n) for n in self.population.seed(self.seed, self.subject, purpose).generate_state(2)), self.clip)


def draw_clip(recipe: ClipRecipe) -> Expression:
    """Draw the expression of a clip."""
    rng, manner = np.random.default_rng(np.random.SeedSequence(recipe.stream(1))), recipe.manner
    style, micro = recipe.style(), manner.type is ExpressionType.MICRO
    frames = max(3, round(float(rng.triangular(*manner.seconds)) * recipe.fps))
    level = float(rng.triangular(*manner.levels)) * recipe.strength
    units = draw_units(rng, recipe.emotion, style, micro=micro)
    left, right = draw_peaks(rng, recipe.emotion, units, level, style, micro=micro)
    if manner.ends == "still":
        return Expression(manner.type, recipe.emotion, 1, left, right, np.ones((len(INDEX), 1)))
    curves = np.zeros((len(INDEX), frames))
    draw = course if manner.ends == "offset" else _rise
    for unit in units:
        curves[INDEX[unit]] = draw(rng, frames)
    if units:
        # Annotators see the onset and offset of the whole: at least one unit spans it.
        lead = INDEX[units[int(rng.integers(len(units)))]]
        curves[lead] = np.maximum(curves[lead], 0.02)
    return Expression(manner.type, recipe.emotion, frames, left, right, curves)


def _rise(rng: np.random.Generator, frames: int) -> NDArray[np.float64]:
    """Draw one unit's course from onset to apex, 1 in the last frame."""
    start = rng.uniform(0.0, 0.15)
    t = np.clip(((np.arange(frames) + 1) / frames - start) / (1 - start), 0, 1)
    return np.asarray(np.round(np.sin(np.pi / 2 * t) ** rng.uniform(1.1, 2.0), 5), np.float64)
