from __future__ import annotations

import os
import pickle
from pathlib import Path

import cv2
import numpy as np
import pytest

from mebench.errors import UserError
from mebench.frames.files import open_frames
from mebench.frames.folders import FolderFrames
from mebench.frames.pixels import ArrayFrames
from mebench.frames.videos import VideoFrames
from mebench.schema.video import FrameSource


def picture(value: int, size: tuple[int, int] = (12, 16)) -> np.ndarray:
    return np.full(size, value, np.uint8)


def write(folder: Path, **values: int) -> Path:
    folder.mkdir(exist_ok=True)
    for name, value in values.items():
        cv2.imwrite(str(folder / f"{name}.png"), picture(value))
    return folder


def shades(frames: np.ndarray) -> list[int]:
    return [int(frame.flat[0]) for frame in frames]


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """Twenty-four frames, each flat and 10 levels brighter than the last."""
    path = tmp_path / "film.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 25.0, (64, 48))
    for i in range(24):
        writer.write(np.full((48, 64, 3), 10 * i, np.uint8))
    writer.release()
    return path


def test_every_source_is_a_frame_source(tmp_path: Path, film: Path) -> None:
    sources = [ArrayFrames(picture(0)[None]), FolderFrames(write(tmp_path / "f", a1=1)), VideoFrames(film)]
    for source in sources:
        assert isinstance(source, FrameSource)
        assert len(source.digest) == 64
        grey, colour = source.read(0, 1), source.read(0, 1, grey=False)
        assert grey.dtype == colour.dtype == np.uint8
        assert colour.shape == (*grey.shape, 3)


def test_array_frames_refuse_other_types() -> None:
    with pytest.raises(ValueError, match="uint8"):
        ArrayFrames(np.zeros((2, 3, 3), np.float32))


def test_array_digest_follows_pixels_and_shape() -> None:
    one = np.zeros((2, 4, 6), np.uint8)
    other = one.copy()
    other[1, 2, 3] = 1
    assert len({ArrayFrames(a).digest for a in (one, other, one.reshape(2, 6, 4))}) == 3
    assert ArrayFrames(one).digest == ArrayFrames(one.copy()).digest


def test_folder_sorts_by_the_last_number_not_by_name(tmp_path: Path) -> None:
    folder = write(tmp_path / "f", img1=1, img2=2, img10=10, img03=3, **{f"img{i}": i for i in range(4, 10)})
    assert shades(FolderFrames(folder).read(0, 10)) == list(range(1, 11))


def test_folder_number_is_the_last_group_of_digits(tmp_path: Path) -> None:
    folder = write(tmp_path / "f", **{"006_1_0001": 1, "006_1_0002": 2})
    assert list(FolderFrames(folder).files) == [1, 2]


def test_missing_frames_show_the_nearest_earlier_one_and_are_listed(tmp_path: Path) -> None:
    frames = FolderFrames(write(tmp_path / "f", f2=2, f3=3, f6=6), count=8)
    assert len(frames) == 8
    assert shades(frames.read(0, 8)) == [2, 2, 3, 3, 3, 6, 6, 6]
    assert frames.missing == (1, 4, 5, 7, 8)


def test_first_none_starts_at_the_lowest_number(tmp_path: Path) -> None:
    frames = FolderFrames(write(tmp_path / "f", f7=7, f8=8), first=None)
    assert (len(frames), frames.missing, frames.base) == (2, (), 7)


def test_count_cuts_frames_past_the_end(tmp_path: Path) -> None:
    assert len(FolderFrames(write(tmp_path / "f", f1=1, f2=2, f3=3), count=2)) == 2


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ({}, "no numbered"),
        ({"cover": 1}, "no numbered"),
        ({"img1": 1, "img01": 2}, "frame 1 twice"),
        ({"img0": 1}, "below 1"),
    ],
)
def test_bad_folders_are_told_in_one_sentence(tmp_path: Path, names: dict[str, int], message: str) -> None:
    with pytest.raises(UserError, match=message):
        len(FolderFrames(write(tmp_path / "f", **names)))


def test_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="does not exist"):
        len(FolderFrames(tmp_path / "nowhere"))


def test_unreadable_frame_is_named_only_when_it_is_read(tmp_path: Path) -> None:
    folder = write(tmp_path / "f", f1=1, f3=3)
    (folder / "f2.png").write_bytes(b"no picture")
    frames = FolderFrames(folder)
    assert shades(frames.read(0, 1)) == [1]
    with pytest.raises(UserError, match=r"f2\.png cannot be read"):
        frames.read(0, 3)


def test_frames_of_two_sizes(tmp_path: Path) -> None:
    folder = write(tmp_path / "f", f1=1)
    cv2.imwrite(str(folder / "f2.png"), picture(2, (10, 10)))
    with pytest.raises(UserError, match=r"f2\.png is 10x10"):
        FolderFrames(folder).read(0, 2)


def test_folder_digest_follows_names_sizes_and_times(tmp_path: Path) -> None:
    folder = write(tmp_path / "f", f1=1, f2=2)
    before = FolderFrames(folder).digest
    assert FolderFrames(folder).digest == before
    os.utime(folder / "f2.png", ns=(1, 1))
    assert FolderFrames(folder).digest != before


def test_ranges_outside_are_errors(tmp_path: Path) -> None:
    frames = FolderFrames(write(tmp_path / "f", f1=1, f2=2))
    assert frames.read(1, 1).shape[0] == 0
    for start, stop in ((-1, 1), (0, 3), (2, 1)):
        with pytest.raises(IndexError, match="outside a video of 2 frames"):
            frames.read(start, stop)


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


def test_open_frames_tells_folder_from_video(tmp_path: Path, film: Path) -> None:
    assert isinstance(open_frames(write(tmp_path / "f", f5=5)), FolderFrames)
    assert isinstance(open_frames(film), VideoFrames)
    with pytest.raises(UserError, match="neither a folder nor a video"):
        open_frames(tmp_path / "nothing")
