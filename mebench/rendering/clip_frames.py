"""The frames of a rendered clip, whole or cut to the face, and when its expression happens."""

from __future__ import annotations

import dataclasses
import functools

import cv2
import numpy as np

from mebench.rendering.clips import ClipRecipe, draw_clip
from mebench.rendering.events import Expression
from mebench.rendering.fields import Layout
from mebench.rendering.head import Shape
from mebench.rendering.motion import Motion, draw_motion
from mebench.rendering.plane import Pixels
from mebench.rendering.rendered import RenderedFrames
from mebench.rendering.schedule import Placed
from mebench.settings import digest_of

CLIPS_VERSION = "1"
FACE_SIDE = 3.0
"""Side of a picture of the face alone, in IPD: forehead to chin."""
_FACE_MIDDLE = 0.5
"""How far below the pupils its middle lies, in IPD."""
_LEAD = 2.0
"""Seconds of the take before the clip begins."""


@dataclasses.dataclass(frozen=True)
class Cut:
    """The square of a drawn frame that a picture of the face shows, in whole pixels."""

    x: int
    y: int
    side: int


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
        return digest_of("rendered clips", CLIPS_VERSION, dataclasses.asdict(self.recipe))

    @functools.cached_property
    def expression(self) -> Expression:
        """The expression, before it has a place."""
        return draw_clip(self.recipe)

    @property
    def _margin(self) -> int:
        """Neutral frames before the onset."""
        manner = self.recipe.manner
        return 0 if manner.ends == "still" else max(1, round(manner.margin * self.recipe.fps))

    def __len__(self) -> int:
        """Return the number of frames."""
        after = self._margin if self.recipe.manner.ends == "offset" else 0
        return self._margin + self.expression.frames + after

    @property
    def onset(self) -> int:
        """Number of the first frame that moves; of a clip that ends with the apex, of its first and neutral frame."""
        return 1 if self.recipe.manner.ends == "apex" else self._margin + 1

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

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the frames that are read, in pixels."""
        side = self.recipe.face
        return super().size if side is None else (side, side)

    @functools.cached_property
    def cut(self) -> Cut:
        """What a picture of the face shows of the drawn frame; like a detector's boxes, it never sits quite alike."""
        rng = np.random.default_rng(np.random.SeedSequence(self.recipe.stream(3)))
        layout = Layout.of(self.recipe.width, self.recipe.height)
        side = FACE_SIDE * layout.ipd * rng.uniform(0.93, 1.08)
        dx, dy = np.clip(rng.normal(0, 0.03, 2), -0.08, 0.08) * side
        x, y = layout.cx + dx - side / 2, layout.cy + _FACE_MIDDLE * layout.ipd + dy - side / 2
        return Cut(round(x), round(y), round(side))

    def _lit(self, index: int) -> Pixels:
        drawn = super()._lit(index)
        if self.recipe.face is None:
            return drawn
        c = self.cut
        return cv2.resize(drawn[c.y : c.y + c.side, c.x : c.x + c.side], self.size, interpolation=cv2.INTER_AREA)

    def _shapes(self, start: int, stop: int) -> list[Shape]:
        shapes = super()._shapes(start, stop)
        if self.recipe.face is None:
            return shapes
        scale, corner = self.recipe.face / self.cut.side, np.array([self.cut.x, self.cut.y]) - 0.5
        moved = [
            {f.name: (getattr(shape, f.name) - corner) * scale - 0.5 for f in dataclasses.fields(shape)}
            for shape in shapes
        ]
        return [Shape(**points) for points in moved]
