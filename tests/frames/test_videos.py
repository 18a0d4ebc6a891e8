from __future__ import annotations

import os
import pickle
import re
from pathlib import Path

import cv2
import numpy as np
import pytest

from mebench.errors import UserError
from mebench.frames import indexing
from mebench.frames.videos import VideoFrames
from mebench.schema.recordings import Video
from tests.frames.films import cut, encoded, restamp, spoil
from tests.frames.films import film as make
from tests.frames.pictures import shades


def test_video_reads_forwards_and_backwards_alike(film: Path) -> None:
    frames = VideoFrames(film)
    assert (len(frames), frames.fps) == (24, 25.0)
    whole = frames.read(0, 24)
    np.testing.assert_allclose(shades(whole), np.arange(24) * 10, atol=2)
    rng = np.random.default_rng(0)
    for start in rng.integers(0, 20, 12):
        np.testing.assert_array_equal(frames.read(int(start), int(start) + 4), whole[start : start + 4])


def test_video_samples_are_the_frames_asked_for(film: Path) -> None:
    frames = VideoFrames(film)
    np.testing.assert_array_equal(frames.sample(np.array([0, 11, 23])), frames.read(0, 24)[[0, 11, 23]])


@pytest.mark.parametrize(("suffix", "codec"), [(".ts", "libx264"), (".mts", "libx264"), (".ts", "mpeg2video")])
def test_samples_of_a_stream_without_an_index_are_the_frames_asked_for(
    tmp_path: Path, suffix: str, codec: str, capfd: pytest.CaptureFixture[str]
) -> None:
    frames = VideoFrames(encoded(tmp_path / f"f{suffix}", codec=codec))
    assert len(frames) == 60
    indices = np.array([0, 4, 10, 29, 33, 59])
    assert frames._sought(indices) is None, "a seek in such a stream goes astray"
    capfd.readouterr()
    np.testing.assert_array_equal(frames.sample(indices), frames.read(0, 60)[indices])
    assert capfd.readouterr().err == ""


def test_a_seek_that_goes_astray_is_not_believed(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Astray:
        """A capture that comes to another frame than the one that was asked for."""

        def __init__(self, real: cv2.VideoCapture) -> None:
            self.real = real

        def set(self, what: int, value: int) -> bool:
            return self.real.set(what, value + 3)

        def __getattr__(self, name: str) -> object:
            return getattr(self.real, name)

    real = VideoFrames._open
    monkeypatch.setattr(VideoFrames, "_open", lambda self: Astray(real(self)))
    np.testing.assert_allclose(shades(np.stack(VideoFrames(film).sample(np.array([0, 4, 20])))), [0, 40, 200], atol=2)


def test_what_a_decoder_says_while_frames_are_read_stays_off_the_terminal(
    film: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def loud(self: VideoFrames, index: int, grey: bool) -> np.ndarray:
        os.write(2, b"[h264 @ 0x5] co located POCs unavailable\n")
        return np.zeros((4, 4), np.uint8)

    monkeypatch.setattr(VideoFrames, "_picture", loud)
    monkeypatch.setattr(VideoFrames, "_sought", lambda self, indices: None)
    assert VideoFrames(film).read(0, 2).shape == (2, 4, 4)
    assert len(VideoFrames(film).sample(np.array([1, 5]))) == 2
    assert capfd.readouterr().err == ""


def test_a_late_start_is_no_loss_and_a_cut_is_one_whenever_it_starts(tmp_path: Path) -> None:
    frames = VideoFrames(encoded(tmp_path / "f.mkv", begin=60))
    assert (len(frames), frames.notes()) == (60, ())
    whole = encoded(tmp_path / "g.mkv", 120, begin=60)
    (note,) = VideoFrames(cut(whole, 0.4)).notes()
    assert re.match(r"(\d+) of about 1(19|20|21) promised frames", note)


def test_time_that_is_missing_is_told_and_leaves_the_rate(tmp_path: Path) -> None:
    frames = VideoFrames(restamp(make(tmp_path / "f.mp4"), [(29, 1), (1, 76), (30, 1)]))
    assert frames.notes() == ("Time is missing, as where a recording was paused: 2.5 s before frame 31.",)
    assert frames.fps == pytest.approx(30, rel=1e-3)
    video = Video("", "", "f", frames.fps, frames)
    assert video.holes.tolist() == [31]
    assert video.seconds(31, 31)[0] == pytest.approx(29 / 30 + 76 / 30, abs=0.01)


def test_video_survives_pickling_while_open(film: Path) -> None:
    frames = VideoFrames(film)
    first = frames.read(0, 3)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(frames)).read(0, 3), first)


