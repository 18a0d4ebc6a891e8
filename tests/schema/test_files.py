"""Files appear whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mebench.errors import UserError
from mebench.schema.files import PRIVATE, PUBLIC, read_bounded, write_atomic


def test_writes_text_and_bytes_and_makes_the_folder(tmp_path):
    write_atomic(tmp_path / "a" / "b.txt", "ä\n")
    write_atomic(tmp_path / "a" / "c.bin", b"\x00")
    assert (tmp_path / "a" / "b.txt").read_bytes() == "ä\n".encode()
    assert sorted(p.name for p in (tmp_path / "a").iterdir()) == ["b.txt", "c.bin"]


def test_a_failure_keeps_the_old_file_and_leaves_no_other(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    write_atomic(path, "old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(UserError, match="No space left on device.*free some space"):
        write_atomic(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_a_file_is_one_sentence(tmp_path):
    (tmp_path / "a").write_text("")
    with pytest.raises(UserError, match="cannot be written"):
        write_atomic(tmp_path / "a" / "b", "x")


def test_the_file_has_the_usual_permissions(tmp_path):
    write_atomic(tmp_path / "a", "x")
    (tmp_path / "b").write_text("x")
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "b").stat().st_mode


def test_a_large_file_is_read_to_a_bound(tmp_path):
    (tmp_path / "large").write_bytes(b"x" * 1001)
    with pytest.raises(OSError, match="more than 1000 bytes"):
        read_bounded(tmp_path / "large", 1000)
    (tmp_path / "a").write_bytes(b"x" * 1000)
    assert read_bounded(tmp_path / "a", 1000) == b"x" * 1000


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_a_mode_holds_whatever_the_umask_and_for_new_folders_too(tmp_path, umask):
    before = os.umask(umask)
    try:
        write_atomic(tmp_path / "own" / "deep" / "a", "x", PRIVATE)
        write_atomic(tmp_path / "open" / "a", "x", PUBLIC)
    finally:
        os.umask(before)
    modes = {p.relative_to(tmp_path).as_posix(): p.stat().st_mode & 0o777 for p in tmp_path.rglob("*")}
    assert (modes["own"], modes["own/deep"], modes["own/deep/a"]) == (0o700, 0o700, 0o600)
    assert (modes["open"], modes["open/a"]) == (0o755 & ~umask, 0o644 & ~umask)


@pytest.mark.parametrize(
    ("make", "words"),
    [(Path.mkdir, "it is a folder and not a file"), (os.mkfifo, "it is a pipe and not a file")],
    ids=["a folder", "a pipe"],
)
def test_only_plain_files_are_plain(tmp_path, make, words):
    make(tmp_path / "x")
    with pytest.raises(OSError, match=words):
        read_bounded(tmp_path / "x")
    with pytest.raises(OSError, match="it is a device and not a file"):
        read_bounded(Path("/dev/zero"))


def test_a_plain_file_is_read_through_a_link_and_to_a_bound(tmp_path):
    (tmp_path / "x").write_bytes(b"abc")
    (tmp_path / "y").symlink_to(tmp_path / "x")
    assert read_bounded(tmp_path / "y") == b"abc"
    with pytest.raises(OSError, match="more than 2 bytes"):
        read_bounded(tmp_path / "y", 2)


@pytest.mark.parametrize("through", ["itself", "a link"])
def test_a_device_is_never_replaced(tmp_path, through):
    path = Path(os.devnull)
    if through == "a link":
        path = tmp_path / "link"
        path.symlink_to(os.devnull)
    with pytest.raises(UserError, match="is a device and not a file: give the name of a new file"):
        write_atomic(path, "x")
    assert Path(os.devnull).is_char_device()
    assert path.is_symlink() == (through == "a link")
