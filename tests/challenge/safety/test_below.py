"""Files below a folder: made there for their owner, and never anywhere else."""

from __future__ import annotations

import os
import stat
from pathlib import PurePosixPath

import pytest

from mebench.challenge.safety.below import create_below


def test_a_file_is_made_with_the_folders_that_lead_to_it(tmp_path):
    for name in ("a/b/one.csv", "a/two.csv", "three.csv"):
        with create_below(tmp_path, PurePosixPath(name)) as file:
            file.write(name.encode())
        assert (tmp_path / name).read_text() == name
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["", ".", "/etc/passwd", "..", "../x", "a/../../x"])
def test_a_path_that_no_audit_passes_is_refused(name, tmp_path):
    with pytest.raises(ValueError, match="does not lie below a folder"):
        create_below(tmp_path / "work", PurePosixPath(name))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["link/x", "a/link/x", "file/x", "file", "a", "link"])
def test_nothing_that_stands_in_the_way_is_followed_or_replaced(name, tmp_path):
    work, outside = tmp_path / "work", tmp_path / "outside"
    (work / "a").mkdir(parents=True)
    outside.mkdir()
    (work / "file").write_text("mine")
    (work / "link").symlink_to(outside)
    (work / "a" / "link").symlink_to(outside)
    with pytest.raises(OSError, match=os.strerror(17) + "|Not a directory|symbolic links"):
        create_below(work, PurePosixPath(name))
    assert not list(outside.iterdir())
    assert (work / "file").read_text() == "mine"


def test_no_handle_stays_open(tmp_path):
    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else pytest.skip("no /proc here")
    for i in range(20):
        with pytest.raises(NotADirectoryError):
            create_below(tmp_path, PurePosixPath("file/x")) if i else _plant(tmp_path)
    assert len(os.listdir("/proc/self/fd")) == before


def _plant(folder):
    (folder / "file").write_text("")
    raise NotADirectoryError