def test_frames_have_the_times_of_the_container(tmp_path: Path) -> None:
    frames = VideoFrames(restamp(make(tmp_path / "phone.mp4"), [(30, 1), (30, 2)]))
    stamps = np.concatenate([np.arange(30), 30 + 2 * np.arange(30)]) / 30
    np.testing.assert_allclose(frames.times, stamps, atol=1e-3)
    assert frames.fps == pytest.approx(60 / 3, rel=1e-3)
    video = Video("", "", "phone", frames.fps, frames)
    for onset, offset in ((1, 60), (20, 40), (31, 31), (60, 60)):
        start, end = video.seconds(onset, offset)
        assert start == pytest.approx(stamps[onset - 1], abs=0.02)
        assert end == pytest.approx([*stamps, 3.0][offset], abs=0.02)
    (note,) = frames.notes()
    assert note == "The frame rate varies (15 to 30, 20 frames/s in the mean): seconds follow the time stamps."


def test_a_video_of_one_rate_keeps_the_containers_rate_and_has_no_notes(tmp_path: Path) -> None:
    frames = VideoFrames(make(tmp_path / "f.mp4", fps=24000 / 1001))
    assert frames.fps == pytest.approx(24000 / 1001, rel=1e-5)
    np.testing.assert_allclose(frames.times, np.arange(60) / frames.fps, atol=1e-3)
    assert (frames.notes(), frames.missing) == ((), ())


def test_a_cut_file_is_told_with_its_counts(tmp_path: Path) -> None:
    frames = VideoFrames(cut(make(tmp_path / "f.avi", codec="XVID")))
    (note,) = frames.notes()
    n = len(frames)
    assert 20 < n < 50
    assert note.startswith((f"{n} of 60 promised frames could", f"{n - 1} of 60 promised frames could"))
    assert note.endswith(f"{60 - n} are not in the file, cut off or broken.")
    assert len(frames.read(0, n)) == n


@pytest.mark.parametrize("codec", ["mp4v", "XVID", "MJPG"])
def test_corrupt_bytes_are_told_with_counts_and_frames_behind_them_are_read(
    tmp_path: Path, codec: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(indexing, "has_pyav", lambda: False)
    path = spoil(make(tmp_path / ("f.mp4" if codec == "mp4v" else "f.avi"), codec=codec))
    frames = VideoFrames(path)
    (note,) = frames.notes()
    assert re.match(r"(5\d|60) of 60 promised frames could be decoded; .*damage", note)
    assert len(frames.read(0, len(frames))) == len(frames)
    assert "damaged" not in capfd.readouterr().err, "what the decoder prints is kept from the terminal"


def test_pyav_keeps_the_numbers_of_frames_that_are_lost(tmp_path: Path) -> None:
    pytest.importorskip("av", reason="PyAV (mebench[video]) is not installed")
    frames = VideoFrames(spoil(make(tmp_path / "f.mp4")))
    assert len(frames) == 60
    assert frames.missing
    lost = frames.missing[0]
    read = frames.read(0, 60)
    np.testing.assert_array_equal(read[lost - 1], read[lost - 2])
    assert f"{60 - len(frames.missing)} of 60 promised frames could be decoded" in frames.notes()[0]
    again = frames.read(lost - 1, lost + 3)
    np.testing.assert_array_equal(again, read[lost - 1 : lost + 3])


def test_a_video_under_a_name_that_is_no_utf8(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xb1\xed\xc7\xe9.mp4"))
    plain = make(tmp_path / "plain.mp4", 10)
    path.write_bytes(plain.read_bytes())
    np.testing.assert_array_equal(VideoFrames(path).read(0, 10), VideoFrames(plain).read(0, 10))
    path.write_bytes(b"")
    with pytest.raises(UserError, match="is empty: give a video") as caught:
        len(VideoFrames(path))
    str(caught.value).encode()


@pytest.mark.parametrize(("content", "message"), [(b"", "is empty"), (b"text" * 99, "is text")])
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
