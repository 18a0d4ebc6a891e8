"""The parts of a face whose flow is looked at, and where the flow of the head is taken from.

Conventions
-----------
Boxes are left, top, and the first column and row after them, in px of the enlarged face; margins are published for a
face of 256 px and scaled with its size. Flow is computed on a *field*, a box with room around its regions. Landmarks
are numbered from 0.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from mebench.faces.face_points import Points
from mebench.faces.geometry import SIZE as ALIGNED

PUBLISHED = 256
"""Side of the face that margins are published for, in px."""

Box = tuple[int, int, int, int]
Margin = tuple[float, float, float, float]
"""What a box has beyond its points: to the left, above, to the right, below."""

_POINT: Margin = (10, 10, 10, 10)
_WHOLE = -10.0
"""A whole field is looked at but for its border."""
_TIP, _TIP_INSIDE = 13, (5, 15, 5, 10)


@dataclasses.dataclass(frozen=True)
class Field:
    """A box that flow is computed in, its regions within it, and what they are thresholded and averaged by.

    Attributes
    ----------
    part : `brows`, `mouth` or `nose`.
    box : in the face.
    regions : in the box.
    tops : setting that says which share of the vectors of each region counts.
    """

    part: str
    box: Box
    regions: tuple[Box, ...]
    tops: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Regions:
    """Where everything lies in one face: the tip of the nose, its box and what counts within, and the fields."""

    tip: Box
    tip_inside: Box
    fields: tuple[Field, ...]

    @classmethod
    def of_points(cls, points: Points, size: int) -> Regions:
        """Return the regions of a face with 68 points (68, 2), in px of the aligned face, enlarged to `size` px."""
        at = (points + 0.5) * size / ALIGNED - 0.5
        scale = size / PUBLISHED
        tip = _box(at[29:31], (_TIP,) * 4, scale, size)
        left, top, right, bottom = (edge * scale for edge in _TIP_INSIDE)
        width, height = tip[2] - tip[0], tip[3] - tip[1]
        inside = _cut((left, top, width - right, height - bottom), width, height)
        return cls(tip, inside, tuple(_fields(at, scale, size)))

    @property
    def count(self) -> int:
        """Number of regions."""
        return sum(len(field.regions) for field in self.fields)

    def plain(self) -> list[object]:
        """Return everything as numbers and names, which address the signals in the cache."""
        return [self.tip, self.tip_inside, [dataclasses.astuple(field) for field in self.fields]]


def _fields(at: Points, scale: float, size: int) -> list[Field]:
    """Return the two brows, the mouth and the sides of the nose."""
    brow, mouth, beside = "brows", "mouth", "nose"
    lips: list[tuple[int, Margin]] = [
        (48, (10, 10, 20, 10)),
        (54, (20, 10, 10, 10)),
        (51, _POINT),
        (57, _POINT),
        (62, _POINT),
    ]
    sides: list[tuple[int, Margin]] = [(31, (20, 20, 10, 5)), (35, (10, 20, 20, 5))]
    places: list[tuple[str, Sequence[int], Margin, list[tuple[int, Margin]], str, str]] = [
        (brow, range(17, 22), (5, 15, 0, 5), [(20, _POINT), (19, _POINT), (18, _POINT)], "top_left_brow", ""),
        (brow, range(22, 27), (0, 15, 0, 5), [(23, _POINT), (24, _POINT), (25, _POINT)], "top_right_brow", ""),
        (mouth, range(48, 67), (20, 15, 20, 10), lips, "top_mouth", "top_mouth_points"),
        (beside, range(30, 36), (30, 20, 30, 5), sides, "", "top_nose_sides"),
    ]
    fields = []
    for part, marks, margin, regions, whole, each in places:
        box = _box(at[list(marks)], margin, scale, size)
        boxes = [_within(_box(at[[mark]], room, scale, size), box) for mark, room in regions]
        tops = [each or whole] * len(boxes)
        if whole:
            edge = round(-_WHOLE * scale)
            width, height = box[2] - box[0], box[3] - box[1]
            boxes.insert(0, _cut((edge, edge, width - edge, height - edge), width, height))
            tops.insert(0, whole)
        fields.append(Field(part, box, tuple(boxes), tuple(tops)))
    return fields


def _box(points: Points, margin: Margin | Sequence[float], scale: float, size: int) -> Box:
    """Return the box of points with a margin, within the face."""
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    beyond = [edge * scale for edge in margin]
    return _cut((left - beyond[0], top - beyond[1], right + beyond[2] + 1, bottom + beyond[3] + 1), size, size)


def _within(box: Box, outer: Box) -> Box:
    """Return a box of the face in px of another one, cut to it."""
    left, top = outer[:2]
    moved = (box[0] - left, box[1] - top, box[2] - left, box[3] - top)
    return _cut(moved, outer[2] - left, outer[3] - top)


def _cut(box: Sequence[float], width: int, height: int) -> Box:
    """Return a box in whole px cut to a picture, at least a pixel wide and high."""
    left, right = (int(np.clip(round(edge), 0, width)) for edge in (box[0], box[2]))
    top, bottom = (int(np.clip(round(edge), 0, height)) for edge in (box[1], box[3]))
    left, top = min(left, width - 1), min(top, height - 1)
    return left, top, max(right, left + 1), max(bottom, top + 1)
