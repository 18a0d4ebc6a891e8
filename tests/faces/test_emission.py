from __future__ import annotations

import numpy as np

from mebench.faces.emission import AlignedChunk, Emission
from mebench.faces.following import Located
from mebench.faces.geometry import Crop, Pose

CROP = Crop(np.tile(np.arange(200, dtype=np.uint8), (200, 1)), 0, 0)


def located(x: float, *, correction: complex = 0j, found: bool = True, begins: bool = False) -> Located:
    return Located(CROP, Pose(1 + 0j, complex(x, 100)), Pose(1 + 0j, correction), found, begins)


def emitted(frames: list[Located], deviations: tuple[float, float] = (1.0, 3.0)) -> AlignedChunk:
    emission = Emission(deviations)
    for frame in frames:
        emission.take(frame)
    emission.close()
    chunk = emission.ready()
    assert chunk is not None
    assert emission.ready() is None
    return chunk


def test_nothing_is_averaged_over_a_cut_or_a_gap() -> None:
    places = [80] * 10 + [120] * 10
    cut = emitted([located(x, begins=i == 10) for i, x in enumerate(places)])
    np.testing.assert_allclose(cut.motion[:, 2], places)
    assert np.flatnonzero(cut.begins).tolist() == [10]
    gap = emitted([*[located(80)] * 10, *[located(80, found=False)] * 3, *[located(120)] * 10])
    np.testing.assert_allclose(gap.motion[:, 2], [80] * 13 + [120] * 10)
    assert gap.found.tolist() == [True] * 10 + [False] * 3 + [True] * 10


def test_without_a_cut_the_motion_is_smoothed_and_the_correction_more() -> None:
    step = emitted([located(80 if i < 20 else 120) for i in range(40)])
    slow = emitted([located(100, correction=0j if i < 20 else 40) for i in range(40)])
    widths = [np.count_nonzero(np.abs(np.diff(chunk.motion[:, 2])) > 0.5) for chunk in (step, slow)]
    assert 1 < widths[0] < widths[1]
    np.testing.assert_allclose(step.motion[[0, -1], 2], [80, 120])


def test_pictures_come_out_in_order_whenever_they_are_final() -> None:
    emission, parts = Emission((1.0, 3.0)), []
    for i in range(60):
        emission.take(located(100 + i % 5, found=not 20 <= i < 25))
        if i % 7 == 0 and (chunk := emission.ready()) is not None:
            parts.append(chunk)
    emission.close()
    parts.append(emission.ready())  # type: ignore[arg-type]
    whole = emitted([located(100 + i % 5, found=not 20 <= i < 25) for i in range(60)])
    np.testing.assert_allclose(np.concatenate([p.motion for p in parts]), whole.motion)
    np.testing.assert_array_equal(np.concatenate([p.faces for p in parts]), whole.faces)
    assert whole.faces.shape == (60, 112, 112)
