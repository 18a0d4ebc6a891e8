from __future__ import annotations

import pickle
from pathlib import Path

import cv2
import numpy as np
import pytest

from mebench.errors import UserError
from mebench.frames.videos import VideoFrames
from tests.frames.pictures import shades


def test_video_reads_forwards_and_backwards_alike(film: Path) -> None:
    frames = VideoFrames(film)
    assert (len(frames), frames.fps) == (24, 25.0)
    whole = frames.read(0, 24)
    np.testing.assert_allclose(shades(whole), np.arange(24) * 10, atol=2)
    rng = np.random.default_rng(0)
    for start in rng.integers(0, 20, 12):
        np.testing.assert_array_equal(frames.read(int(start), int(start) + 4), whole[start : start + 4])


def test_video_samples_lie_near_the_indices_asked_for(film: Path) -> None:
    np.testing.assert_allclose(
        shades(np.stack(VideoFrames(film).sample(np.array([0, 11, 23])))), [0, 110, 230], atol=12
    )


def test_video_survives_pickling_while_open(film: Path) -> None:
    frames = VideoFrames(film)
    first = frames.read(0, 3)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(frames)).read(0, 3), first)


class Boastful(VideoFrames):
    """A container that promises more frames than it holds."""

    def _open(self) -> object:
        capture = super()._open()

        class Capture:
            def get(self, what: int) -> float:
                return 40.0 if what == cv2.CAP_PROP_FRAME_COUNT else capture.get(what)

            def __getattr__(self, name: str) -> object:
                return getattr(capture, name)

        return Capture()


def test_a_wrong_promise_is_found_out_by_counting(film: Path) -> None:
    frames = Boastful(film)
    assert len(frames) == 24
    assert shades(frames.read(23, 24))[0] == pytest.approx(230, abs=2)


@pytest.mark.parametrize(("content", "message"), [(b"", "cannot be opened"), (b"text" * 99, "cannot be opened")])
def test_what_is_no_video(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "bad.mp4"
    path.write_bytes(content)
    with pytest.raises(UserError, match=message):
        len(VideoFrames(path))


def test_video_without_frames(tmp_path: Path) -> None:
    path = tmp_path / "empty.avi"
    cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 25.0, (64, 48)).release()
    with pytest.raises(UserError, match="no frame|cannot be opened"):
        len(VideoFrames(path))
