"""Alignment of a video's faces to 112x112 grey pictures, steady enough that what moves in them is expression.

Conventions
-----------
The eyes of the neutral face come to (33, 30) and (78, 30), 45 px apart, the layout of OpenFace (thesis sections 3.2.3
and 4.2.1). Frames are streamed: at any time only one chunk of frames and the face crops within the look-ahead of the
low-passes are held, whatever the length of the video.

How it stays steady: faces are detected in a few frames first, which give the reference pictures of whoever is there.
From then on each frame is registered to a picture (`tracking`, `views`), landmarks correct slowly what has drifted
(`correction`), the parameters of both similarity transforms are low-passed in time without delay, and the frame is
resampled once with the result. Slow head sway thus disappears, while the jitter of a detector cannot enter and an
expression cannot be tracked away.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from mebench.errors import NoFace, UserError
from mebench.faces.alignment_settings import AlignmentSettings
from mebench.faces.emission import AlignedChunk, Emission
from mebench.faces.first_look import look_for_faces, samples_of
from mebench.faces.following import Follower, Located
from mebench.faces.geometry import SIZE, Pose, crop_face, reduction_for
from mebench.faces.landmarks.base import LandmarkDetector
from mebench.faces.people import common_pose, is_near, people_of
from mebench.faces.several import ChosenFace, Track, tracks_of
from mebench.schema.recordings import HIGHEST_FPS, FrameSource, Recording
from mebench.settings import setting

ALIGNMENT_VERSION = "4"
_MARGIN = 0.12
_CHUNK_BYTES = 4 << 20
_OUT_OF_CROP = 0.5  # of an aligned face, from which on a fixed crop no longer shows it


@dataclasses.dataclass(frozen=True)
class AlignmentConfig(AlignmentSettings):
    """All settings of the alignment; together with the frames they address the cache."""

    tracking: bool = setting(True, "follow the head; false keeps one fixed transform for each shot")
    smoothing: float = setting(0.05, "standard deviation of the Gaussian low-pass of the head motion", unit="s")
    tolerance: float = setting(0.2, "residual motion at which a part of the face stops counting as rigid", unit="px")
    samples: int = setting(7, "frames, spread over the video, in which faces are looked for first", unit="frames")

    def __post_init__(self) -> None:
        """Refuse values that make no sense."""
        super().__post_init__()
        if self.smoothing < 0 or self.tolerance <= 0 or self.samples < 1:
            raise ValueError("smoothing must be at least 0, tolerance above 0 and samples at least 1")

    @classmethod
    def of(cls, settings: AlignmentSettings, **more: Any) -> Self:
        """Return the alignment that a method's settings ask for; `more` are what the method has chosen itself."""
        own = {field.name: getattr(settings, field.name) for field in dataclasses.fields(AlignmentSettings)}
        return cls(**{**own, **more})


