"""Training of `hog_ridge` on synthetic faces.

Conventions
-----------
A *group* holds the faces of one identity: the first `NEUTRALS` are neutral, the others show one to four action units at
random intensities, micro and macro ones in equal shares, with blinks and gaze shifts in between. Faces are aligned by
their pupils with an error that stays the same within the group (where the eyes were found) and a small one from face to
face (what the tracker leaves), as over a real video. Targets are 0-5, the stronger of both sides.

Targets do not change when a face is mirrored. The fit on all faces and their mirror images is found from the mean of
the features of both alone, with half the penalty: by symmetry the best weights give both the same value.

Identities for training and for the correlations are drawn from different seeds and never overlap.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # comes with scikit-learn

from mebench.faces.geometry import SIZE, Pose, crop_face, pose_of_eyes, warp
from mebench.faces.hog import hog
from mebench.faces.hog_model import Ridge
from mebench.metrics.correlation import pearson
from mebench.rendering.camera import Camera
from mebench.rendering.fields import Layout
from mebench.rendering.head import Head
from mebench.rendering.identity import make_identity
from mebench.rendering.light import LEVELS, Lamp, light_track
from mebench.rendering.pose import NEUTRAL, forward, sway
from mebench.schema.action_units import ACTION_UNITS

NEUTRALS = 3
EXPRESSIONS = 33
TRAINING_SEEDS = range(910_000, 910_036)
HELD_OUT_SEEDS = range(940_000, 940_010)  # no setting was chosen by looking at these
PENALTY = 5.0
_WIDTH, _HEIGHT = 320, 240
_BLINK = ACTION_UNITS.index(45)


@dataclasses.dataclass(frozen=True, eq=False)
class Group:
    """Faces of one identity, uint8 (n, 112, 112), and their intensities, float32 (n, 17); the neutral ones first."""

    faces: NDArray[np.uint8]
    intensities: NDArray[np.float32]


Sampler = Callable[[int], Group]


def draw_intensities(rng: np.random.Generator) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Draw the intensities of one expression for the subject's left and right side, multiples of 1/64, each (17,)."""
    units = rng.choice(len(ACTION_UNITS) - 1, rng.integers(1, 5), replace=False)
    level = rng.uniform(0.4, 1.6) if rng.random() < 0.5 else rng.uniform(1.5, 5.0)
    both = np.zeros(len(ACTION_UNITS))
    both[units] = np.clip(level * rng.uniform(0.5, 1.3, len(units)), 0.3, 5.0)
    left, right = both.copy(), both.copy()
    if rng.random() < 0.15:
        (left if rng.random() < 0.5 else right)[:] = 0
    if rng.random() < 0.15:
        left[_BLINK] = right[_BLINK] = rng.uniform(0, 5)
    return (np.round(left * 64) / 64).astype(np.float32), (np.round(right * 64) / 64).astype(np.float32)


def synthetic_group(seed: int) -> Group:
    """Render the group of one identity: half-size frames in mild light with sensor noise."""
    rng = np.random.default_rng(np.random.SeedSequence([0x409, seed]))
    count = NEUTRALS + EXPRESSIONS
    layout = Layout.of(_WIDTH, _HEIGHT)
    head, lamp, camera = Head(make_identity(seed), layout), Lamp(_WIDTH, _HEIGHT), Camera(_WIDTH, _HEIGHT, 1.5, 90)
    poses, light = sway(rng, count, 0.2), light_track(rng, count, 0.2, LEVELS["mild"])
    rest = np.zeros(len(ACTION_UNITS), np.float32)
    pupils = head.shape(rest, rest, NEUTRAL).pupils
    habit = _alignment_error(rng, 1.5, 0.02, 0.03)
    faces = np.empty((count, SIZE, SIZE), np.uint8)
    intensities = np.zeros((count, len(ACTION_UNITS)), np.float32)
    for i in range(count):
        left, right = (rest, rest) if i < NEUTRALS else draw_intensities(rng)
        frame, _ = head.draw(left, right, poses[i], np.clip(rng.normal(0, 0.025, 2), -0.06, 0.06))
        grey = camera.expose(lamp.apply(frame, light[i]), seed, i) @ np.array([0.114, 0.587, 0.299])
        affine = forward(poses[i], layout.ipd, layout.cx, layout.cy)
        eyes = [complex(*(affine[:, :2] @ p + affine[:, 2])) for p in pupils]
        pose = pose_of_eyes(eyes[0], eyes[1]).after(habit).after(_alignment_error(rng, 0.25, 0.004, 0.005))
        faces[i] = warp(crop_face(grey.astype(np.uint8), pose, 0.12, 1), pose, SIZE)
        intensities[i] = np.maximum(left, right)
    return Group(faces, intensities)


