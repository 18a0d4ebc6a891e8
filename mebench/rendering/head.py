"""One identity, painted and ready to move: portrait, fields, wrinkles, eyes, mouth, glasses.

A head is built once (well under a second) and then gives every frame by one remap of its portrait.
"""

from __future__ import annotations

import dataclasses
import functools
import threading

import cv2
import numpy as np
from numpy.typing import NDArray

from mebench.rendering import geometry as geo
from mebench.rendering.appearance import apply_patches, make_patches
from mebench.rendering.eyes import EyeModel
from mebench.rendering.fields import Field, FieldBank, Layout
from mebench.rendering.glasses import Glasses
from mebench.rendering.identity import Identity, make_identity
from mebench.rendering.mouth import COUNT, MouthModel, lip_edges
from mebench.rendering.plane import Pixels, remap
from mebench.rendering.portrait import paint_portrait
from mebench.rendering.pose import PITCH, YAW, forward, invert

Array = NDArray[np.float64]
Units = NDArray[np.float32]


@dataclasses.dataclass(frozen=True)
class Shape:
    """Where the parts of a face lie in one frame, in pixels.

    Attributes
    ----------
    landmarks : (68, 2); pupils : (2, 2) resting centres, image-left eye first.
    upper_lip, lower_lip : (COUNT, 2) edges of the gap between the lips.
    """

    landmarks: Array
    pupils: Array
    upper_lip: Array
    lower_lip: Array