class Aligner:
    """Aligns the faces of one video, chunk by chunk.

    Parameters
    ----------
    frames : where the frames come from; numbers in its `missing`, where it has that, are frames without a face.
    fps : frames per second, which sets the time scale of the low-passes.
    config : settings.
    detector : used instead of the configured one when given.

    Attributes
    ----------
    tracks : the faces that the video has, the most important first; `config.face` says which is followed.

    Raises
    ------
    UserError : when the video has no frames, no face is found in any sampled frame, or `config.face` is not there.
    """

    def __init__(
        self,
        frames: FrameSource,
        fps: float,
        config: AlignmentConfig | None = None,
        detector: LandmarkDetector | None = None,
    ) -> None:
        self.frames = frames
        self.config = config or AlignmentConfig()
        if len(frames) == 0:
            raise UserError("The video has no frames: give one that has at least one.")
        if not 0 < fps <= HIGHEST_FPS:
            raise UserError(
                f"The frame rate {fps} is not above 0 and at most {HIGHEST_FPS:g}: give the frames per second of the "
                "recording."
            )
        self.fps = fps
        self.detector = detector or self.config.make_detector()
        self._absent = frozenset(number - 1 for number in getattr(frames, "missing", ()))
        images, faces = look_for_faces(frames, self._absent, self.detector, self.config.samples)
        self.tracks: Sequence[Track] = tracks_of(faces, next(iter(images.values())).shape)
        self._chosen = ChosenFace(self.tracks, self.config.face)
        self._samples = samples_of(images, self._chosen.track.faces)

    @classmethod
    def of_recording(cls, recording: Recording, config: AlignmentConfig | None = None) -> Aligner:
        """Return the aligner of a recording, with a detector that may read what lies beside it."""
        config = config or AlignmentConfig()
        return cls(recording.frames, recording.fps, config, config.make_detector().of_recording(recording))

    def chunks(self) -> Iterator[AlignedChunk]:
        """Yield the aligned faces in order."""
        config = self.config
        follower = Follower(
            people_of(self._samples, config.tolerance), self._chosen, self.detector, self.fps,
            tolerance=config.tolerance, steers=config.tracking,
        )  # fmt: skip
        deviations = (config.smoothing * self.fps, self.detector.settling * self.fps)
        emission = Emission(deviations if config.tracking else (0.0, 0.0))
        fixed = _Fixed(common_pose(self._samples))
        index = 0
        for chunk in self._decoded():
            for frame in chunk:
                located = follower.locate(frame, index, absent=index in self._absent)
                emission.take(located if config.tracking else fixed.crop(frame, located))
                index += 1
            if (ready := emission.ready()) is not None:
                yield ready
        emission.close()
        if (ready := emission.ready()) is not None:
            yield ready

    def _decoded(self) -> Iterator[NDArray[np.uint8]]:
        stop, count = 1, len(self.frames)
        chunk = self.frames.read(0, stop)
        size = max(1, min(64, _CHUNK_BYTES // max(chunk[0].nbytes, 1)))
        yield chunk
        while stop < count:
            start, stop = stop, min(stop + size, count)
            yield self.frames.read(start, stop)


class _Fixed:
    """Crops the same box from every frame of a shot; a face that leaves the box is not found."""

    def __init__(self, pose: Pose) -> None:
        self._pose = pose
        self._found = False

    def crop(self, frame: NDArray[np.uint8], located: Located) -> Located:
        shot_begins = located.found and (located.begins or not self._found)
        if shot_begins and not is_near(self._pose, located.pose):
            self._pose = located.pose
        self._found = located.found
        away = abs(located.pose.centre - self._pose.centre) / (abs(self._pose.zoom) * SIZE)
        crop = crop_face(frame, self._pose, _MARGIN, reduction_for(self._pose))
        return Located(crop, self._pose, Pose(1 + 0j, 0j), located.found and away < _OUT_OF_CROP, located.begins)


def align(
    frames: FrameSource,
    fps: float,
    config: AlignmentConfig | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """Align a whole short video in memory; long ones belong in the cache.

    Returns
    -------
    faces : uint8 (n, 112, 112).
    motion : float64 (n, 4), see `AlignedChunk`.
    """
    faces, motion, done = [], [], 0
    for chunk in Aligner(frames, fps, config).chunks():
        faces.append(chunk.faces)
        motion.append(chunk.motion)
        done += len(chunk.faces)
        if progress is not None:
            progress(done, len(frames))
    return np.concatenate(faces), np.concatenate(motion)


def require_faces(found: NDArray[np.bool_], min_found: float) -> None:
    """Refuse a video that shows hardly any face.

    Raises
    ------
    NoFace : when the share of frames with a face is below `min_found`, or there is none.
    """
    count, share = int(found.sum()), float(found.mean())
    if count == 0 or share < min_found:
        raise NoFace(
            f"Only {count} of {len(found)} frames show a face, less than the share of {min_found:g} that is asked for: "
            "give a video of a face, or a smaller min_found as a setting of the method."
        )
