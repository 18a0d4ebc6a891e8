"""Alignment of a video's faces to 112x112 grey pictures, steady enough that what moves in them is expression.

Conventions
-----------
The eyes of the neutral face come to (33, 30) and (78, 30), 45 px apart, the layout of OpenFace (thesis sections 3.2.3
and 4.2.1). Frames are streamed: at any time only one chunk of frames and the face crops within the look-ahead of the
low-pass are held, whatever the length of the video.

How it stays steady: eyes are detected in a few frames only, and their median gives *one* base transform. From then on
each frame is registered to one reference picture (`tracking`), the four parameters of its similarity transform are
low-passed in time without delay, and the frame is resampled once with the result. Slow head sway thus disappears,
while the jitter of a detector cannot enter and an expression cannot be tracked away.
"""

from __future__ import annotations

import collections
import dataclasses
from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.faces.detection import CascadeDetector, Detection, FaceDetector, YuNetDetector
from mebench.faces.geometry import SIZE, Crop, Pose, crop_face, pose_of_eyes, reduction_for, warp
from mebench.faces.smoothing import LowPass
from mebench.faces.tracking import Reference, tracking_crop, tracking_picture
from mebench.schema.recordings import FrameSource
from mebench.settings import setting

ALIGNMENT_VERSION = "2"
_MARGIN = 0.12
_LOST = 0.6
_LOOK_AGAIN = 0.25  # seconds from one vain search to the next, because a search costs as much as 30 frames
_CHUNK_BYTES = 4 << 20


@dataclasses.dataclass(frozen=True)
class AlignmentConfig:
    """Settings of the alignment; together with the frames they address the cache."""

    tracking: bool = setting(True, "follow the head; false keeps one fixed transform for the whole video")
    smoothing: float = setting(0.05, "standard deviation of the Gaussian low-pass of the head motion", unit="s")
    tolerance: float = setting(0.2, "residual motion at which a part of the face stops counting as rigid", unit="px")
    samples: int = setting(7, "frames, spread over the video, in which face and eyes are detected", unit="frames")
    detector: Literal["cascade", "yunet"] = setting("cascade", "face detector; yunet needs yunet_model")
    yunet_model: str = setting("", "path of YuNet's ONNX file")

    def __post_init__(self) -> None:
        """Refuse values that make no sense."""
        if self.smoothing < 0 or self.tolerance <= 0 or self.samples < 1:
            raise ValueError("smoothing must be at least 0, tolerance above 0 and samples at least 1.")
        if self.detector == "yunet" and not self.yunet_model:
            raise ValueError("detector=yunet needs yunet_model=FILE.")

    def make_detector(self) -> FaceDetector:
        """Return the configured detector."""
        return YuNetDetector(self.yunet_model) if self.detector == "yunet" else CascadeDetector()


class AlignedChunk(NamedTuple):
    """Some consecutive frames of a video, aligned.

    Attributes
    ----------
    faces : uint8 (n, 112, 112); where no face was found, what lies at the place where it was last seen.
    motion : float64 (n, 4), the pose of each face in its frame: real and imaginary part of `zoom` and `centre` (see
        `geometry`).
    found : bool (n,), whether the face was found in the frame.
    begins : bool (n,), whether another shot or another person begins with the frame.
    """

    faces: NDArray[np.uint8]
    motion: NDArray[np.float64]
    found: NDArray[np.bool_]
    begins: NDArray[np.bool_]


@dataclasses.dataclass(frozen=True, eq=False)
class _Sample:
    frame: NDArray[np.uint8]
    index: int
    pose: Pose
    found: Detection


