from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mebench.errors import UserError
from mebench.faces.action_units import ActionUnitDetector, OpenFaceActionUnits
from mebench.faces.cache import FrameCache
from mebench.frames.pixels import ArrayFrames
from mebench.schema.action_units import ACTION_UNITS
from mebench.schema.recordings import Video


class Brightness(ActionUnitDetector):
    """Says of every unit how bright the face is, and remembers how often it was asked."""

    id = "brightness"
    asked = 0

    def detect(self, frames: np.ndarray) -> np.ndarray:
        self.asked += 1
        return np.repeat(frames.mean(axis=(1, 2))[:, None], 17, axis=1).astype(np.float32)


@pytest.fixture
def video(video_of: Callable[..., Video]) -> Video:
    faces = np.repeat(np.arange(300) % 250, 112 * 112).reshape(300, 112, 112).astype(np.uint8)
    return video_of(np.zeros((300, 4, 4), np.uint8), aligned=ArrayFrames(faces))


def openface_table(path: Path, rows: list[tuple[int, int]]) -> str:
    names = ["frame", "confidence", "success", *(f"AU{u:02d}_r" for u in ACTION_UNITS)]
    lines = [",".join([str(f), "0.9", str(ok), *["1.5"] * 16, str(f)]) for f, ok in rows]
    path.write_text("\n".join([",".join(names), *lines]))
    return str(path)


def test_a_video_is_detected_in_chunks_once_and_then_kept(video: Video, tmp_path: Path) -> None:
    detector, cache = Brightness.configure(), FrameCache(tmp_path)
    track = detector.of_recording(video, cache)
    first, asked = track.intensities, detector.asked
    again = detector.of_recording(video, cache).intensities
    assert track.found.all()
    assert len(track) == 300
    assert first.shape == (300, 17)
    assert first.dtype == np.float32
    np.testing.assert_array_equal(first[:, 3], np.arange(300) % 250)
    np.testing.assert_array_equal(first, again)
    assert asked == detector.asked == 2


def test_versions_do_not_share_results(video: Video, tmp_path: Path) -> None:
    class Next(Brightness):
        version = "2"

    cache, newer = FrameCache(tmp_path), Next.configure()
    Brightness.configure().of_recording(video, cache)
    newer.of_recording(video, cache)
    assert newer.asked == 2


def test_openface_reads_the_table(video_of: Callable[..., Video], tmp_path: Path) -> None:
    path = openface_table(tmp_path / "a.csv", [(1, 1), (2, 0), (3, 1)])
    video = video_of(np.zeros((4, 4, 4), np.uint8), action_units_csv=path)
    got = OpenFaceActionUnits.configure().of_recording(video, FrameCache(tmp_path))
    assert got.intensities[:, 16].tolist() == [1, 1, 3, 3]
    assert (got.intensities[:, 0] == 1.5).all()
    assert got.found.tolist() == [True, False, True, False]


def test_openface_without_a_table(video_of: Callable[..., Video], tmp_path: Path) -> None:
    cache, blank = FrameCache(tmp_path), np.zeros((2, 4, 4), np.uint8)
    with pytest.raises(UserError, match="s1/s1_1 has no OpenFace table"):
        OpenFaceActionUnits.configure().of_recording(video_of(blank), cache)
    failed = openface_table(tmp_path / "a.csv", [(1, 0)])
    with pytest.raises(UserError, match="no frame with success 1"):
        OpenFaceActionUnits.configure().of_recording(video_of(blank, action_units_csv=failed), cache)
    with pytest.raises(UserError, match="read from its tables"):
        OpenFaceActionUnits.configure().detect(np.zeros((1, 112, 112), np.uint8))
