from __future__ import annotations

import struct
import wave
from pathlib import Path

import cv2
import numpy as np
import pytest

from mebench.errors import UserError
from mebench.frames.no_video import is_picture
from mebench.frames.videos import VideoFrames
from tests.frames.films import cut, film
from tests.frames.pictures import picture, write


def refusal(path: Path) -> str:
    with pytest.raises(UserError) as caught:
        len(VideoFrames(path))
    return str(caught.value)


@pytest.mark.parametrize("suffix", ["jpg", "png", "bmp", "webp", "tiff"])
def test_a_still_picture_under_any_name(tmp_path: Path, suffix: str) -> None:
    ok, content = cv2.imencode(f".{suffix}", picture(7))
    assert ok
    (tmp_path / "face.mp4").write_bytes(content.tobytes())
    assert refusal(tmp_path / "face.mp4").endswith("is one picture, not a video: give a video, or a folder of frames.")


def test_one_picture_of_a_folder_of_frames(tmp_path: Path) -> None:
    folder = write(tmp_path / "f", img1=1, img2=2, img3=3)
    assert refusal(folder / "img2.png").endswith("give its folder, whose pictures are the frames.")


def test_sound(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "s.wav"), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(8000))
    assert refusal(tmp_path / "s.wav").endswith(
        "holds sound and no pictures: give the video that belongs to the sound."
    )
    index = b"trak" + struct.pack(">I", 33) + b"hdlr" + bytes(8) + b"soun" + bytes(13)
    boxes = struct.pack(">I4s4sI", 16, b"ftyp", b"isom", 0) + struct.pack(">I4s", 8 + len(index), b"moov") + index
    (tmp_path / "s.mp4").write_bytes(boxes)
    assert "holds sound and no pictures" in refusal(tmp_path / "s.mp4")


def test_an_mp4_that_was_cut_off_before_its_index(tmp_path: Path) -> None:
    path = cut(film(tmp_path / "f.mp4"))
    assert "has no index of its frames (no moov box)" in refusal(path)


def test_bytes_of_nothing(tmp_path: Path) -> None:
    (tmp_path / "r.mp4").write_bytes(np.random.default_rng(0).integers(0, 256, 5000, dtype=np.uint8).tobytes())
    assert "cannot be opened as a video" in refusal(tmp_path / "r.mp4")
    assert "does not exist" in refusal(tmp_path / "none.mp4")


@pytest.mark.parametrize("codec", ["mp4v", "MJPG"])
def test_films_are_no_pictures(tmp_path: Path, codec: str) -> None:
    path = film(tmp_path / ("f.avi" if codec == "MJPG" else "f.mp4"), 3, codec=codec)
    assert not is_picture(path)
    assert not is_picture(path, ones_that_move=True)


@pytest.mark.parametrize("kind", ["WebP", "PNG", "TIFF"])
def test_pictures_that_hold_several_are_told_as_such(tmp_path: Path, kind: str) -> None:
    image = pytest.importorskip("PIL.Image", reason="Pillow is not installed")
    pages = [image.fromarray(picture(n)) for n in (1, 9, 30)]
    path = tmp_path / f"a.{kind.lower()}"
    pages[0].save(path, save_all=True, append_images=pages[1:])
    assert refusal(path).endswith(
        f"holds several pictures as {kind}, which is not read as a video: convert it to one such as mp4, or to a folder of "
        "frames."
    )
    pages[0].save(path)
    assert "is one picture, not a video" in refusal(path)


def test_several_pages_of_a_tiff_by_hand(tmp_path: Path) -> None:
    ok, content = cv2.imencodemulti(".tiff", [picture(7), picture(8)])
    assert ok
    (tmp_path / "a.tif").write_bytes(content.tobytes())
    assert "holds several pictures as TIFF" in refusal(tmp_path / "a.tif")
    (tmp_path / "a.tif").write_bytes(content.tobytes()[:20])  # cut off: nothing more can be told
    assert "is one picture" in refusal(tmp_path / "a.tif")
