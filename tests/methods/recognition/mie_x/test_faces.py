from __future__ import annotations

import numpy as np

from mebench.methods.recognition.mie_x.faces import centre, changed, cut_of


def faces(clips: int = 3) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (clips, 2, 64, 64, 3), np.uint8)


def test_the_middle_is_red_first_and_lies_in_minus_one_to_one() -> None:
    shown = np.zeros((1, 1, 64, 64, 3), np.uint8)
    shown[..., 2] = 255  # red, as OpenCV orders it
    made = centre(shown)
    assert cut_of(256) == 224
    assert made.shape == (1, 1, 3, 56, 56)
    assert made[0, 0, 0].min() == 1
    assert made[0, 0, 1:].max() == -1
    whole = faces()
    assert np.allclose(centre(whole)[1, 0, 0], whole[1, 0, 4:60, 4:60, 2] / 127.5 - 1, atol=1e-6)


def test_faces_of_a_clip_are_changed_alike_and_clips_differently() -> None:
    one = faces(1)[:, :1]
    same = np.repeat(np.repeat(one, 2, axis=0), 2, axis=1)
    made = changed(same, np.random.default_rng(0))
    assert np.array_equal(made[0, 0], made[0, 1])
    assert not np.array_equal(made[0, 0], made[1, 0])
    assert made.shape == (2, 2, 3, 56, 56)
    assert made.min() >= -1
    assert made.max() <= 1
    assert np.array_equal(made, changed(same, np.random.default_rng(0)))


def test_without_a_change_only_the_place_differs() -> None:
    class Middle:
        """A stream that draws the middle of every range."""

        def uniform(self, low: float, high: float, size: int | None = None) -> object:
            return (low + high) / 2 if size is None else np.full(size, (low + high) / 2)

        def integers(self, low: int, high: int, size: int) -> np.ndarray:
            return np.full(size, (low + high - 1) // 2)

    shown = np.full((1, 1, 64, 64, 3), (40, 90, 200), np.uint8)
    assert np.allclose(changed(shown, Middle()), centre(shown), atol=0.02)  # type: ignore[arg-type]
