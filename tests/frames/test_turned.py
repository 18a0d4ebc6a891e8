from __future__ import annotations

import numpy as np
import pytest

from mebench.frames.content import KnownContent, content_of
from mebench.frames.folders import FolderFrames
from mebench.frames.pixels import ArrayFrames
from mebench.frames.turned import TurnedFrames
from mebench.schema.recordings import Clip, FrameSource

FRAMES = np.random.default_rng(0).integers(0, 256, (3, 4, 6), np.uint8)


@pytest.mark.parametrize("quarters", [0, 1, 2, 3, -1, 5])
def test_every_frame_is_turned(quarters: int) -> None:
    turned = TurnedFrames(ArrayFrames(FRAMES), quarters)
    assert isinstance(turned, FrameSource)
    assert len(turned) == 3
    for i in range(3):
        assert np.array_equal(turned.read(i, i + 1)[0], np.rot90(FRAMES[i], quarters))
        colour = turned.read(i, i + 1, grey=False)[0]
        assert np.array_equal(colour[..., 2], np.rot90(FRAMES[i], quarters))


def test_the_digest_tells_how_frames_are_turned() -> None:
    digests = {TurnedFrames(ArrayFrames(FRAMES), quarters).digest for quarters in (0, 1, 2, 3)}
    assert len(digests) == 4
    assert TurnedFrames(ArrayFrames(FRAMES), 4).digest in digests


def test_what_is_known_of_the_frames_is_passed_on(tmp_path) -> None:
    import cv2

    for number in (1, 3):
        cv2.imwrite(str(tmp_path / f"{number}.png"), FRAMES[0])
    folder = FolderFrames(tmp_path)
    turned = TurnedFrames(folder, 1)
    assert turned.missing == (2,)
    assert turned.notes() == folder.notes() != ()
    assert content_of(turned, KnownContent(tmp_path / "cache")) == turned.digest
    assert Clip("d", "s", "c", 30.0, turned).timing.times.shape == (3,)
    assert TurnedFrames(ArrayFrames(FRAMES), 1).notes() == ()
