"""Hair of the head, brows and beard."""

from __future__ import annotations

import cv2
import numpy as np

from mebench.rendering.geometry import Geometry, mirrored, neutral_landmarks, smooth_curve
from mebench.rendering.identity import Identity
from mebench.rendering.plane import Array, Image, Plane, mix, ramp


def hairline(geometry: Geometry, style: str, fringe: float = 0.0) -> Array:
    """Return the closed curve inside which the face is free of hair; `fringe` 0..1 lets hair fall over the forehead."""
    c, h = geometry.cheek_half_width, geometry.hairline - 0.42 * fringe
    if style == "long":
        half = [
            (0.0, -h),
            (0.35, -h + 0.01),
            (0.66, -h + 0.16),
            (0.86 * c, -0.66),
            (0.93 * c, -0.1),
            (0.93 * c, 0.6),
            (0.9 * c, 1.2),
        ]
    else:
        half = [
            (0.0, -h),
            (0.45, -h + 0.01),
            (0.74, -h + 0.10),
            (0.80 * c, -0.80 + 0.2 * fringe),
            (0.90 * c, -0.62),
            (0.955 * c, -0.38),
            (0.97 * c, 0.0),
        ]
    half += [(1.35, half[-1][1] + 0.12), (1.5, 2.6), (0.0, 2.8)]
    return smooth_curve(mirrored(np.array(half)), rounds=3)


def _mass(plane: Plane, identity: Identity, strands: Image) -> Image:
    """Outer shape of the hair, without regard to the face in front of it."""
    c = identity.geometry.cheek_half_width
    if identity.hair_style == "long":
        half = [
            (0.0, -1.98),
            (0.55, -1.95),
            (1.0, -1.62),
            (1.22 * c, -0.95),
            (1.28 * c, 0.0),
            (1.30 * c, 1.0),
            (1.22 * c, 2.05),
            (0.75, 2.3),
            (0, 2.3),
        ]
    else:
        half = [
            (0.0, -1.95),
            (0.6, -1.90),
            (0.98, -1.52),
            (1.10 * c, -0.95),
            (1.09 * c, -0.5),
            (1.04 * c, -0.12),
            (0.9 * c, 0.1),
            (0, 0.1),
        ]
    points = np.array(half)
    points[:, 0] *= 1 + 0.05 * (identity.hair_volume - 0.5)
    points[points[:, 1] < -0.9] *= (1.0, 0.95 + 0.09 * identity.hair_volume)
    edge = plane.distance(smooth_curve(mirrored(points), rounds=3))
    return ramp((edge + 0.02 * strands + 0.01) / 0.035)


def _strands(plane: Plane, rng: np.random.Generator, parting: float, style: str) -> Image:
    """Return noise drawn out along the strands, about -1..1."""
    xs, ys = plane.grid()
    dx, dy = xs - parting * 0.5, ys + 0.35
    angle = np.arctan2(dx, -dy) / np.pi
    reach = np.hypot(dx, dy)
    if style == "long":
        # Below the temples strands hang down, so position across them becomes x itself.
        down = ramp((ys + 1.0) / 0.9)
        angle = (1 - down) * angle + down * np.sign(dx) * (0.25 + 0.22 * np.abs(dx))
        reach = (1 - down) * reach + down * (ys + 1.6)
    out = np.zeros_like(xs)
    for count, length, weight in ((1800, 6, 0.55), (600, 5, 0.6), (120, 3, 0.5)):
        table: Image = rng.standard_normal((length * 6, count), dtype=np.float32)
        table = cv2.GaussianBlur(table, (0, 0), 0.8)
        u = (angle * 0.5 + 0.5) * (count - 1)
        v = np.clip(reach / 3.0, 0, 1) * (length * 6 - 1)
        out += weight * cv2.remap(
            table, u.astype(np.float32), v.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP
        )
    return out.astype(np.float32)


def paint_hair(plane: Plane, image: Image, identity: Identity, rng: np.random.Generator, *, behind: bool) -> Image:
    """Lay the hair on `image`: the part behind the head (`behind`), or the part in front of it."""
    if behind and identity.hair_style != "long":
        return image
    parting = {"short": 0.0, "side": 0.55, "long": 0.1, "buzz": 0.0}[identity.hair_style]
    strands = _strands(plane, rng, parting, identity.hair_style)
    mask = _mass(plane, identity, strands)
    if not behind:
        free = plane.distance(hairline(identity.geometry, identity.hair_style, identity.fringe))
        ragged = 0.035 + 0.05 * identity.fringe
        mask = mask * ramp((0.03 - free + ragged * strands) / (0.06 + 0.05 * identity.fringe))
    xs, ys = plane.grid()
    lx = identity.key_light[0]
    if identity.hair_style == "buzz":
        mask = mask * np.clip(0.74 + 0.12 * strands, 0, 0.92)
    volume = (
        0.80 + 0.28 * np.exp(-(((ys + 1.52 + 0.12 * xs * xs) / 0.22) ** 2)) * (1 + 0.8 * lx * xs) - 0.12 * np.abs(xs)
    )
    body = volume * np.clip(1 + 0.42 * strands, 0.35, 1.9)
    edge = plane.blur(mask, 0.06)
    body *= 0.72 + 0.28 * np.clip(edge, 0, 1)
    if behind:
        body *= 0.42
    colour = np.asarray(identity.hair, np.float32) * body[..., None] + 0.03 * np.clip(strands, 0, 2)[..., None]
    shadow = plane.blur(mask, 0.07)
    if not behind:
        image = image * (1 - 0.38 * np.clip(shadow, 0, 1) * (1 - mask))[..., None]
    return mix(image, np.clip(colour, 0.01, 1).astype(np.float32), mask.astype(np.float32))


