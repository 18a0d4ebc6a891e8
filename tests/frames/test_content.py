from __future__ import annotations

import os
import pickle
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mebench.errors import UserError
from mebench.frames import content as module
from mebench.frames.content import KnownContent, content_of, digest_of_files
from mebench.frames.folders import FolderFrames
from mebench.frames.pixels import ArrayFrames
from mebench.frames.videos import VideoFrames
from tests.frames.pictures import write


@pytest.fixture
def known(tmp_path: Path) -> KnownContent:
    return KnownContent(tmp_path / "cache")


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files count as old enough at once."""
    monkeypatch.setattr(module, "YOUNG", -60_000_000_000)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Numbers of files whose bytes were read."""
    calls: list[int] = []

    def count(files: list[Path], progress: object = None) -> str:
        calls.append(len(files))
        return digest_of_files(files)

    monkeypatch.setattr(module, "digest_of_files", count)
    return calls


def raw(folder: Path, *contents: bytes, at: int = 0) -> Path:
    """A folder of files of one size with fixed times, as an unpacked archive has them."""
    folder.mkdir(exist_ok=True)
    for number, content in enumerate(contents, 1):
        path = folder / f"{number:03d}.bmp"
        path.write_bytes(content)
        os.utime(path, (at, at))
    return folder


def test_equal_names_sizes_and_times_are_not_equal_frames(tmp_path: Path, known: KnownContent) -> None:
    one, other = raw(tmp_path / "a", b"1" * 99, b"2" * 99), raw(tmp_path / "b", b"1" * 99, b"3" * 99)
    assert content_of(FolderFrames(one), known) != content_of(FolderFrames(other), known)


def test_every_byte_counts(tmp_path: Path, known: KnownContent) -> None:
    middle = bytearray(b"x" * 300_000)
    first = content_of(FolderFrames(raw(tmp_path / "a", bytes(middle))), known)
    middle[123_456] ^= 1
    assert content_of(FolderFrames(raw(tmp_path / "a", bytes(middle))), known) != first


def replace_in_place(folder: Path) -> None:
    (folder / "002.bmp").write_bytes(b"9" * 99)
    os.utime(folder / "002.bmp", (0, 0))


def replace_by_moving(folder: Path) -> None:
    (folder / "new").write_bytes(b"9" * 99)
    os.utime(folder / "new", (0, 0))
    (folder / "new").rename(folder / "002.bmp")


def swap(folder: Path) -> None:
    (folder / "001.bmp").rename(folder / "t")
    (folder / "002.bmp").rename(folder / "001.bmp")
    (folder / "t").rename(folder / "002.bmp")


def remove_last(folder: Path) -> None:
    (folder / "003.bmp").unlink()


def remove_between(folder: Path) -> None:
    (folder / "002.bmp").unlink()


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("change", [replace_in_place, replace_by_moving, swap, remove_last, remove_between])
def test_frames_that_were_replaced_with_their_times_kept_are_other_frames(
    tmp_path: Path, known: KnownContent, change: Callable[[Path], None]
) -> None:
    folder = raw(tmp_path / "f", b"1" * 99, b"2" * 99, b"3" * 99)
    frames = FolderFrames(folder)
    before = content_of(frames, known)
    time.sleep(0.02)
    change(folder)
    assert content_of(FolderFrames(folder), known) != before
    assert content_of(frames, known) == before
    assert content_of(frames, known, fresh=True) != before


@pytest.mark.usefixtures("settled")
def test_files_are_read_once(tmp_path: Path, known: KnownContent, reads: list[int]) -> None:
    folder = raw(tmp_path / "f", b"1", b"2")
    assert len({content_of(FolderFrames(folder), known) for _ in range(3)}) == 1
    assert reads == [2]
    assert content_of(FolderFrames(folder), KnownContent(tmp_path / "other")) == content_of(FolderFrames(folder))
    assert reads == [2, 2]


def test_what_changed_a_moment_ago_is_read_again(tmp_path: Path, known: KnownContent, reads: list[int]) -> None:
    folder = raw(tmp_path / "f", b"1")
    for _ in range(2):
        content_of(FolderFrames(folder), known)
    assert reads == [1, 1]


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("damage", [b"", b"{", b"[" * 100_000, b"[]", b"null", b"\xff\xfe", None])
def test_a_damaged_record_is_not_believed(
    tmp_path: Path, known: KnownContent, reads: list[int], damage: bytes | None
) -> None:
    folder = raw(tmp_path / "f", b"1")
    before = content_of(FolderFrames(folder), known)
    (record,) = (tmp_path / "cache").rglob("*.known")
    text = record.read_bytes()
    at = text.index(b'"content": "') + 12
    flipped = text[:at] + bytes([text[at] ^ 1]) + text[at + 1 :]
    record.write_bytes(flipped if damage is None else damage)
    assert content_of(FolderFrames(folder), known) == before
    assert reads == [1, 1]
    assert record.read_bytes() == text


@pytest.mark.usefixtures("settled")
def test_a_cache_that_cannot_be_written_only_costs_time(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    folder = raw(tmp_path / "f", b"1")
    assert content_of(FolderFrames(folder), KnownContent(tmp_path / "file")) == FolderFrames(folder).digest


def test_a_video_file_is_its_bytes(film: Path, known: KnownContent) -> None:
    frames = VideoFrames(film)
    before = content_of(frames, known)
    assert content_of(VideoFrames(film), known) == before == VideoFrames(film).digest
    content = bytearray(film.read_bytes())
    content[len(content) // 2] ^= 1
    film.write_bytes(content)
    assert content_of(pickle.loads(pickle.dumps(frames)), known, fresh=True) != before


def test_frames_in_memory_have_their_own_digest(known: KnownContent) -> None:
    frames = ArrayFrames(np.zeros((2, 3, 3), np.uint8))
    assert content_of(frames, known, fresh=True) == frames.digest


def test_progress_counts_files(tmp_path: Path, known: KnownContent) -> None:
    calls: list[tuple[int, int]] = []
    content_of(FolderFrames(write(tmp_path / "f", f1=1, f2=2)), known, progress=lambda *at: calls.append(at))
    assert calls == [(1, 2), (2, 2)]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: path.mkdir(), "is not a file: replace it"),
        (lambda path: path.symlink_to("nowhere"), "is gone: put it back"),
        (lambda path: os.mkfifo(path), "is not a file: replace it"),
    ],
)
def test_what_is_no_frame_is_one_sentence(
    tmp_path: Path, known: KnownContent, make: Callable[[Path], None], message: str
) -> None:
    folder = raw(tmp_path / "f", b"1")
    make(folder / "002.bmp")
    with pytest.raises(UserError, match=rf"002\.bmp {message}"):
        content_of(FolderFrames(folder), known)
