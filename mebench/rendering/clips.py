"""A rendered clip: one person and one expression, from neutral over onset and apex to offset, or up to the apex.

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
from mebench.rendering.motion import Motion, draw_motion
from mebench.rendering.programmes import Style, draw_peaks, draw_style, draw_units
from mebench.rendering.rendered import RenderedFrames
from mebench.rendering.schedule import Placed
from mebench.schema.recordings import ExpressionType
from mebench.settings import digest_of

CLIPS_VERSION = "1"
_LEAD = 2.0
"""Seconds of the take before the clip begins."""


@dataclasses.dataclass(frozen=True)
class Manner:
    """How the expressions of a dataset run.

    Attributes
    ----------
    type : micro- or macro-expression.
    levels : weakest, most frequent and strongest intensity of a clip, 0-5; units of a clip lie around its own.
    seconds : shortest, most frequent and longest duration, onset to offset.
    margin : seconds of neutral face before the onset and after the offset, at least one frame each.
    ends : `offset` when the face returns to neutral, `apex` when the last frame is the strongest, as in CK+.
    """

    type: ExpressionType
    levels: tuple[float, float, float]
    seconds: tuple[float, float, float]
    margin: float = 0.025
    ends: Literal["offset", "apex"] = "offset"


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

    def identity_seed(self, seed: int, subject: int) -> int:
        """Return the seed of a face that belongs to the population."""
        candidates = self.seed(seed, subject, 0xFACE).generate_state(200)
        return next((int(c) for c in candidates if self._admits(int(c))), int(candidates[0]))

    def _admits(self, candidate: int) -> bool:
        who = make_identity(candidate)
        return who.age <= self.oldest and (self.beards or who.beard == 0)


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
    light: str = "mild"
    distractors: bool = True
    noise: float = 2.0
    quality: int = 90

    @functools.cached_property
    def identity_seed(self) -> int:
        """Seed of the face, shared by the subject's clips."""
        return self.population.identity_seed(self.seed, self.subject)

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
    curves = np.zeros((len(INDEX), frames))
    draw = course if manner.ends == "offset" else _rise
    for unit in units:
        curves[INDEX[unit]] = draw(rng, frames)
    if units:
        # Annotators see the onset and offset of the whole: at least one unit spans it.
        lead = INDEX[units[int(rng.integers(len(units)))]]
        curves[lead, [0, -1]] = np.maximum(curves[lead, [0, -1]], 0.02)
    return Expression(manner.type, recipe.emotion, frames, left, right, curves)


def _rise(rng: np.random.Generator, frames: int) -> NDArray[np.float64]:
    """Draw one unit's course from onset to apex, 1 in the last frame."""
    start = rng.uniform(0.0, 0.15)
    t = np.clip(((np.arange(frames) + 1) / frames - start) / (1 - start), 0, 1)
    return np.asarray(np.round(np.sin(np.pi / 2 * t) ** rng.uniform(1.1, 2.0), 5), np.float64)


class ClipFrames(RenderedFrames):
    """Frames of one clip (a `FrameSource`); frame numbers of `onset`, `apex` and `offset` count from 1."""

    def __init__(self, recipe: ClipRecipe) -> None:
        self.recipe = recipe
        self.colour = recipe.colour

    @property
    def view(self) -> ClipRecipe:
        """The recipe."""
        return self.recipe

    @property
    def digest(self) -> str:
        """Hex digest of the renderer's version and the recipe."""
        return digest_of("rendered clip", CLIPS_VERSION, dataclasses.asdict(self.recipe))

    @functools.cached_property
    def expression(self) -> Expression:
        """The expression, before it has a place."""
        return draw_clip(self.recipe)

    @property
    def _margin(self) -> int:
        return max(1, round(self.recipe.manner.margin * self.recipe.fps))

    def __len__(self) -> int:
        """Return the number of frames."""
        after = self._margin if self.recipe.manner.ends == "offset" else 0
        return self._margin + self.expression.frames + after

    @property
    def onset(self) -> int:
        """Number of the first frame that moves."""
        return self._margin + 1

    @property
    def apex(self) -> int:
        """Number of the frame of strongest expression."""
        return self._margin + 1 + self.expression.apex

    @property
    def offset(self) -> int:
        """Number of the last frame that moves."""
        return self._margin + self.expression.frames

    @functools.cached_property
    def motion(self) -> Motion:
        """Per-frame parameters."""
        r, lead = self.recipe, round(_LEAD * self.recipe.fps)
        placed = [Placed(lead + self._margin, self.expression)]
        n = lead + len(self)
        return draw_motion(r.stream(2), placed, n, r.fps, light=r.light, distractors=r.distractors).cut(lead)