def _strokes(plane: Plane, roots: Array, tips: Array, width: float) -> Image:
    """Draw one line for every hair at twice the sampling and return the mask."""
    fine = Plane(plane.left, plane.top, plane.width, plane.height, plane.scale)
    mask = np.zeros((fine.height, fine.width), np.uint8)
    a = np.round(fine.to_samples(roots) * 16).astype(np.int32)
    b = np.round(fine.to_samples(tips) * 16).astype(np.int32)
    cv2.polylines(mask, list(np.stack([a, b], axis=1)), False, 255, max(1, round(width * fine.scale)), cv2.LINE_AA, 4)
    return mask.astype(np.float32) / 255


def brow_mask(plane: Plane, identity: Identity, rng: np.random.Generator) -> Image:
    """Cover of the brows: single hairs that lean outward, over a soft shadow of themselves."""
    marks = neutral_landmarks(identity.geometry)[22:27]
    count = int(130 + 150 * identity.brow_density)
    t = rng.uniform(0, 1, count) ** 0.9
    thickness = 0.085 * (1 - 0.72 * np.clip((t - 0.25) / 0.75, 0, 1)) * (0.6 + 0.55 * identity.brow_density)
    knots = np.linspace(0, 1, 5)
    centre = np.stack([np.interp(t, knots, marks[:, 0]), np.interp(t, knots, marks[:, 1])], axis=1)
    roots = centre + np.stack([rng.normal(0, 0.01, count), rng.uniform(-0.5, 0.5, count) * thickness], axis=1)
    lean = np.interp(t, knots, [-1.0, -0.65, -0.4, -0.1, 0.35]) + rng.normal(0, 0.22, count)
    length = rng.uniform(0.05, 0.095, count)
    tips = roots + np.stack([np.cos(lean), np.sin(lean)], axis=1) * length[:, None]
    hairs = np.zeros((plane.height, plane.width), np.float32)
    for flip in ((1, 1), (-1, 1)):
        hairs = np.maximum(hairs, _strokes(plane, roots * flip, tips * flip, 0.008))
    hairs = plane.blur(hairs, 0.006)
    under = plane.blur(hairs, 0.022)
    return np.clip(0.80 * hairs + 0.55 * under, 0, 0.97) * (0.75 + 0.25 * identity.brow_density)


def beard_mask(plane: Plane, identity: Identity, rng: np.random.Generator) -> Image:
    """Cover of beard and moustache, 0 where the skin is free."""
    g = identity.geometry
    xs, ys = plane.grid()
    far = np.abs(xs)
    cheek_line = np.where(far > 0.55, g.lip_line - 0.22 - 1.15 * np.maximum(far - 0.55, 0) ** 1.3, g.lip_line - 0.22)
    cheek = ramp((ys - cheek_line) / 0.22) * ramp((far - 0.42 * g.mouth_half_width) / 0.30)
    bow = 0.20 * (far / g.mouth_half_width) ** 2
    moustache = ramp((ys - g.subnasale - 0.06 - bow) / 0.10) * ramp((g.mouth_half_width * 1.25 - far) / 0.22)
    chin = ramp((ys - g.lip_line - g.lower_lip + 0.02) / 0.14) * ramp((0.62 - far) / 0.3)
    bare = plane.blob(0, g.lip_line + g.lower_lip + 0.06, 0.20, 0.04) + 1.2 * plane.pair(
        0.34, g.lip_line + 0.24, 0.09, 0.09
    )
    area = np.clip(np.maximum.reduce([cheek, chin, moustache]) * (1 - 0.45 * np.clip(bare, 0, 1)), 0, 1)
    grain = plane.noise(rng, 0.009) + 0.6 * plane.noise(rng, 0.02)
    if identity.beard < 0.9:
        return (area * np.clip(0.30 + 0.16 * grain, 0, 0.7)).astype(np.float32)
    return (area * np.clip(0.72 + 0.22 * grain, 0.15, 0.95)).astype(np.float32)
