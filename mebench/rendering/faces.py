"""Single faces: for contact sheets, and for training an action-unit regressor."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.rendering.action_units import INDEX
from mebench.rendering.camera import Camera
from mebench.rendering.head import Shape, head_of
from mebench.rendering.light import LEVELS, Lamp, light_track
from mebench.rendering.pose import NEUTRAL
from mebench.schema.action_units import ACTION_UNITS


@dataclasses.dataclass(frozen=True)
class FaceSample:
    """One face with its truth.

    Attributes
    ----------
    image : (height, width, 3) uint8 BGR.
    action_units : (17,) intensities 0-5, the stronger of the two sides, in the order of `ACTION_UNITS`.
    left, right : (17,) the same by the subject's side.
    landmarks : (68, 2) and eyes : (2, 2) (image-left pupil first), in pixels.
    identity : number of the face; samples of one identity share it.
    """

    image: NDArray[np.uint8]
    action_units: NDArray[np.float32]
    left: NDArray[np.float32]
    right: NDArray[np.float32]
    landmarks: NDArray[np.float64]
    eyes: NDArray[np.float64]
    identity: int


def unit_vector(action_units: Mapping[int, float] | NDArray[np.floating]) -> NDArray[np.float32]:
    """Return intensities (17,) from a mapping of unit to intensity.

    Raises
    ------
    UserError : for a unit that is not rendered or an intensity outside 0-5.
    """
    out = np.zeros(len(ACTION_UNITS), np.float32)
    if isinstance(action_units, Mapping):
        for unit, intensity in action_units.items():
            if unit not in INDEX:
                raise UserError(f"AU{unit} is not rendered: use one of {', '.join(map(str, ACTION_UNITS))}.")
            out[INDEX[unit]] = intensity
    else:
        out[:] = action_units
    if out.min() < 0 or out.max() > 5:
        raise UserError("Action-unit intensities must lie between 0 and 5.")
    return (np.round(out * 64) / 64).astype(np.float32)


def render_face(
    identity_seed: int,
    action_units: Mapping[int, float] | NDArray[np.floating],
    size: tuple[int, int] = (640, 480),
    *,
    right: Mapping[int, float] | NDArray[np.floating] | None = None,
) -> NDArray[np.uint8]:
    """Render one face without noise, light changes or compression.

    Parameters
    ----------
    identity_seed : who.
    action_units : intensities 0-5 by unit, or (17,); of the subject's left side when `right` is given, else of both.
    size : width and height in pixels.

    Returns
    -------
    (height, width, 3) uint8 BGR.
    """
    return face_and_shape(identity_seed, action_units, size, right=right)[0]


def face_and_shape(
    identity_seed: int,
    action_units: Mapping[int, float] | NDArray[np.floating],
    size: tuple[int, int] = (640, 480),
    *,
    right: Mapping[int, float] | NDArray[np.floating] | None = None,
) -> tuple[NDArray[np.uint8], Shape]:
    """Render one face as `render_face` does and also return where its parts lie."""
    units = unit_vector(action_units)
    other = units if right is None else unit_vector(right)
    return head_of(identity_seed, *size).draw(units, other, NEUTRAL, np.zeros(2))


def sample_faces(
    n: int,
    seed: int,
    *,
    per_identity: int = 20,
    size: tuple[int, int] = (320, 240),
    light: str = "mild",
    noise: float = 2.0,
) -> Iterator[FaceSample]:
    """Yield faces with independent random combinations of action units, pose, gaze and light.

    Parameters
    ----------
    n : number of faces; every `per_identity` of them share an identity.
    seed : faces of different seeds share no identity with each other, nor with the `synth_lv` datasets.
    size : width and height in pixels; the pupils are .183 of the height apart.
    """
    lamp, camera = Lamp(*size), Camera(*size, noise, 90)
    rng = np.random.default_rng(np.random.SeedSequence([0x5A, seed]))
    for i in range(n):
        identity = int(np.random.SeedSequence([0x5A, seed, i // per_identity]).generate_state(1)[0])
        left, right = _random_units(rng)
        pose = NEUTRAL + rng.normal(0, 1, 6) * (0.03, 0.03, 0.015, 0.008, 0.015, 0.015)
        head = head_of(identity, *size)
        frame, shape = head.draw(left, right, pose, rng.normal(0, (0.03, 0.012)))
        frame = lamp.apply(frame, light_track(rng, 1, 30.0, LEVELS[light])[0])
        frame = camera.expose(frame, identity, i)
        yield FaceSample(frame, np.maximum(left, right), left, right, shape.landmarks, shape.pupils, identity)


def _random_units(rng: np.random.Generator) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Draw intensities of both sides: units are independent, weak ones more frequent, few one-sided."""
    shown = rng.random(len(ACTION_UNITS)) < rng.choice([0.0, 0.15, 0.35])
    peak = 5 * rng.beta(0.9, 1.4, len(ACTION_UNITS)) * shown
    left, right = peak * rng.uniform(0.9, 1.0, len(peak)), peak * rng.uniform(0.9, 1.0, len(peak))
    lone = (rng.random(len(peak)) < 0.12) & ~np.isin(ACTION_UNITS, (17, 25, 26, 45, 9))
    left = np.where(lone & (rng.random(len(peak)) < 0.5), 0, left)
    right = np.where(lone & (left > 0), 0, right)
    return unit_vector(left.astype(np.float32)), unit_vector(right.astype(np.float32))
