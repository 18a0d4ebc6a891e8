"""A synthetic video: frames rendered when they are asked for, and its truth."""

from __future__ import annotations

import dataclasses
import functools

import cv2
import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.rendering.camera import Camera
from mebench.rendering.head import head_of
from mebench.rendering.light import Lamp
from mebench.rendering.motion import Motion, draw_motion
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


@dataclasses.dataclass(frozen=True)
class RenderedTruth:
    """What is known of every frame of a video.

    Attributes
    ----------
    action_units : (n, 17) intensities of the events, the stronger of the two sides.
    left, right : (n, 17) the same by the subject's side.
    rendered : (n, 17) intensities as rendered, unlabelled movements included.
    landmarks : (n, 68, 2) in pixels; eyes : (n, 2, 2) resting centres of the pupils, image-left eye first.
    """

    action_units: NDArray[np.float32]
    left: NDArray[np.float32]
    right: NDArray[np.float32]
    rendered: NDArray[np.float32]
    landmarks: NDArray[np.float32]
    eyes: NDArray[np.float32]


class SyntheticFrames:
    """Frames of one recipe (a `FrameSource`); nothing is rendered before it is read, nothing rendered is kept."""

    def __init__(self, recipe: VideoRecipe) -> None:
        self.recipe = recipe

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

    def encoded(self, index: int) -> bytes:
        """Return the JPEG file of the frame with this index (0-based).

        Raises
        ------
        UserError : when the video has no such frame.
        """
        r, motion = self.recipe, self.motion
        if not 0 <= index < r.frames:
            raise UserError(f"This video has no frame {index + 1}: it ends at frame {r.frames}.")
        head = head_of(r.identity_seed, r.width, r.height)
        frame, _ = head.draw(motion.left[index], motion.right[index], motion.pose[index], motion.gaze[index])
        if r.light != "none":
            frame = self._lamp.apply(frame, motion.light[index])
        return self._camera.compress(self._camera.expose(frame, motion.noise_seed, index))

    @functools.cached_property
    def _camera(self) -> Camera:
        r = self.recipe
        return Camera(r.width, r.height, r.noise, r.quality)

    @functools.cached_property
    def _lamp(self) -> Lamp:
        return Lamp(self.recipe.width, self.recipe.height)

    def read(self, start: int, stop: int, *, grey: bool = True) -> NDArray[np.uint8]:
        """Render frames `start <= i < stop`; see `FrameSource.read`."""
        r = self.recipe
        shape = (max(stop - start, 0), r.height, r.width)
        out = np.empty(shape if grey else (*shape, 3), np.uint8)
        flag = cv2.IMREAD_GRAYSCALE if grey else cv2.IMREAD_COLOR
        for i in range(start, stop):
            out[i - start] = np.asarray(cv2.imdecode(np.frombuffer(self.encoded(i), np.uint8), flag))
        return out

    def landmarks(self, start: int, stop: int) -> NDArray[np.float32]:
        """Return the true landmarks of frames `start <= i < stop`, (stop - start, 68, 2) pixels; none is rendered."""
        r, m = self.recipe, self.motion
        head = head_of(r.identity_seed, r.width, r.height)
        shapes = [head.shape(m.left[i], m.right[i], m.pose[i]) for i in range(start, stop)]
        return np.array([shape.landmarks for shape in shapes], np.float32).reshape(-1, 68, 2)

    def truth(self) -> RenderedTruth:
        """Return everything known of the frames; no frame is rendered."""
        r, m = self.recipe, self.motion
        head = head_of(r.identity_seed, r.width, r.height)
        shapes = [head.shape(m.left[i], m.right[i], m.pose[i]) for i in range(len(self))]
        left, right = m.expression_left, m.expression_right
        return RenderedTruth(
            action_units=np.maximum(left, right),
            left=left,
            right=right,
            rendered=np.maximum(m.left, m.right),
            landmarks=np.array([s.landmarks for s in shapes], np.float32).reshape(-1, 68, 2),
            eyes=np.array([s.pupils for s in shapes], np.float32).reshape(-1, 2, 2),
        )
