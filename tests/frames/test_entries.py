"""An entry is what was written, or the fault says in what way it is not."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

import numpy as np
import pytest

from mebench.frames.entries import (
    ARRAY,
    FRAMES,
    HEADER,
    About,
    Damaged,
    Header,
    array_bytes,
    array_of,
    array_suffix,
    check_entry,
    discard,
    path_of,
    read_array_file,
    read_header,
    require_file,
    signature,
)
from mebench.frames.pixels import ArrayFrames
from mebench.frames.sealed import sealed
from mebench.schema.recordings import Recording

KEY = "ab" * 32
PIXELS = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4)
ANGLES = np.linspace(0, 1, 5)


@pytest.fixture
def header(tmp_path: Path) -> Header:
    """An entry of two frames with one array, whole on disk."""
    content = array_bytes(KEY, "angles", ANGLES)
    arrays = {"angles": hashlib.sha256(content).hexdigest()}
    header = Header(KEY, About("faces", "d/s/v"), PIXELS.shape, hashlib.sha256(PIXELS.tobytes()).hexdigest(), arrays)
    path_of(tmp_path, KEY, FRAMES).parent.mkdir()
    path_of(tmp_path, KEY, FRAMES).write_bytes(PIXELS.tobytes())
    path_of(tmp_path, KEY, array_suffix("angles")).write_bytes(content)
    path_of(tmp_path, KEY, HEADER).write_bytes(sealed(header.plain()))
    return header


@pytest.mark.parametrize(
    ("about", "text"), [(About("faces", "d/s/v"), "faces of d/s/v"), (About("optical flow"), "optical flow")]
)
def test_what_an_entry_holds_is_said_in_words(about: About, text: str):
    assert str(about) == text


def test_files_lie_below_the_first_two_digits(tmp_path: Path):
    assert path_of(tmp_path, KEY, FRAMES) == tmp_path / "ab" / f"{KEY}.u8"
    assert path_of(tmp_path, KEY, array_suffix("x")).name == f"{KEY}.x{ARRAY}"


@pytest.mark.parametrize(("shape", "channels", "size"), [((2, 3, 4), 1, 24), ((2, 3, 4, 3), 3, 72), ((0, 3, 4), 1, 0)])
def test_a_header_comes_back_from_what_it_says(shape: tuple[int, ...], channels: int, size: int):
    header = Header(KEY, About("faces"), shape, "00", {"x": "11"})
    plain = header.plain()
    assert (plain["count"], plain["height"], plain["width"], plain["channels"]) == (*shape[:3], channels)
    assert Header.from_plain(plain) == header
    assert header.size == size


def test_the_size_of_frames_does_not_overflow():
    assert Header(KEY, About(""), (200_000, 1_080, 1_920, 3), "", {}).size == 200_000 * 1_080 * 1_920 * 3


@pytest.mark.parametrize("gone", ["key", "count", "channels", "arrays", "sha256", "what"])
def test_what_is_no_header_is_refused(header: Header, gone: str):
    plain = header.plain()
    del plain[gone]
    with pytest.raises(KeyError, match=gone):
        Header.from_plain(plain)


def test_a_whole_entry_is_read_and_sound(tmp_path: Path, header: Header):
    assert read_header(tmp_path, KEY) == header
    check_entry(tmp_path, header)
    content = read_array_file(tmp_path, KEY, "angles")
    assert content is not None
    np.testing.assert_array_equal(array_of(content, "angles"), ANGLES)


def test_where_nothing_is_there_is_no_header(tmp_path: Path):
    assert read_header(tmp_path, KEY) is None
    assert read_array_file(tmp_path, KEY, "angles") is None


def test_frames_without_a_header_are_damaged(tmp_path: Path, header: Header):
    path_of(tmp_path, KEY, HEADER).unlink()
    with pytest.raises(Damaged, match="it has no header"):
        read_header(tmp_path, KEY)


def test_the_header_of_another_entry_is_not_believed(tmp_path: Path, header: Header):
    other = path_of(tmp_path, "ac" * 32, HEADER)
    other.parent.mkdir()
    other.write_bytes(path_of(tmp_path, KEY, HEADER).read_bytes())
    with pytest.raises(Damaged, match="its header is that of another entry"):
        read_header(tmp_path, "ac" * 32)


@pytest.mark.parametrize("content", [b"", b"{}", sealed({}), sealed({"key": KEY}), sealed({"count": "x"})])
def test_a_header_that_says_something_else_is_damaged(tmp_path: Path, header: Header, content: bytes):
    path_of(tmp_path, KEY, HEADER).write_bytes(content)
    with pytest.raises(Damaged, match="its header is not what was written"):
        read_header(tmp_path, KEY)


def test_each_damage_to_frames_has_its_words(tmp_path: Path, header: Header):
    path = path_of(tmp_path, KEY, FRAMES)
    path.write_bytes(PIXELS.tobytes()[:-1])
    with pytest.raises(Damaged, match="its frames do not have their size"):
        check_entry(tmp_path, header)
    path.write_bytes(PIXELS.tobytes()[::-1])
    with pytest.raises(Damaged, match="its frames do not have their checksum"):
        check_entry(tmp_path, header)
    path.unlink()
    with pytest.raises(Damaged, match=r"its frames cannot be read \(No such file or directory\)"):
        check_entry(tmp_path, header)
    path.symlink_to(__file__)
    with pytest.raises(Damaged, match="is not a file"):
        check_entry(tmp_path, header)


def test_each_damage_to_an_array_has_its_words(tmp_path: Path, header: Header):
    path = path_of(tmp_path, KEY, array_suffix("angles"))
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(Damaged, match="its array angles does not have its checksum"):
        read_array_file(tmp_path, KEY, "angles")
    # Sound in itself, but not the one that was made with these frames.
    path.write_bytes(array_bytes(KEY, "angles", ANGLES + 1))
    assert read_array_file(tmp_path, KEY, "angles")
    with pytest.raises(Damaged, match="its array angles does not have its checksum"):
        check_entry(tmp_path, header)
    path.unlink()
    with pytest.raises(Damaged, match="its array angles is gone"):
        check_entry(tmp_path, header)


@pytest.mark.parametrize(("key", "name"), [("ac" * 32, "angles"), (KEY, "other")])
def test_an_array_is_that_of_its_entry_and_name(tmp_path: Path, header: Header, key: str, name: str):
    path_of(tmp_path, KEY, array_suffix("angles")).write_bytes(array_bytes(key, name, ANGLES))
    with pytest.raises(Damaged, match="does not have its checksum"):
        read_array_file(tmp_path, KEY, "angles")


@pytest.mark.parametrize("array", [PIXELS[:, ::2].T, np.float32(3), np.zeros((0, 2)), np.array(["é", "b"])])
def test_arrays_of_any_kind_but_objects_come_back(array: np.ndarray):
    back = array_of(array_bytes(KEY, "x", array), "x")
    np.testing.assert_array_equal(back, np.ascontiguousarray(array))
    assert back.dtype == array.dtype


def test_objects_are_neither_written_nor_read():
    with pytest.raises(ValueError, match="Object arrays cannot be saved"):
        array_bytes(KEY, "x", np.array([{}], dtype=object))
    with pytest.raises(Damaged, match="its array x cannot be read"):
        array_of(bytes(32) + b"\x80\x04N.", "x")


@pytest.mark.parametrize("suffix", [HEADER, FRAMES, array_suffix("angles")])
def test_the_signature_changes_with_every_file(tmp_path: Path, header: Header, suffix: str):
    before = signature(tmp_path, header)
    assert signature(tmp_path, header) == before
    path = path_of(tmp_path, KEY, suffix)
    # A copy of the same bytes and times is another file.
    state, content = path.stat(), path.read_bytes()
    path.with_suffix(".copy").write_bytes(content)
    os.replace(path.with_suffix(".copy"), path)
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert signature(tmp_path, header) != before
    path.unlink()
    with pytest.raises(Damaged, match="(header is|frames are|array angles is) gone"):
        signature(tmp_path, header)


def test_writing_in_place_with_size_and_time_kept_changes_the_signature(tmp_path: Path, header: Header):
    before, path = signature(tmp_path, header), path_of(tmp_path, KEY, FRAMES)
    time.sleep(0.03)  # the system's clock for files is coarse
    state = path.stat()
    path.write_bytes(PIXELS.tobytes()[::-1])
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert signature(tmp_path, header) != before


def test_only_plain_files_are_of_the_cache(tmp_path: Path):
    (tmp_path / "f").touch()
    require_file(tmp_path / "f")
    (tmp_path / "l").symlink_to("f")
    for path in (tmp_path / "l", tmp_path):
        with pytest.raises(Damaged, match=f"{path.name} is not a file"):
            require_file(path)
    with pytest.raises(FileNotFoundError):
        require_file(tmp_path / "none")


def test_of_a_link_only_the_link_is_discarded(tmp_path: Path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "f").touch()
    (tmp_path / "link").symlink_to("kept")
    (tmp_path / "folder" / "deep").mkdir(parents=True)
    for name in ("link", "folder", "none"):
        discard(tmp_path / name)
    assert [path.name for path in tmp_path.rglob("*")] == ["kept", "f"]


def test_what_is_made_of_a_video_names_as_much_as_is_known():
    frames = ArrayFrames(PIXELS)
    assert About.of("faces", Recording("d", "s", "v", 30.0, frames)) == About("faces", "d/s/v")
    assert About.of("faces", Recording("", "s", "v", 30.0, frames)) == About("faces", "s/v")
