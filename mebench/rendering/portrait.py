"""Painting of one identity's neutral portrait: everything that can be drawn once.

The eyes between the lids and the inside of the mouth are not part of it; they are drawn for every frame.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from mebench.rendering.body import paint_ears, paint_torso
from mebench.rendering.geometry import head_outline, lip_line_y, neutral_landmarks, smooth_curve
from mebench.rendering.hair import beard_mask, brow_mask, paint_hair
from mebench.rendering.identity import Identity
from mebench.rendering.plane import Array, Image, Plane, mix, ramp, srgb
from mebench.rendering.relief import face_relief, gloss, lip_relief, shade


@dataclasses.dataclass(frozen=True)
class Portrait:
    """A painted identity.

    Attributes
    ----------
    image : (height, width, 3) uint8 BGR, the whole frame.
    plane : the part that holds the head; the other attributes cover only it.
    window : rows and columns of `plane` in `image`.
    albedo : linear reflectance of the skin, float32; relief : depth in IPD; skin : 1 on the head.
    """

    image: np.ndarray
    plane: Plane
    window: tuple[slice, slice]
    albedo: Image
    relief: Image
    skin: Image


def paint_portrait(plane: Plane, identity: Identity) -> Portrait:
    """Paint background, shoulders, hair and face on `plane`."""
    rng = np.random.default_rng(np.random.SeedSequence([0x9A, identity.seed]))
    image = _wall(plane, identity, rng)
    part, window = plane.part(-1.5, -2.2, 1.5, 2.5)
    image[window] = paint_hair(part, image[window], identity, rng, behind=True)
    image = paint_torso(plane, image, identity, rng)
    relief = face_relief(part, identity.geometry) + lip_relief(part, identity.geometry)
    relief = relief + 0.0011 * part.noise(rng, 0.012) + 0.002 * part.noise(rng, 0.03)
    albedo = _skin_albedo(part, identity, rng)
    lit = skin_light(part, relief, albedo, identity) * _turning_edge(part, identity)[..., None]
    view = paint_ears(part, image[window], identity)
    head = part.fill(head_outline(identity.geometry), soft=0.010)
    view = mix(view, srgb(lit), head)
    image[window] = paint_hair(part, view, identity, rng, behind=False)
    return Portrait((np.clip(image, 0, 1) * 255 + 0.5).astype(np.uint8), part, window, albedo, relief, head)


def _turning_edge(plane: Plane, identity: Identity) -> Image:
    """Darkening where the head turns away at jaw and temples, which a relief without an underside does not give."""
    inside = plane.distance(head_outline(identity.geometry))
    low = ramp((plane.y[:, None] - 0.6) / 0.9)
    rim = 1 - ramp(plane.blur(inside, 0.05) / (0.22 + 0.10 * low))
    return (1 - (0.22 + 0.30 * low) * rim**1.3).astype(np.float32)


def skin_light(plane: Plane, relief: Image, albedo: Image, identity: Identity) -> Image:
    """Return linear light of the lit skin."""
    oil = 0.055 * gloss(plane, relief, identity)
    return (albedo * shade(plane, relief, identity) + oil[..., None]).astype(np.float32)


def _wall(plane: Plane, identity: Identity, rng: np.random.Generator) -> Image:
    """Softly lit wall, a little out of focus."""
    xs, ys = plane.grid()
    light = 1.0 - 0.07 * (xs * np.sign(identity.key_light[0] + 1e-9)) - 0.05 * ys + 0.03 * plane.noise(rng, 0.8)
    return (np.asarray(identity.wall, np.float32) * np.clip(light, 0.3, 1.3)[..., None]).astype(np.float32)


def _skin_albedo(plane: Plane, identity: Identity, rng: np.random.Generator) -> Image:
    """Reflectance of the face: skin with its blotches and pores, lips, nostrils, brows, beard."""
    g = identity.geometry
    base = np.asarray(identity.skin, np.float32) ** np.float32(2.2)
    red = (
        0.9 * plane.pair(0.60, 0.52, 0.24, 0.22)
        + 0.8 * plane.blob(0, g.subnasale - 0.14, 0.16, 0.15)
        + 0.3 * plane.blob(0, g.chin - 0.2, 0.25, 0.15)
    )
    red = red + 0.25 * plane.noise(rng, 0.12) + 0.12 * plane.noise(rng, 0.03)
    tint = np.stack([1 - 0.14 * red, 1 - 0.12 * red, 1 + 0.012 * red], axis=-1)
    tone = 1 + 0.030 * plane.noise(rng, 0.25) + 0.032 * plane.noise(rng, 0.02) + 0.034 * plane.noise(rng, 0.009)
    dark = 0.16 * plane.pair(0.50, 0.20, 0.20, 0.06) + 0.12 * plane.pair(0.30, 0.0, 0.09, 0.10)
    albedo = base * tint * (tone * (1 - dark))[..., None]
    albedo = _freckles(plane, albedo, identity, rng)
    hair = np.asarray(identity.hair, np.float32) ** np.float32(2.2) * 0.6
    if identity.beard > 0:
        albedo = mix(albedo, tuple(hair + 0.06 * base), beard_mask(plane, identity, rng))
    albedo = _lips(plane, albedo, identity, rng)
    nostril = plane.pair(0.40 * g.nose_half_width, g.subnasale - 0.018, 0.040, 0.017)
    albedo = albedo * (1 - 0.86 * np.clip(1.35 * nostril, 0, 1))[..., None]
    wing = plane.line(_wing(g.nose_half_width, g.subnasale), 0.02, 0.014) + plane.line(
        _wing(g.nose_half_width, g.subnasale) * (-1, 1), 0.02, 0.014
    )
    albedo = albedo * (1 - 0.42 * np.clip(wing, 0, 1))[..., None]
    albedo = mix(albedo, tuple(hair), brow_mask(plane, identity, rng))
    return _lid_fold(plane, albedo, identity)


def _wing(half: float, base: float) -> Array:
    """Groove around a nostril wing."""
    return smooth_curve(
        np.array(
            [
                (0.72 * half, base - 0.20),
                (0.98 * half, base - 0.15),
                (1.03 * half, base - 0.06),
                (0.80 * half, base - 0.02),
            ]
        ),
        closed=False,
    )


def _freckles(plane: Plane, albedo: Image, identity: Identity, rng: np.random.Generator) -> Image:
    """Freckles over nose and cheeks and a few moles."""
    spots = np.zeros(albedo.shape[:2], np.float32)
    for _ in range(int(90 * identity.freckles)):
        x, y = rng.normal(0, 0.55), rng.normal(0.45, 0.25)
        spots += rng.uniform(0.1, 0.3) * plane.blob(x, y, 0.014, 0.012)
    for _ in range(int(rng.integers(0, 4))):
        x, y = rng.uniform(-0.9, 0.9), rng.uniform(0.2, 1.6)
        spots += 0.6 * plane.blob(x, y, 0.016, 0.016)
    spots = np.clip(spots, 0, 0.8)
    return albedo * (1 - spots[..., None] * np.array([0.9, 0.75, 0.5], np.float32))


def _lips(plane: Plane, albedo: Image, identity: Identity, rng: np.random.Generator) -> Image:
    """Lip red with fine vertical folds, and the dark line between the lips."""
    g = identity.geometry
    outer = neutral_landmarks(g)[48:60]
    mask = plane.fill(smooth_curve(outer, rounds=3), soft=0.016)
    base = np.asarray(identity.skin, np.float32) ** np.float32(2.2)
    tone = base * np.array([0.60, 0.50, 0.86], np.float32)
    folds = plane.noise(rng, 0.012)
    upper = ramp((g.lip_line - plane.y[:, None] + 0.02) / 0.04)
    colour = tone * (1 + 0.07 * folds - 0.14 * upper)[..., None]
    albedo = mix(albedo, colour.astype(np.float32), 0.85 * mask)
    x = np.linspace(-g.mouth_half_width * 1.02, g.mouth_half_width * 1.02, 41)
    line = plane.line(np.stack([x, lip_line_y(g, x)], 1), 0.014, 0.008)
    corner = plane.pair(g.mouth_half_width, g.lip_line, 0.03, 0.022)
    return albedo * (1 - 0.72 * np.clip(1.3 * line + 0.55 * corner, 0, 1))[..., None]


def _lid_fold(plane: Plane, albedo: Image, identity: Identity) -> Image:
    """Crease over the upper lid."""
    g = identity.geometry
    t = np.linspace(0, 1, 21)
    x = g.inner_corner - 0.01 + t * (g.fissure + 0.03)
    y = 0.0 - (0.075 + 0.80 * g.eye_opening * np.sin(np.pi * t**0.9) ** 0.7) + 0.05
    fold = np.zeros(albedo.shape[:2], np.float32)
    for flip in (1.0, -1.0):
        fold += plane.line(np.stack([flip * x, y], 1), 0.012, 0.011)
    return albedo * (1 - np.clip(fold, 0, 1)[..., None] * np.array([0.50, 0.46, 0.34], np.float32))