def _alignment_error(rng: np.random.Generator, shift: float, scale: float, tilt: float) -> Pose:
    """Draw a small similarity transform within the aligned face; standard deviations in px, as a ratio, in radians."""
    zoom = np.exp(complex(rng.normal(0, scale), rng.normal(0, tilt)))
    return Pose(complex(zoom), complex(rng.normal(0, shift), rng.normal(0, shift)))


def train_ridge(
    training: Sequence[int] = TRAINING_SEEDS,
    held_out: Sequence[int] = HELD_OUT_SEEDS,
    sampler: Sampler = synthetic_group,
) -> Ridge:
    """Train both models and correlate them with the truth on identities that were held out.

    Parameters
    ----------
    training, held_out : seeds of identities; they must not overlap.
    sampler : gives the faces of an identity.

    Raises
    ------
    ValueError : when an identity is in both.
    """
    if set(training) & set(held_out):
        raise ValueError("identities for training and for the correlations must differ")
    features, targets = _collect(training, sampler, mirrored=True)
    # One thread: the last bits of a matrix product depend on the number of threads, and runs must be repeatable.
    with threadpool_limits(1, "blas"):
        person = fit_ridge(_relative(features), targets.reshape(-1, targets.shape[-1]), PENALTY, offset=False)
        static = fit_ridge(_flat(features), targets.reshape(-1, targets.shape[-1]), PENALTY, offset=True)
    features, targets = _collect(held_out, sampler, mirrored=False)
    rows = [
        pearson(_relative(features) @ person[:-1] + person[-1], targets.reshape(-1, targets.shape[-1])),
        pearson(_flat(features) @ static[:-1] + static[-1], targets.reshape(-1, targets.shape[-1])),
    ]
    return Ridge(person, static, np.nan_to_num(np.stack(rows)).astype(np.float32))


def _collect(
    seeds: Sequence[int], sampler: Sampler, *, mirrored: bool
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return features (identities, faces, 12168), averaged with those of the mirror images, and intensities."""
    features, intensities = [], []
    for group in map(sampler, seeds):
        own = hog(group.faces)
        features.append((own + hog(group.faces[:, :, ::-1])) / 2 if mirrored else own)
        intensities.append(group.intensities)
    return np.stack(features), np.stack(intensities)


def _flat(features: NDArray[np.float32]) -> NDArray[np.float32]:
    return features.reshape(-1, features.shape[-1])


def _relative(features: NDArray[np.float32]) -> NDArray[np.float32]:
    """Subtract from each identity the median of its neutral faces."""
    return _flat(features - np.median(features[:, :NEUTRALS], axis=1, keepdims=True))


def fit_ridge(
    features: NDArray[np.float32], targets: NDArray[np.float32], penalty: float, *, offset: bool
) -> NDArray[np.float32]:
    """Solve ridge regression in its dual form, which is cheap while there are fewer faces than features.

    Parameters
    ----------
    features : (n, f); targets : (n, u).
    penalty : weight of the squared norm of the solution.
    offset : whether features and targets are centred first; else the solution passes through the origin.

    Returns
    -------
    float32 (f + 1, u): weights, and the offset in the last row.
    """
    x_mean = features.mean(axis=0) if offset else np.zeros(features.shape[1], np.float32)
    y_mean = targets.mean(axis=0) if offset else np.zeros(targets.shape[1], np.float32)
    x = features - x_mean
    kernel = (x @ x.T).astype(np.float64) + penalty * np.eye(len(x))
    weights = x.T @ np.linalg.solve(kernel, (targets - y_mean).astype(np.float64)).astype(np.float32)
    return np.vstack([weights, y_mean - x_mean @ weights])
