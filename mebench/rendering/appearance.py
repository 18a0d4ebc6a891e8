"""What action units change beside moving points: wrinkles, furrows, folds, bulges, dimples.

Every group is a change of the relief (and a little of the colour); the portrait is lit with and without it once,
and the difference is added in proportion to the intensity. Patches belong to one side of the face, so half a smile
folds one cheek.
"""

from __future__ import annotations

import dataclasses

import cv2
import numpy as np
from numpy.typing import NDArray

from mebench.rendering.action_units import INDEX
from mebench.rendering.identity import Identity
from mebench.rendering.plane import Array, Image, Pixels, Plane, remap, srgb
from mebench.rendering.portrait import Portrait, skin_light
from mebench.rendering.wrinkles import GROUPS

# Depths of the wrinkles were set by eye for one light; this scales them all.
STRENGTH = 2.2


@dataclasses.dataclass(frozen=True)
class Patch:
    """Change of one region of the portrait at full intensity.

    Attributes
    ----------
    weights : (17,) share of each unit, divided by 5.
    window : rows and columns of the portrait.
    darker, lighter : uint8 amounts to subtract and to add.
    """

    weights: NDArray[np.float64]
    window: tuple[slice, slice]
    darker: Pixels
    lighter: Pixels


def make_patches(portrait: Portrait, identity: Identity) -> tuple[list[Patch], list[Patch]]:
    """Light every group once and return the patches of the subject's left and right side."""
    face, at = portrait.plane, portrait.window
    sides: tuple[list[Patch], list[Patch]] = ([], [])
    share = np.clip((face.x + 0.06) / 0.12, 0, 1)[None, :]
    for relief, units in GROUPS.values():
        weights = np.zeros(len(INDEX))
        for unit, weight in units.items():
            weights[INDEX[unit]] = weight / 5
        change = STRENGTH * relief(face, identity.geometry, identity.age) * share
        for side, flipped in enumerate((change, _mirror(face, change))):
            patch = _light(face, at, portrait, identity, flipped.astype(np.float32), weights)
            if patch is not None:
                sides[side].append(patch)
    return sides


def _mirror(plane: Plane, change: Image) -> Image:
    """Mirror at the midline, which need not lie on a sample."""
    columns = ((-plane.x - plane.left) * plane.scale).astype(np.float32)
    grid = np.stack(np.meshgrid(columns, np.arange(plane.height, dtype=np.float32)), axis=-1)
    return remap(change, grid, border=cv2.BORDER_CONSTANT)


def _light(
    plane: Plane, at: tuple[slice, slice], portrait: Portrait, identity: Identity, change: Image, weights: Array
) -> Patch | None:
    """Return the patch of one relief change, cut to where it shows."""
    touched = np.abs(change) > 2e-4
    if not touched.any():
        return None
    rows, columns = np.flatnonzero(touched.any(axis=1)), np.flatnonzero(touched.any(axis=0))
    pad = int(0.08 * plane.scale)
    r = slice(max(int(rows[0]) - pad, 0), int(rows[-1]) + pad)
    c = slice(max(int(columns[0]) - pad, 0), int(columns[-1]) + pad)
    part = Plane(
        plane.left + c.start / plane.scale,
        plane.top + r.start / plane.scale,
        len(plane.x[c]),
        len(plane.y[r]),
        plane.scale,
    )
    relief, albedo, skin = (a[r, c] for a in (portrait.relief, portrait.albedo, portrait.skin))
    before = srgb(skin_light(part, relief, albedo, identity))
    after = srgb(skin_light(part, relief + change[r, c], albedo, identity))
    # Light smooths over wide windows, which differ at the border of the part: let the change fade there.
    fade = _border(part.height, part.width, pad)
    delta = (after - before) * (skin * fade)[..., None] * 255
    darker = np.clip(np.round(-delta), 0, 140).astype(np.uint8)
    lighter = np.clip(np.round(delta), 0, 120).astype(np.uint8)
    top, left = at[0].start + r.start, at[1].start + c.start
    window = (slice(top, top + part.height), slice(left, left + part.width))
    return Patch(weights, window, darker, lighter)


def _border(height: int, width: int, pad: int) -> Image:
    """1 inside, falling to 0 over `pad` samples at the border."""
    y = np.clip(np.minimum(np.arange(height), np.arange(height)[::-1]) / max(pad, 1), 0, 1)
    x = np.clip(np.minimum(np.arange(width), np.arange(width)[::-1]) / max(pad, 1), 0, 1)
    return (y[:, None] * x[None, :]).astype(np.float32)


def apply_patches(canvas: Pixels, patches: list[Patch], units: NDArray[np.float32]) -> list[tuple[slice, slice]]:
    """Show the wrinkles of intensities (17,) on `canvas` in place; returns the windows that were touched."""
    touched = []
    for patch in patches:
        weight = float(np.clip(patch.weights @ units, 0, 1.15))
        if weight < 0.01:
            continue
        window = canvas[patch.window]
        cv2.subtract(window, cv2.convertScaleAbs(patch.darker, alpha=weight), window)
        cv2.add(window, cv2.convertScaleAbs(patch.lighter, alpha=weight), window)
        touched.append(patch.window)
    return touched