class Aligner:
    """Aligns the faces of one video, chunk by chunk.

    Parameters
    ----------
    frames : where the frames come from.
    fps : frames per second, which sets the time scale of the low-pass.
    config : settings.
    detector : used instead of the configured one when given.

    Raises
    ------
    UserError : when the video has no frames, or no face is found in any sampled frame.
    """

    def __init__(
        self,
        frames: FrameSource,
        fps: float,
        config: AlignmentConfig | None = None,
        detector: FaceDetector | None = None,
    ) -> None:
        self.frames = frames
        self.config = config or AlignmentConfig()
        if len(frames) == 0:
            raise UserError("The video has no frames: give one that has at least one.")
        if not fps > 0:
            raise UserError(f"The frame rate {fps} is not positive: give the frames per second of the recording.")
        self.fps = fps
        self.detector = detector or self.config.make_detector()
        self._setup(self._detect_samples())

    def _detect_samples(self) -> list[_Sample]:
        indices = np.unique(np.linspace(0, len(self.frames) - 1, self.config.samples).round().astype(np.int64))
        look = getattr(self.frames, "sample", None)
        images = look(indices) if look is not None else [self.frames.read(int(i), int(i) + 1)[0] for i in indices]
        samples = []
        for index, image in zip(indices, images, strict=False):
            found = self.detector.detect(image)
            if found is not None:
                samples.append(_Sample(image, int(index), _pose_of(found), found))
        if not samples:
            raise UserError(
                f"No face was found in {len(images)} frames spread over the video: give frontal faces at least an "
                "eighth of the frame high, or detector=yunet with its model file."
            )
        with_eyes = [sample for sample in samples if sample.found.eyes_found]
        return with_eyes if len(with_eyes) * 2 >= len(samples) else samples

    def _setup(self, samples: list[_Sample]) -> None:
        """Take the base transform from all samples, and with tracking the reference from those that agree."""
        rows = np.array([sample.pose.row() for sample in samples])
        middle = np.median(rows, axis=0)
        if not self.config.tracking:
            self._start = Pose.of_row(middle)
        else:
            anchor = samples[int(np.argmin(np.abs(rows[:, :2] - middle[:2]).sum(axis=1)))]
            self._reference, self._start = _common_reference(samples, anchor, self.config.tolerance)
        self._factor = reduction_for(self._start)

    def chunks(self) -> Iterator[AlignedChunk]:
        """Yield the aligned faces in order."""
        low_pass = LowPass(self.config.smoothing * self.fps if self.config.tracking else 0.0)
        waiting: collections.deque[tuple[Crop, bool]] = collections.deque()
        self._pose, self._blind = self._start, 0
        for chunk in self._decoded():
            rows = np.empty((len(chunk), 4))
            for i, frame in enumerate(chunk):
                crop, pose, found = self._locate(frame)
                waiting.append((crop, found))
                rows[i] = pose.row()
            yield from self._emit(waiting, low_pass.push(rows))
        yield from self._emit(waiting, low_pass.finish())

    def _decoded(self) -> Iterator[NDArray[np.uint8]]:
        stop, count = 1, len(self.frames)
        chunk = self.frames.read(0, stop)
        size = max(1, min(64, _CHUNK_BYTES // max(chunk[0].nbytes, 1)))
        yield chunk
        while stop < count:
            start, stop = stop, min(stop + size, count)
            yield self.frames.read(start, stop)

    def _locate(self, frame: NDArray[np.uint8]) -> tuple[Crop, Pose, bool]:
        crop, found = crop_face(frame, self._pose, _MARGIN, self._factor), True
        if not self.config.tracking:
            return crop, self._pose, found
        pose, likeness = self._reference.register(tracking_crop(crop), self._pose, steps=4)
        if likeness < _LOST or not 0.5 < abs(pose.zoom / self._start.zoom) < 2:
            pose, crop, found = self._recover(frame, crop)
        self._pose = pose
        return crop, pose, found

    def _recover(self, frame: NDArray[np.uint8], crop: Crop) -> tuple[Pose, Crop, bool]:
        """Look for the face anew; when it is not there, wait where it was last seen."""
        self._reference.reset()
        self._blind -= 1
        found = self.detector.detect(frame) if self._blind < 0 else None
        if found is None:
            self._blind = self._blind if self._blind >= 0 else int(_LOOK_AGAIN * self.fps)
            return self._pose, crop, False
        guess = _pose_of(found)
        crop_there = crop_face(frame, guess, _MARGIN, self._factor)
        pose, likeness = self._reference.register(tracking_crop(crop_there), guess, steps=12)
        return (pose, crop_there, True) if likeness >= _LOST else (self._pose, crop, False)

    def _emit(self, waiting: collections.deque[tuple[Crop, bool]], rows: NDArray[np.float64]) -> Iterator[AlignedChunk]:
        if len(rows) == 0:
            return
        faces, found = np.empty((len(rows), SIZE, SIZE), np.uint8), np.empty(len(rows), np.bool_)
        for i, row in enumerate(rows):
            crop, found[i] = waiting.popleft()
            faces[i] = warp(crop, Pose.of_row(row), SIZE)
        yield AlignedChunk(faces, rows, found, np.zeros(len(rows), np.bool_))


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


def _pose_of(found: Detection) -> Pose:
    return pose_of_eyes(complex(*found.left_eye), complex(*found.right_eye))


def _common_reference(samples: list[_Sample], anchor: _Sample, tolerance: float) -> tuple[Reference, Pose]:
    """Register all samples to the anchor, take the median of their eyes and of their pictures.

    Returns
    -------
    The reference picture, and the pose of the face in the earliest sample.
    """
    crops = [tracking_crop(crop_face(s.frame, s.pose, 0.5, reduction_for(s.pose))) for s in samples]
    first = samples.index(anchor)
    coarse, fine = (Reference(tracking_picture(crops[first], anchor.pose, blur), blur=blur) for blur in (2.5, 1.0))
    poses = {first: anchor.pose}
    for i, sample in enumerate(samples):
        coarse.reset()
        fine.reset()
        pose, _ = coarse.register(crops[i], sample.pose, steps=10)
        pose, likeness = fine.register(crops[i], pose, steps=10)
        if i != first and likeness > _LOST:
            poses[i] = pose
    eyes = np.array(
        [
            pose.to_aligned(np.array([complex(*samples[i].found.left_eye), complex(*samples[i].found.right_eye)]))
            for i, pose in poses.items()
        ]
    )
    left, right = (complex(np.median(e.real), np.median(e.imag)) for e in eyes.T)
    base = pose_of_eyes(left, right)
    poses = {i: pose.after(base) for i, pose in poses.items()}
    pictures = [tracking_picture(crops[i], pose, 1.0) for i, pose in poses.items()]
    reference = Reference(np.median(np.stack(pictures), axis=0).astype(np.float32), tolerance=tolerance)
    return reference, poses[min(poses)]
