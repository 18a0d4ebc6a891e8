"""Who is in front of the camera: everything about a face that stays the same over a subject's videos."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from mebench.rendering.geometry import Geometry, sample_geometry
from mebench.schema.action_units import ACTION_UNITS

Colour = tuple[float, float, float]

# sRGB (red, green, blue) of skin in even light, from light to dark.
SKIN = (
    (238, 202, 182),
    (228, 188, 164),
    (218, 174, 144),
    (203, 156, 124),
    (184, 136, 102),
    (156, 110, 80),
    (124, 84, 60),
)
HAIR = ((28, 22, 20), (46, 34, 28), (70, 48, 34), (104, 74, 48), (152, 116, 76), (120, 118, 116), (110, 56, 34))
IRIS = ((74, 48, 30), (96, 66, 38), (110, 100, 62), (86, 110, 120), (96, 126, 150), (58, 40, 28))
CLOTHES = ((52, 60, 78), (96, 40, 44), (44, 74, 62), (150, 150, 156), (30, 32, 36), (170, 140, 96), (86, 96, 124))
WALLS = ((168, 172, 176), (190, 186, 176), (120, 136, 148), (150, 160, 146), (205, 205, 205), (96, 104, 112))


@dataclasses.dataclass(frozen=True)
class Identity:
    """Parameters of one person.

    Attributes
    ----------
    seed : what it was drawn from; also seeds the textures.
    geometry : distances in IPD.
    skin, hair, iris, clothes, wall : BGR in 0..1.
    hair_style : `short`, `side`, `long` or `buzz`; fringe, hair_volume : 0..1.
    beard : 0 (shaved) to 1 (full beard); glasses : whether glasses are worn.
    brow_density, freckles, age : 0..1.
    key_light : direction towards the key light (x, y down, z towards the camera), unit length.
    au_gain : factor on every displacement, by unit (within 25%).
    """

    seed: int
    geometry: Geometry
    skin: Colour
    hair: Colour
    iris: Colour
    clothes: Colour
    wall: Colour
    hair_style: str
    fringe: float
    hair_volume: float
    beard: float
    glasses: bool
    brow_density: float
    freckles: float
    age: float
    key_light: tuple[float, float, float]
    au_gain: tuple[float, ...]

    def gains(self) -> NDArray[np.float64]:
        """Return the factors of `au_gain` as an array (17,)."""
        return np.array(self.au_gain)


def _colour(rng: np.random.Generator, table: tuple[tuple[int, int, int], ...], spread: float) -> Colour:
    red, green, blue = np.array(table[rng.integers(len(table))]) / 255
    factor = 1 + rng.uniform(-spread, spread)
    b, g, r = (
        round(float(np.clip(c * factor * (1 + rng.uniform(-0.3, 0.3) * spread), 0, 1)), 4) for c in (blue, green, red)
    )
    return b, g, r


def make_identity(seed: int) -> Identity:
    """Draw one person; the same seed gives the same person on every machine."""
    rng = np.random.default_rng(np.random.SeedSequence([0x1D, int(seed)]))
    geometry = sample_geometry(rng)
    style = str(rng.choice(["short", "side", "long", "buzz"], p=[0.35, 0.25, 0.30, 0.10]))
    beard = float(rng.choice([0.0, 0.35, 1.0], p=[0.6, 0.25, 0.15])) if style != "long" else 0.0
    fringe = round(float(rng.choice([0.0, rng.uniform(0.3, 1.0)], p=[0.55, 0.45])), 3) if style != "buzz" else 0.0
    skin = _colour(rng, SKIN, 0.03)
    light = np.array([rng.uniform(-0.42, 0.42), rng.uniform(-0.55, -0.30), 1.0])
    light /= np.linalg.norm(light)
    return Identity(
        seed=int(seed),
        geometry=geometry,
        skin=skin,
        hair=_colour(rng, HAIR if sum(skin) > 1.6 else HAIR[:3], 0.10),
        iris=_colour(rng, IRIS if sum(skin) > 1.75 else IRIS[:2], 0.10),
        clothes=_colour(rng, CLOTHES, 0.10),
        wall=_colour(rng, WALLS, 0.10),
        hair_style=style,
        fringe=fringe,
        hair_volume=round(float(rng.random()) if style != "buzz" else 0.0, 3),
        beard=beard,
        glasses=bool(rng.random() < 0.2),
        brow_density=round(float(rng.uniform(0.5, 1.0)), 3),
        freckles=round(float(rng.random() ** 3), 3),
        age=round(float(rng.random()), 3),
        key_light=(round(float(light[0]), 4), round(float(light[1]), 4), round(float(light[2]), 4)),
        au_gain=tuple(round(float(v), 4) for v in rng.uniform(0.75, 1.25, len(ACTION_UNITS))),
    )
