from __future__ import annotations

import numpy as np
import pytest

from mebench.frames.pixels import ArrayFrames


def test_array_frames_refuse_other_types() -> None:
    with pytest.raises(ValueError, match="uint8"):
        ArrayFrames(np.zeros((2, 3, 3), np.float32))


def test_array_digest_follows_pixels_and_shape() -> None:
    one = np.zeros((2, 4, 6), np.uint8)
    other = one.copy()
    other[1, 2, 3] = 1
    assert len({ArrayFrames(a).digest for a in (one, other, one.reshape(2, 6, 4))}) == 3
    assert ArrayFrames(one).digest == ArrayFrames(one.copy()).digest
