"""A synthetic video: frames rendered when they are asked for, and its truth."""

from __future__ import annotations

import dataclasses
import functools

import numpy as np

from mebench.rendering.motion import Motion, draw_motion
from mebench.rendering.rendered import RenderedFrames
from mebench.rendering.schedule import Placed, Rhythm, plan_video
from mebench.schema.recordings import Event
from mebench.settings import digest_of

RENDERER_VERSION = "1"


@dataclasses.dataclass(frozen=True)
class VideoRecipe:
    """Everything a synthetic video follows from; two equal recipes give equal frames.

    Attributes
    ----------
    seed, subject, video : identify the random numbers; the identity depends on `seed` and `subject` only.
    frames, fps, width, height : size.
    light, distractors, noise, quality : what disturbs the view.
    rhythm : how events are placed; None for a video without events.
    """

    seed: int
    subject: int
    video: int
    frames: int
    fps: float
    width: int = 640
    height: int = 480
    light: str = "mild"
    distractors: bool = True
    noise: float = 2.0
    quality: int = 90
    rhythm: Rhythm | None = dataclasses.field(default_factory=Rhythm)

    @property
    def identity_seed(self) -> int:
        """Seed of the face, shared by the subject's videos."""
        return int(np.random.SeedSequence([self.seed, self.subject, 0xFACE]).generate_state(1)[0])


class SyntheticFrames(RenderedFrames):
    """Frames of one recipe (a `FrameSource`); nothing is rendered before it is read, nothing rendered is kept."""

    def __init__(self, recipe: VideoRecipe) -> None:
        self.recipe = recipe

    @property
    def view(self) -> VideoRecipe:
        """The recipe."""
        return self.recipe

    @property
    def digest(self) -> str:
        """Hex digest of the renderer's version and the recipe."""
        return digest_of("synthetic", RENDERER_VERSION, dataclasses.asdict(self.recipe))

    def __len__(self) -> int:
        """Return the number of frames."""
        return self.recipe.frames

    @functools.cached_property
    def placed(self) -> tuple[Placed, ...]:
        """The expressions and their places."""
        r = self.recipe
        if r.rhythm is None:
            return ()
        rng = np.random.default_rng(np.random.SeedSequence([r.seed, r.subject, r.video, 1]))
        return tuple(plan_video(rng, r.frames, r.fps, r.rhythm))

    @functools.cached_property
    def motion(self) -> Motion:
        """Per-frame parameters."""
        r = self.recipe
        seed = (r.seed, r.subject, r.video)
        return draw_motion(seed, list(self.placed), r.frames, r.fps, light=r.light, distractors=r.distractors)

    @property
    def events(self) -> tuple[Event, ...]:
        """The annotations, sorted by onset."""
        return tuple(sorted((p.event for p in self.placed), key=lambda e: (e.onset, e.offset)))
