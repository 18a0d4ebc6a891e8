from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mebench.frames import indexing
from mebench.frames.indexing import index_of
from mebench.frames.video_decoding import Decoded, decode_all
from mebench.frames.video_index import VideoIndex
from mebench.frames.video_notes import notes_of
from mebench.frames.video_packets import Packets
from tests.frames.films import film, restamp

STEP = 1 / 30


def decoded(stamps: np.ndarray, promised: int, failures: int) -> Decoded:
    return Decoded(stamps, promised, 30.0, failures, ())


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Return the index of a file of which decoding says so, and PyAV so, or is not installed."""

    def index(found: Decoded, packets: Packets | None = None, head: bytes = b"RIFF    AVI ") -> VideoIndex:
        path = tmp_path / "any"
        path.write_bytes(head)
        monkeypatch.setattr(indexing, "decode_all", lambda path, threads=0, progress=None: found)
        monkeypatch.setattr(indexing, "has_pyav", lambda: packets is not None)
        monkeypatch.setattr(indexing, "read_packets", lambda path: packets)
        monkeypatch.setattr(indexing, "lead_in", lambda path, rate: 0.0)
        return index_of(path)

    return index


def test_lost_frames_of_one_rate_keep_their_numbers_without_pyav(made) -> None:
    index = made(decoded(np.delete(np.arange(60), [17, 18]) * STEP, 60, 2))
    assert index.missing == (18, 19)
    assert index.shown[[15, 16, 17, 18, 19, 59]].tolist() == [15, 16, 16, 16, 17, 57]
    np.testing.assert_allclose(index.times, np.arange(60) * STEP, atol=1e-5)
    assert notes_of(index)[0].startswith("58 of 60 promised frames could be decoded; 2 frames (18-19) are lost")


def test_lost_frames_of_varying_rate_are_told_and_pyav_places_them(made) -> None:
    stamps = np.cumsum(np.random.default_rng(0).uniform(0.02, 0.1, 60))
    broken = decoded(np.delete(stamps, [20, 40, 41]), 60, 3)
    plain = made(broken)
    assert (len(plain.times), plain.missing, plain.placed) == (57, (), False)
    assert "57 of 60 promised frames could be decoded; frames are lost, so that later" in notes_of(plain)[0]
    damaged = np.isin(np.arange(60), [20, 30, 40, 41])
    index = made(broken, Packets(stamps, damaged))
    assert (index.missing, index.decoded, index.placed) == ((21, 31, 41, 42), 56, True)
    assert index.shown[30] == index.shown[29] == 28


def test_packets_that_do_not_fit_the_pictures_are_not_believed(made) -> None:
    index = made(
        decoded(np.delete(np.arange(60), [17]) * STEP, 60, 1), Packets(np.arange(60) * 0.3, np.zeros(60, bool))
    )
    assert index.missing == (18,), "the gap in the times still is one frame"


def test_a_first_frame_that_is_lost_shows_the_first_that_is_not(made) -> None:
    index = made(decoded(np.arange(2, 60) * STEP, 60, 2), Packets(np.arange(60) * STEP, np.arange(60) < 2))
    assert (index.missing, index.shown[:4].tolist(), index.times[0]) == ((1, 2), [0, 0, 0, 1], 0)


def test_a_container_without_a_count_is_cut_by_its_duration(made) -> None:
    index = made(decoded(np.arange(11) * STEP, 100, 0), head=b"\x1aE\xdf\xa3")
    assert notes_of(index) == (
        "11 of about 100 promised frames could be decoded; about 89 are not in the file, cut off or broken.",
    )
    assert not made(decoded(np.arange(90) * STEP, 100, 0), head=b"\x1aE\xdf\xa4").broken, "an estimate is no promise"


@pytest.mark.parametrize("stamps", [np.zeros(50), np.arange(50)[::-1] / 30, np.full(50, np.nan)])
def test_stamps_out_of_order_give_way_to_the_rate(made, stamps: np.ndarray) -> None:
    index = made(decoded(stamps, 50, 0))
    np.testing.assert_allclose(index.times, np.arange(50) / 30, atol=1e-6)
    assert notes_of(index) == ("The time stamps are out of order, so that seconds follow from 30 frames/s.",)


def test_what_was_found_out_is_remembered_until_the_file_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mebench.frames.content.YOUNG", -(10**12))
    looked: list[Path] = []

    def look(path: Path, threads: int = 0, progress: object = None) -> Decoded:
        looked.append(path)
        return decode_all(path, threads)

    monkeypatch.setattr(indexing, "decode_all", look)
    path = restamp(film(tmp_path / "f.mp4", 20), [(10, 1), (10, 3)])
    first, again = index_of(path), index_of(path)
    assert len(looked) == 1
    assert first.plain() == again.plain()
    np.testing.assert_array_equal(first.times, again.times)
    film(path, 12)
    assert (len(index_of(path).times), len(looked)) == (12, 2)
