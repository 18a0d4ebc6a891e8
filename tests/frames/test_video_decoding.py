from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from mebench.errors import UserError
from mebench.frames.video_decoding import MOST_BROKEN, decode_all, grab_next, open_capture
from tests.frames.films import cut, film, spoil


def test_a_sound_film_is_decoded_to_its_end(tmp_path: Path) -> None:
    found = decode_all(film(tmp_path / "f.mp4", 20, fps=10.0))
    np.testing.assert_allclose(found.stamps, np.arange(20) / 10, atol=1e-3)
    assert (found.promised, found.rate, found.failures, found.damaged) == (20, 10.0, 0, ())


def test_what_a_cut_film_promises_is_kept_beside_what_it_holds(tmp_path: Path) -> None:
    found = decode_all(cut(film(tmp_path / "f.avi", codec="XVID")))
    assert found.promised == 60
    assert 20 < len(found.stamps) < 50


def test_damage_is_noticed_where_one_thread_decodes(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    found = decode_all(spoil(film(tmp_path / "f.mp4"), at=0.3), threads=1)
    assert len(found.stamps) > 50
    assert found.damaged
    assert all(5 < index < 40 for index in found.damaged)
    assert capfd.readouterr().err == ""


class Stutter:
    """A capture in which some packets are broken."""

    def __init__(self, *grabs: bool) -> None:
        self.grabs = list(grabs)

    def grab(self) -> bool:
        return self.grabs.pop(0) if self.grabs else False


def test_broken_packets_are_passed_over() -> None:
    capture = Stutter(False, False, True, True)
    assert grab_next(capture)
    assert capture.grabs == [True]
    assert not grab_next(Stutter(*[False] * MOST_BROKEN, True))


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="does not exist: check the path"):
        open_capture(tmp_path / "none.mp4")
    (tmp_path / "loop.mp4").symlink_to(tmp_path / "loop.mp4")
    with pytest.raises(UserError, match="does not exist: check the path"):
        open_capture(tmp_path / "loop.mp4")


def test_one_picture_that_could_move_is_a_picture(tmp_path: Path) -> None:
    gif = pytest.importorskip("PIL.Image", reason="Pillow is not installed")
    pictures = [gif.fromarray(np.full((48, 64, 3), 10 * i, np.uint8)) for i in range(8)]
    pictures[0].save(tmp_path / "many.gif", save_all=True, append_images=pictures[1:], duration=[40] * 4 + [120] * 4)
    pictures[0].save(tmp_path / "one.gif")
    assert len(decode_all(tmp_path / "many.gif").stamps) == 8
    with pytest.raises(UserError, match="is one picture, not a video"):
        decode_all(tmp_path / "one.gif")


def test_opening_leaves_the_position_at_the_beginning(tmp_path: Path) -> None:
    capture = open_capture(film(tmp_path / "f.mp4", 5))
    assert capture.grab()
    assert capture.get(cv2.CAP_PROP_POS_MSEC) == 0


def test_a_long_film_shows_progress(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    told: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> None:
        told.append((done, total))
        print(f"{done}/{total}", file=sys.stderr)

    decode_all(film(tmp_path / "f.mp4", 300), progress=progress)
    assert told == [(128, 300), (256, 300)]
    assert capfd.readouterr().err == "128/300\n256/300\n"
