from __future__ import annotations

import cv2
import numpy as np
import pytest

from mebench.errors import UserError
from mebench.frames.content import KnownContent, content_of
from mebench.frames.stills import STILL_FPS, StillFrames
from mebench.schema.recordings import FEWEST_FPS, Clip, FrameSource

PICTURE = np.random.default_rng(0).integers(0, 256, (5, 7, 3), np.uint8)


@pytest.fixture
def path(tmp_path):
    cv2.imwrite(str(tmp_path / "one.png"), PICTURE)
    return tmp_path / "one.png"


def test_a_picture_is_a_video_of_one_frame(path) -> None:
    still = StillFrames(path)
    assert isinstance(still, FrameSource)
    assert len(still) == 1
    assert np.array_equal(still.read(0, 1, grey=False), PICTURE[None])
    # Decoders round grey in their own way.
    assert np.abs(still.read(0, 1)[0] - cv2.cvtColor(PICTURE, cv2.COLOR_BGR2GRAY).astype(int)).max() <= 1
    assert still.read(1, 1).shape == (0, 0, 0)
    with pytest.raises(IndexError):
        still.read(0, 2)


def test_its_digest_is_that_of_its_content(path, tmp_path) -> None:
    before = StillFrames(path).digest
    assert content_of(StillFrames(path), KnownContent(tmp_path / "cache")) == before
    cv2.imwrite(str(path), PICTURE[::-1])
    assert StillFrames(path).digest != before


def test_what_is_no_picture_is_told_by_name(path) -> None:
    path.write_bytes(b"no picture")
    with pytest.raises(UserError, match=r"one.png cannot be read as an image"):
        StillFrames(path).read(0, 1)
    with pytest.raises(UserError, match=r"gone.png cannot be read as an image"):
        StillFrames(path.with_name("gone.png")).read(0, 1)


def test_nothing_is_said_of_the_frame_rate_of_a_still(path) -> None:
    assert STILL_FPS >= FEWEST_FPS
    assert Clip("d", "s", "c", STILL_FPS, StillFrames(path)).notes() == ()
