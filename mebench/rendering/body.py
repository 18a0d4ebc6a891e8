"""Neck, shoulders and ears: what frames the face and hardly moves."""

from __future__ import annotations

import numpy as np

from mebench.rendering.geometry import mirrored, smooth_curve
from mebench.rendering.identity import Identity
from mebench.rendering.plane import Image, Plane, mix, ramp, srgb


def paint_torso(plane: Plane, image: Image, identity: Identity, rng: np.random.Generator) -> Image:
    """Neck and clothed shoulders."""
    g = identity.geometry
    xs, ys = plane.grid()
    neck_half = 0.66 * g.jaw_half_width / 0.86
    neck = np.array(
        [(neck_half * 0.98, 1.0), (neck_half * 0.94, 2.0), (neck_half * 1.12, 2.5), (neck_half * 1.5, 3.4), (0, 3.4)]
    )
    skin = np.asarray(identity.skin, np.float32) ** np.float32(2.2)
    round_off = np.clip(1 - (xs / (neck_half * 1.25)) ** 2, 0.05, 1) ** 0.6
    chin_shadow = 0.40 + 0.60 * ramp((ys - g.chin - 0.08 - 0.15 * (1 - xs * xs)) / 0.75)
    cords = 1 - 0.10 * plane.pair(0.30, 2.5, 0.06, 0.6) + 0.05 * plane.pair(0.22, 2.5, 0.05, 0.6)
    light = 0.86 * round_off * chin_shadow * cords * (1 + 0.25 * identity.key_light[0] * xs)
    tint = np.stack([light**1.08, light**1.04, light**0.92], axis=-1)
    image = mix(image, srgb(skin * tint), plane.fill(smooth_curve(mirrored(np.vstack([(0, 0.9), neck]))), soft=0.012))
    half = np.array(
        [(0.30, 2.62), (neck_half * 1.05, 2.36), (1.25, 2.60), (2.15, 2.86), (2.6, 3.6), (2.6, 5.0), (0, 5.0)]
    )
    shirt = plane.fill(smooth_curve(mirrored(np.vstack([(0, 2.78), half]))), soft=0.008)
    folds = 0.78 + 0.10 * plane.noise(rng, 0.25) + 0.05 * plane.noise(rng, 0.012) - 0.10 * np.abs(xs) / 2
    cloth = (
        np.asarray(identity.clothes, np.float32)
        * np.clip(folds * (1 - 0.3 * np.exp(-(((ys - 2.4) / 0.2) ** 2))), 0.1, 1.3)[..., None]
    )
    return mix(image, cloth.astype(np.float32), shirt)


def paint_ears(plane: Plane, image: Image, identity: Identity) -> Image:
    """Ears at both sides, mostly behind the cheek."""
    if identity.hair_style == "long":
        return image
    c = identity.geometry.cheek_half_width
    xs, ys = plane.grid()
    half = np.array(
        [(c * 0.9, -0.28), (c * 1.07, -0.34), (c * 1.155, -0.20), (c * 1.13, 0.12), (c * 1.05, 0.42), (c * 0.95, 0.46)]
    )
    skin = np.asarray(identity.skin, np.float32) ** np.float32(2.2)
    for flip in (1.0, -1.0):
        out = flip * xs / c
        ear = plane.fill(smooth_curve(half * (flip, 1)), soft=0.008)
        rim = (
            0.52
            + 0.28 * np.exp(-(((out - 1.11) / 0.030) ** 2))
            - 0.22 * np.exp(-(((out - 1.055) / 0.028) ** 2 + ((ys - 0.02) / 0.16) ** 2))
        )
        rim = rim * (1 + 0.35 * identity.key_light[0] * flip)
        colour = skin * np.clip(rim, 0.1, 1)[..., None] * np.array([0.86, 0.90, 1.08], np.float32)
        image = mix(image, srgb(colour.astype(np.float32)), ear)
    return image
