"""The people of a video, as learnt from a few frames spread over it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mebench.faces.geometry import SIZE, Pose, crop_face, pose_of_eyes, reduction_for
from mebench.faces.landmarks.base import Face
from mebench.faces.rigid import RigidPoints
from mebench.faces.tracking import Reference, tracking_crop, tracking_picture
from mebench.faces.views import ALIKE, Views

_ASIDE = 0.35  # of an aligned face, that a face may be away from the common place of the samples


@dataclasses.dataclass(frozen=True, eq=False)
class Sample:
    """A face in one of the frames that were looked at first.

    Attributes
    ----------
    frame : grey (height, width).
    index : 0-based place of the frame.
    face : the followed face in it.
    """

    frame: NDArray[np.uint8]
    index: int
    face: Face

    @property
    def pose(self) -> Pose:
        """The pose that its eyes give."""
        return pose_of_eyes(*self.face.eyes)


@dataclasses.dataclass(eq=False)
class Person:
    """One person, under one light.

    Attributes
    ----------
    views : what the face looks like.
    rigid : where its rigid landmarks lie, None for a detector without points.
    start : pose of the face in the earliest of the frames that it was learnt from.
    """

    views: Views
    rigid: RigidPoints | None
    start: Pose

    @classmethod
    def of_face(cls, frame: NDArray[np.uint8], face: Face, tolerance: float) -> Person:
        """Return the person that a single frame shows."""
        return _person([Sample(frame, 0, face)], 0, tolerance)[0]


def common_pose(samples: Sequence[Sample]) -> Pose:
    """Return the median pose of the samples, less those that are elsewhere, as after a cut."""
    rows = np.array([sample.pose.row() for sample in samples])
    middle = Pose.of_row(rows[_central(rows)])
    near = [is_near(middle, Pose.of_row(row)) for row in rows]
    return Pose.of_row(np.median(rows[near], axis=0))


def is_near(one: Pose, other: Pose) -> bool:
    """Tell whether two poses show a face in about the same place and size."""
    moved = abs(other.centre - one.centre) / (abs(one.zoom) * SIZE)
    return moved < _ASIDE and 1 / 1.35 < abs(other.zoom / one.zoom) < 1.35


def people_of(samples: Sequence[Sample], tolerance: float) -> list[Person]:
    """Return everybody whom the samples show, whoever is in most of the middle ones first."""
    rest, people = list(samples), []
    while rest:
        person, members = _person(rest, _central(np.array([s.pose.row() for s in rest])), tolerance)
        people.append(person)
        rest = [sample for i, sample in enumerate(rest) if i not in members]
    return people


def _central(rows: NDArray[np.float64]) -> int:
    """Return the number of the pose whose tilt and size are nearest to the median."""
    return int(np.argmin(np.abs(rows[:, :2] - np.median(rows, axis=0)[:2]).sum(axis=1)))


def _person(samples: Sequence[Sample], anchor: int, tolerance: float) -> tuple[Person, list[int]]:
    """Register all samples to one, take the median of the eyes and of the pictures of those that look like it.

    Returns
    -------
    The person, and the numbers of the samples that show it.
    """
    crops = [tracking_crop(crop_face(s.frame, s.pose, 0.5, reduction_for(s.pose))) for s in samples]
    first = samples[anchor].pose
    coarse, fine = (Reference(tracking_picture(crops[anchor], first, blur), blur=blur) for blur in (2.5, 1.0))
    poses = {anchor: first}
    for i, sample in enumerate(samples):
        coarse.reset()
        fine.reset()
        rough = coarse.register(crops[i], sample.pose, steps=10)
        got = fine.register(crops[i], rough.pose, steps=10)
        if i != anchor and got.likeness > ALIKE:
            poses[i] = got.pose
    eyes = np.array([pose.to_aligned(samples[i].face.eyes) for i, pose in poses.items()])
    base = pose_of_eyes(*(complex(np.median(eye.real), np.median(eye.imag)) for eye in eyes.T))
    poses = {i: pose.after(base) for i, pose in sorted(poses.items())}
    pictures = np.stack([tracking_picture(crops[i], pose, 1.0) for i, pose in poses.items()])
    reference = Reference(np.median(pictures, axis=0).astype(np.float32), tolerance=tolerance)
    faces = [samples[i].face for i in poses]
    rigid = RigidPoints(faces) if all(face.points is not None for face in faces) else None
    earliest = min(poses, key=lambda i: samples[i].index)
    return Person(Views(reference), rigid, poses[earliest]), list(poses)