class Head:
    """Renders one identity in one layout.

    Parameters
    ----------
    identity : who.
    layout : where in the frame, and how large.
    """

    def __init__(self, identity: Identity, layout: Layout) -> None:
        self.identity, self.layout = identity, layout
        plane = layout.portrait_plane()
        portrait = paint_portrait(plane, identity)
        size = (layout.width, layout.height)
        self.background = cv2.resize(portrait.image, size, interpolation=cv2.INTER_AREA)
        k, pad = layout.oversample, 24
        x0, y0 = max(int(layout.x0 * k) - pad, 0), max(int(layout.y0 * k) - pad, 0)
        x1, y1 = int((layout.x0 + layout.columns) * k) + pad, int((layout.y0 + layout.rows) * k) + pad
        # A lens blurs; without it, texture would flicker as samples and pixels slide past each other.
        self.canvas = cv2.GaussianBlur(portrait.image[y0:y1, x0:x1], (0, 0), 0.5 * k)
        self.patches = tuple(
            [dataclasses.replace(p, window=_shift(p.window, y0, x0)) for p in side]
            for side in make_patches(portrait, identity)
        )
        self.fields = FieldBank(identity, layout, portrait)
        self.eyes, self.mouth = EyeModel(identity, layout.ipd), MouthModel(identity.geometry, layout.ipd)
        self.glasses = Glasses(identity, layout.ipd) if identity.glasses else None
        self._base = self._base_map(x0, y0)
        self._local = threading.local()
        self._points, self._probes = self._tracked()

    def _base_map(self, x0: int, y0: int) -> NDArray[np.float32]:
        """Canvas coordinates of every pixel of the region of interest while nothing moves."""
        a, k = self.layout, self.layout.oversample
        xs = (a.x0 + np.arange(a.columns) + 0.5) * k - 0.5 - x0
        ys = (a.y0 + np.arange(a.rows) + 0.5) * k - 0.5 - y0
        return np.stack(np.meshgrid(xs, ys), axis=-1).astype(np.float32)

    def _tracked(self) -> tuple[Array, Array]:
        """Points followed through the fields and the places whose opening movement they share, both in pixels."""
        g = self.identity.geometry
        marks = geo.neutral_landmarks(g)
        line, (above, below) = lip_edges(g)
        points = np.concatenate([marks, line, line])
        probes = points.copy()
        probes[[61, 62, 63, *range(49, 54)], 1] = marks[[61, 62, 63, *range(49, 54)], 1] + above
        probes[[65, 66, 67], 1] += below
        probes[68 : 68 + COUNT, 1] += above
        probes[68 + COUNT :, 1] += below
        return self.layout.to_pixels(points), self.layout.to_pixels(probes)

    def shape(self, left: Units, right: Units, pose: Array) -> Shape:
        """Return where everything lies for intensities (17,) of both sides and a pose (6,)."""
        smooth, opening = self.fields.combine(left, right, float(pose[YAW]), float(pose[PITCH]))
        return self._shape(smooth, opening, left, right, pose)

    def _shape(self, smooth: Field, opening: Field | None, left: Units, right: Units, pose: Array) -> Shape:
        affine = forward(pose, self.layout.ipd, self.layout.cx, self.layout.cy)
        points = self.fields.track(self._points, self._probes, smooth, opening)
        points = points @ affine[:, :2].T + affine[:, 2]
        marks = points[:68]
        pupils = []
        for side, units, (inner, outer) in ((geo.EYE_RIGHT, right, (39, 36)), (geo.EYE_LEFT, left, (42, 45))):
            eye = self.eyes.marks(marks[inner], marks[outer], units)
            pupils.append(self.eyes.pupil(marks[inner], marks[outer]))
            marks[side] = eye if inner == 42 else eye[[3, 2, 1, 0, 5, 4]]
        return Shape(marks, np.stack(pupils), points[68 : 68 + COUNT], points[68 + COUNT :])

    def draw(self, left: Units, right: Units, pose: Array, gaze: Array) -> tuple[Pixels, Shape]:
        """Render one frame without light changes, noise or compression.

        Parameters
        ----------
        left, right : (17,) intensities 0-5 of the subject's sides.
        pose : (6,), see `pose`; gaze : (2,) shift of the irises in IPD.

        Returns
        -------
        (height, width, 3) uint8 BGR, and where the parts of the face lie.
        """
        smooth, opening = self.fields.combine(left, right, float(pose[YAW]), float(pose[PITCH]))
        affine = forward(pose, self.layout.ipd, self.layout.cx, self.layout.cy)
        shift = self.fields.source_points(smooth, opening, invert(affine))
        frame = self.background.copy()
        frame[self._window()] = self._warp(self._wrinkled(left, right), shift)
        shape = self._shape(smooth, opening, left, right, pose)
        self.mouth.draw(frame, shape.upper_lip, shape.lower_lip, self._to_pixels(affine))
        for units, (inner, outer) in ((right, (39, 36)), (left, (42, 45))):
            self.eyes.draw(frame, shape.landmarks[inner], shape.landmarks[outer], units, gaze)
        if self.glasses is not None:
            self.glasses.draw(frame, self._to_pixels(affine), pose)
        return frame, shape

    def _window(self) -> tuple[slice, slice]:
        a = self.layout
        return slice(a.y0, a.y0 + a.rows), slice(a.x0, a.x0 + a.columns)

    def _buffers(self) -> tuple[NDArray[np.float32], Pixels, Pixels]:
        """Return this thread's map, portrait and window; fresh memory for every frame costs more than the remap."""
        if not hasattr(self._local, "buffers"):
            a = self.layout
            self._local.buffers = (
                np.empty((a.rows, a.columns, 2), np.float32),
                np.empty_like(self.canvas),
                np.empty((a.rows, a.columns, 3), np.uint8),
            )
        return self._local.buffers

    def _warp(self, canvas: Pixels, shift: NDArray[np.float32]) -> Pixels:
        fine, _, out = self._buffers()
        size = (self.layout.columns, self.layout.rows)
        cv2.resize(shift * np.float32(self.layout.oversample), size, dst=fine, interpolation=cv2.INTER_LINEAR)
        cv2.add(fine, self._base, fine)
        return remap(canvas, fine, out=out)

    def _wrinkled(self, left: Units, right: Units) -> Pixels:
        """Return the portrait with the wrinkles of this frame; a copy only when there are any."""
        if not (left[:-1].any() or right[:-1].any()):
            return self.canvas
        canvas = self._buffers()[1]
        np.copyto(canvas, self.canvas)
        apply_patches(canvas, self.patches[0], left)
        apply_patches(canvas, self.patches[1], right)
        return canvas

    def _to_pixels(self, affine: Array) -> Array:
        """Return the (2, 3) map from face coordinates to pixels under a pose."""
        a = self.layout
        linear = affine[:, :2] * a.ipd
        return np.column_stack([linear, affine[:, :2] @ (a.cx, a.cy) + affine[:, 2]])


def _shift(window: tuple[slice, slice], y0: int, x0: int) -> tuple[slice, slice]:
    rows, columns = window
    return slice(rows.start - y0, rows.stop - y0), slice(columns.start - x0, columns.stop - x0)


@functools.lru_cache(maxsize=3)
def head_of(seed: int, width: int, height: int, oversample: float = 1.5) -> Head:
    """Return the head of an identity, built at most once while it is in use (about 15 MB each at 640x480)."""
    return Head(make_identity(seed), Layout.of(width, height, oversample))
