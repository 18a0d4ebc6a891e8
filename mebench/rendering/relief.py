"""The face as a relief: depth over the face plane, and how light falls on it.

Depth is in IPD towards the camera. Skin looks like skin because light enters it: red light is shaded by a smoother
relief than blue light.
"""

from __future__ import annotations

import cv2
import numpy as np

from mebench.rendering.geometry import Geometry, head_outline, lip_line_y
from mebench.rendering.identity import Identity
from mebench.rendering.plane import Image, Plane, ramp


def face_relief(plane: Plane, geometry: Geometry) -> Image:
    """Depth of head, brow ridge, eye sockets, nose, cheeks and chin without the lips."""
    g = geometry
    xs, ys = plane.grid()
    z = 1.0 * np.sqrt(np.clip(1 - (xs / 1.42) ** 2 - ((ys - 0.15) / 2.35) ** 2, 0, 1))
    body = plane.fill(head_outline(g))
    for sigma, height in ((0.06, 0.10), (0.16, 0.22), (0.30, 0.30)):
        z += height * np.clip(2 * plane.blur(body, sigma) - 1, 0, 1)
    z += 0.07 * plane.pair(0.42, -g.brow_height + 0.02, 0.26, 0.09)
    z -= 0.13 * plane.pair(0.33, -0.06, 0.15, 0.15) + 0.07 * plane.pair(0.55, 0.02, 0.24, 0.16)
    z += 0.075 * plane.pair(0.51, 0.0, 0.17, 0.105)
    z += 0.075 * plane.pair(0.62, 0.50, 0.26, 0.22) - 0.05 * plane.pair(0.92, -0.55, 0.18, 0.30)
    z -= 0.05 * plane.pair(0.70, 1.02, 0.20, 0.26)
    z += 0.09 * plane.blob(0, g.chin - 0.22, 0.24, 0.16) - 0.06 * plane.blob(
        0, g.lip_line + g.lower_lip + 0.13, 0.26, 0.07
    )
    z += 0.07 * plane.blob(0, g.lip_line, 0.36, 0.26)
    return z + _nose(plane, g)


def _nose(plane: Plane, g: Geometry) -> Image:
    """Bridge, tip and wings; ends in a soft shelf above the lip."""
    tip = g.subnasale - 0.14
    along = np.clip((plane.y - g.nasion + 0.12) / (tip - g.nasion + 0.12), 0, 1)
    height = (0.02 + 0.34 * along**1.35) * ramp((g.subnasale + 0.015 - plane.y) / 0.13)
    height = height * ramp((plane.y - g.nasion + 0.30) / 0.30)
    width = 0.075 + 0.075 * along
    ridge = height[:, None] * np.exp(-0.5 * (plane.x[None, :] / width[:, None]) ** 2)
    wings = plane.pair(0.66 * g.nose_half_width, g.subnasale - 0.10, 0.075, 0.075)
    shelf = ramp((g.subnasale + 0.03 - plane.y) / 0.10)[:, None]
    nose = ridge + shelf * (0.13 * wings + 0.10 * plane.blob(0, tip, 0.12, 0.11))
    philtrum = 0.018 * plane.blob(0, g.subnasale + 0.14, 0.035, 0.10) - 0.012 * plane.pair(
        0.075, g.subnasale + 0.15, 0.03, 0.10
    )
    return (nose - philtrum).astype(np.float32)


def lip_relief(plane: Plane, geometry: Geometry) -> Image:
    """Depth of the lips: two lobes above, one full lobe below, a crease between them."""
    g = geometry
    w = g.mouth_half_width
    upper = 0.045 * (plane.pair(0.26 * w, g.lip_line - 0.55 * g.upper_lip, 0.36 * w, 0.42 * g.upper_lip))
    lower = 0.085 * plane.blob(0, g.lip_line + 0.5 * g.lower_lip, 0.52 * w, 0.42 * g.lower_lip)
    line = lip_line_y(g, plane.x.astype(np.float64)).astype(np.float32)
    crease = np.exp(-0.5 * ((plane.y[:, None] - line[None, :]) / 0.022) ** 2)
    inside = ramp((w * 1.02 - np.abs(plane.x)) / 0.08)[None, :]
    corners = plane.pair(w * 1.0, g.lip_line, 0.045, 0.045)
    return (upper + lower - 0.05 * crease * inside - 0.035 * corners).astype(np.float32)


def lambert(plane: Plane, relief: Image, light: tuple[float, float, float], wrap: float = 0.3) -> Image:
    """Diffuse light of a directional source on a relief; about 1 where the surface faces the light."""
    k = plane.scale / 8
    dx = cv2.Sobel(relief, cv2.CV_32F, 1, 0, ksize=3) * k
    dy = cv2.Sobel(relief, cv2.CV_32F, 0, 1, ksize=3) * k
    length = np.sqrt(dx * dx + dy * dy + 1)
    towards = (light[2] - light[0] * dx - light[1] * dy) / length
    return np.clip((towards + wrap) / (1 + wrap), 0, None).astype(np.float32)


def shade(plane: Plane, relief: Image, identity: Identity) -> Image:
    """Light that skin sends back, (height, width, 3) BGR, about 1 on the forehead."""
    lx, ly, lz = identity.key_light
    fill = (-lx * 1.2, -0.1, 0.9)
    smooth = plane.blur(relief, 0.05)
    cavity = np.clip(1 + 2.2 * (plane.blur(relief, 0.03) - plane.blur(relief, 0.12)), 0.55, 1.12)
    hollow = np.clip(1 + 0.9 * (relief - plane.blur(relief, 0.3)), 0.72, 1.12)
    sharp, soft = lambert(plane, relief, (lx, ly, lz)), lambert(plane, smooth, (lx, ly, lz))
    side = lambert(plane, smooth, fill, wrap=0.5)
    channels = []
    for bleed in (0.25, 0.4, 0.75):
        key = (1 - bleed) * sharp + bleed * soft
        channels.append((0.70 * key**1.25 + 0.20 * side + 0.14) * (bleed + (1 - bleed) * cavity) * hollow)
    return np.stack(channels, axis=-1).astype(np.float32)


def gloss(plane: Plane, relief: Image, identity: Identity) -> Image:
    """Soft highlight of slightly oily skin."""
    lx, ly, lz = identity.key_light
    half = np.array([lx, ly, lz + 1.0])
    half /= np.linalg.norm(half)
    facing = lambert(plane, plane.blur(relief, 0.04), (float(half[0]), float(half[1]), float(half[2])), wrap=0.0)
    return (facing**20).astype(np.float32)
