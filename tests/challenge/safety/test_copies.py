"""A private copy holds what was sent, or says why not; nothing is followed, waited for, or read without end."""

from __future__ import annotations

import errno
import io
import os
import time
from pathlib import Path

import pytest
from hostile_corpus import GOOD, LIMITS, folder

from mebench.challenge.reading.inventory import digest_of_submission
from mebench.challenge.reading.read import check_submission
from mebench.challenge.safety import copies, plain_files
from mebench.challenge.safety.copies import copy_name, copy_submission
from mebench.challenge.safety.limits import SubmissionLimits
from mebench.challenge.safety.plain_files import kind_of
from mebench.errors import UserError

FLAGS = {"team": "t", "method": "m", "protocol": "p"}
FILES = dict([GOOD["spotting"]])


def copied(source: Path, limits: SubmissionLimits = LIMITS) -> Path:
    target = source.parent / f"copy-{copy_name(source)}" / copy_name(source)
    target.parent.mkdir()
    copy_submission(source, target, limits)
    return target


def kinds(path: Path, limits: SubmissionLimits = LIMITS) -> dict[str, int]:
    return dict(check_submission(path, "spotting", flags=FLAGS, limits=limits).counts)


def test_a_folder_and_a_file_are_copied_with_their_digests(tmp_path):
    source = folder(tmp_path / "in", {**FILES, "inner/more.csv": "x", "README.md": "#"})
    assert digest_of_submission(copied(source)) == digest_of_submission(source)
    assert copied(source / "predictions.csv").read_text() == FILES["predictions.csv"]


@pytest.mark.parametrize("name", ["link.csv", "pipe.csv", "/dev/zero", "hard.csv", "folder"])
def test_a_single_file_that_is_not_plain_is_refused_and_its_reason_told(tmp_path, name):
    secret = tmp_path / "secret.csv"
    secret.write_text(FILES["predictions.csv"])
    (tmp_path / "link.csv").symlink_to(secret)
    (tmp_path / "folder").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe.csv")
    os.link(secret, tmp_path / "hard.csv")
    target = tmp_path / "copy" / "x.csv"
    target.parent.mkdir()
    copy_submission(tmp_path / name, target, LIMITS)
    assert kind_of(target) == {"hard.csv": "hard link", "pipe.csv": "pipe", "/dev/zero": "device"}.get(name, "link")
    assert kinds(target) == {"special": 1}
    assert len(digest_of_submission(target)) == 64


def test_every_odd_entry_is_told_at_once(tmp_path):
    source = folder(tmp_path / "in", {**FILES, "b.exe": ""})
    os.mkfifo(source / "pipe.csv")
    (source / "link").symlink_to("/etc")
    os.link(source / "b.exe", tmp_path / "elsewhere")
    assert kinds(copied(source)) == {"special": 3}
    assert kinds(source) == {"special": 3}


def test_sparse_files_of_100_gb_are_refused_before_a_read(tmp_path, monkeypatch):
    source = folder(tmp_path / "in", FILES)
    for number in range(5):
        with (source / f"{number}.csv").open("wb") as file:
            try:
                file.truncate(100 << 30)
            except OSError:
                pytest.skip("this file system has no files of 100 GB")
    read = copies._read
    sizes = []
    monkeypatch.setattr(copies, "_read", lambda file, most: sizes.append(most) or read(file, most))
    target = copied(source)
    # The manifest and the table that came first or last are small.
    assert sum(1 for _ in sizes) <= 4
    assert sum(path.stat().st_size for path in target.iterdir()) < LIMITS.total_bytes + 100 * 7
    before = time.process_time()
    assert kinds(target)["total_size"] == kinds(source)["total_size"] == 1
    assert time.process_time() - before < 5


def test_a_file_that_grows_while_it_is_copied_is_told(tmp_path, monkeypatch):
    source = folder(tmp_path / "in", FILES)
    read = copies._read

    def grow(file, most):
        with (source / "predictions.csv").open("a") as more:
            more.write("x")
        return read(file, most)

    monkeypatch.setattr(copies, "_read", grow)
    target = copied(source)
    assert kind_of(target / "predictions.csv") == "changed"
    assert "changed" in kinds(target)


def test_a_file_that_never_ends_is_copied_to_its_size_and_one_byte(tmp_path, monkeypatch):
    source = folder(tmp_path / "in", {"a.csv": "x"}, manifest=None)
    written = []
    monkeypatch.setattr(copies, "_read", lambda file, most: written.append(b"x" * most) or written[-1])
    target = copied(source)
    assert kind_of(target / "a.csv") == "changed"
    assert sum(len(content) for content in written) == 2


def test_what_is_left_out_never_cuts_what_counts(tmp_path):
    source = folder(tmp_path / "in", {**FILES, "A.md": b"x" * 140_000, "B.md": b"x" * 60_000 + b"y"})
    assert kinds(copied(source)) == {"total_size": 1}


@pytest.mark.parametrize("name", [".", "..", "in", "in/."])
def test_a_copy_has_a_name_whatever_the_folder_is_called(tmp_path, monkeypatch, name):
    (tmp_path / "in").mkdir()
    monkeypatch.chdir(tmp_path)
    assert copy_name(Path(name)) not in ("", ".", "..")


def test_a_missing_submission_and_a_full_disk_are_told_apart(tmp_path, monkeypatch):
    with pytest.raises(UserError, match="none cannot be read .*: check the name"):
        copy_submission(tmp_path / "none", tmp_path / "copy", LIMITS)

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    source = folder(tmp_path / "in", FILES)
    monkeypatch.setattr(copies, "_stream", full)
    with pytest.raises(UserError, match=r"No copy can be written .*No space left.*: free some space"):
        copy_submission(source, tmp_path / "copy", LIMITS)


def test_an_error_of_reading_is_told_of_the_file(tmp_path, monkeypatch):
    source = folder(tmp_path / "in", FILES)

    class Broken(io.BufferedReader):
        def read(self, *_):
            raise OSError(errno.EIO, "Input/output error")

    really = copies._read
    monkeypatch.setattr(copies, "_read", lambda file, most: really(Broken(io.FileIO(os.dup(file.fileno()))), most))
    assert kinds(copied(source)) == {"unreadable": 2}


def test_of_thousands_of_empty_folders_no_more_are_looked_at_than_are_allowed(tmp_path, monkeypatch):
    source = folder(tmp_path / "in", FILES)
    for number in range(2_000):
        os.mkdir(source / f"{number}")
    looked = []
    look = plain_files.look
    monkeypatch.setattr(plain_files, "look", lambda path, parent: looked.append(path) or look(path, parent))
    target = copied(source)
    assert len(looked) == LIMITS.files + LIMITS.folders + 2
    assert len(list(target.iterdir())) <= LIMITS.files + LIMITS.folders + 1
    assert kinds(target) == kinds(source) == {"too_many_folders": 1}


def test_nested_folders_are_refused(tmp_path):
    source = folder(tmp_path / "in", FILES)
    (source / "/".join(["d"] * 200)).mkdir(parents=True)
    assert kinds(copied(source)) == {"too_deep": 1}
    assert kinds(source) == {"too_deep": 1}
