"""Entries are in use for as long as the process that asked for them lives."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mebench.frames import in_use
from mebench.frames.in_use import CLEANING, FOLDER, keys_in_use, nobody_else, use
from mebench.frames.writing import locked

CODE = """
import sys
from pathlib import Path
from mebench.frames.in_use import use
for key in sys.argv[2:]:
    use(Path(sys.argv[1]), key)
print("used", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    handle, _ = in_use._HELD.pop(tmp_path, (-1, set()))
    if handle >= 0:
        os.close(handle)


@pytest.fixture
def other(root: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process, which uses two entries."""
    command = [sys.executable, "-c", CODE, str(root), "aa", "bb"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "used\n"
        yield process
        process.kill()


def files(root: Path) -> list[Path]:
    return sorted((root / FOLDER).glob("*.lock"))


def test_where_nobody_was_nothing_is_in_use(root: Path):
    assert keys_in_use(root) == frozenset()
    assert list(root.iterdir()) == []


def test_a_process_has_one_file_with_each_key_once(root: Path):
    for key in ("aa", "bb", "aa"):
        use(root, key)
    assert keys_in_use(root) == {"aa", "bb"}
    (path,) = files(root)
    assert path.read_text() == "aa\nbb\n"


def test_the_keys_of_all_running_processes_are_in_use(root: Path, other: subprocess.Popen[str]):
    use(root, "cc")
    assert keys_in_use(root) == {"aa", "bb", "cc"}
    assert len(files(root)) == 2


def test_the_file_of_a_process_that_was_killed_goes_away(root: Path, other: subprocess.Popen[str]):
    other.kill()
    other.wait(20)
    assert len(files(root)) == 1
    assert keys_in_use(root) == frozenset()
    assert files(root) == []


def test_caches_have_users_of_their_own(root: Path, tmp_path_factory: pytest.TempPathFactory):
    use(root, "aa")
    assert keys_in_use(tmp_path_factory.mktemp("another")) == frozenset()


def test_while_entries_are_removed_nobody_else_comes_in(root: Path):
    use(root, "aa")
    with nobody_else(root) as keys:
        assert keys == {"aa"}
        with pytest.raises(BlockingIOError), locked(root / CLEANING, shared=True, wait=False):
            pytest.fail("somebody came in")
    with locked(root / CLEANING, shared=True, wait=False):
        pass


def test_a_cache_that_was_removed_is_used_anew(root: Path):
    use(root, "aa")
    (old,) = files(root)
    old.unlink()
    use(root, "bb")
    assert keys_in_use(root) == {"bb"}
    use(root, "aa")
    assert keys_in_use(root) == {"aa", "bb"}


def test_where_nothing_can_be_written_using_is_without_effect(root: Path):
    (root / "file").touch()
    use(root / "file", "aa")
    assert keys_in_use(root / "file") == frozenset()
    with pytest.raises(OSError, match="file"), nobody_else(root / "file"):
        pytest.fail("there is no such folder")


def test_bytes_that_are_no_key_harm_nobody(root: Path):
    use(root, "aa")
    with files(root)[0].open("ab") as file:
        file.write(b"\xff\n")
    assert keys_in_use(root) == {"aa", "\ufffd"}
