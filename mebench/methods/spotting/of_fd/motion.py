"""How far each part of a face has moved since the first frame of a window, the motion of the head taken out.

Conventions
-----------
Faces are grey, uint8 (n, size, size). Motion is in px of the enlarged face, the length of the mean of the largest
vectors of a region less that of the nose; float32 (n, regions), 0 in the first frame.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from mebench.faces.flow import FlowConfig, flow
from mebench.methods.spotting.of_fd.config import OfFdConfig
from mebench.methods.spotting.of_fd.regions import Box, Field, Regions

FLOW = FlowConfig(pyramid_scale=0.5, levels=3, window=15, iterations=5, neighbourhood=7, sigma=1.5)
"""Farneback's flow with the settings of the published program."""

Face = NDArray[np.uint8]
Floats = NDArray[np.float32]
Vector = NDArray[np.float64]
T = TypeVar("T", bound=np.generic)


def motion_of(faces: Iterable[Face], regions: Regions, config: OfFdConfig) -> Floats:
    """Return the motion of the regions in every frame of a window, (n, regions).

    Parameters
    ----------
    faces : at least one; each is compared with the first one.
    """
    found: list[Floats] = []
    first: Face | None = None
    shift = np.zeros(2)
    for face in faces:
        if first is None:
            first = face
            found.append(np.zeros(regions.count, np.float32))
            continue
        steady, head, shift = aligned(first, face, shift, regions, config)
        means = [mean for field in regions.fields for mean in _of_field(first, steady, field, config)]
        found.append(np.linalg.norm(np.array(means) - head, axis=1).astype(np.float32))
    return np.stack(found)


def aligned(
    first: Face, face: Face, shift: Vector, regions: Regions, config: OfFdConfig
) -> tuple[Face, Vector, Vector]:
    """Shift a face by whole px until the nose of the first one lies within `aligned_below` px.

    Parameters
    ----------
    shift : where the nose lay in the frame before, (x, y) in px from its first place.

    Returns
    -------
    The shifted face, the flow that the nose still has, and the shift; after `alignments` times as far as it has come.
    """
    before = _cut(first, regions.tip)
    for attempt in range(config.alignments + 1):
        steady = _moved(face, -shift)
        head = top_mean(_cut(flow(before, _cut(steady, regions.tip), FLOW), regions.tip_inside), config.nose_share)
        if np.hypot(*head) <= config.aligned_below or attempt >= config.alignments:
            break
        shift = shift + np.rint(head)
    return steady, head, shift


def _of_field(first: Face, face: Face, field: Field, config: OfFdConfig) -> list[Vector]:
    """Return the mean of the largest vectors of each region of a field."""
    vectors = flow(_cut(first, field.box), _cut(face, field.box), FLOW)
    pairs = zip(field.regions, field.tops, strict=True)
    return [top_mean(_cut(vectors, region), getattr(config, top)) for region, top in pairs]


def top_mean(vectors: Floats, share: float) -> Vector:
    """Return the mean of the largest vectors.

    Parameters
    ----------
    vectors : (height, width, 2).
    share : which share of them counts, at least one vector does.
    """
    flat = vectors.reshape(-1, 2)
    drop = min(int(len(flat) * (1 - share)), len(flat) - 1)
    if drop:
        flat = flat[np.argpartition(flat[:, 0] ** 2 + flat[:, 1] ** 2, drop)[drop:]]
    return np.asarray(flat.mean(axis=0, dtype=np.float64))


def _cut(picture: NDArray[T], box: Box) -> NDArray[T]:
    left, top, right, bottom = box
    return np.ascontiguousarray(picture[top:bottom, left:right])


def _moved(face: Face, by: Vector) -> Face:
    """Return a face moved by whole px; what comes in at a side is its border."""
    if not by.any():
        return face
    matrix = np.array([[1, 0, by[0]], [0, 1, by[1]]], np.float64)
    size = (face.shape[1], face.shape[0])
    return np.asarray(
        cv2.warpAffine(face, matrix, size, flags=cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE), np.uint8
    )
