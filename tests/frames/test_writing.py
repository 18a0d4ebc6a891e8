"""Files appear whole or not at all, and locks keep others out for as long as they are held."""

from __future__ import annotations

import contextlib
import os
import threading
from pathlib import Path

import pytest

from mebench.frames import writing as module
from mebench.frames.writing import TEMPORARY, locked, writing


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("durable", [True, False])
def test_a_file_takes_its_name_when_it_is_whole(tmp_path: Path, durable: bool):
    path = tmp_path / "new" / "f"
    with writing(path, durable=durable) as file:
        file.write(b"half")
        file.flush()
        assert not path.exists()
        (name,) = names(path.parent)
        assert name.startswith("f.")
        assert name.endswith(TEMPORARY)
        file.write(b" whole")
    assert path.read_bytes() == b"half whole"
    assert names(path.parent) == ["f"]


def test_only_what_must_last_waits_for_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    waited = []
    monkeypatch.setattr(os, "fsync", waited.append)
    with writing(tmp_path / "a", durable=False) as file:
        file.write(b"x")
    assert waited == []
    with writing(tmp_path / "b") as file:
        file.write(b"x")
    assert len(waited) == 1


@pytest.mark.parametrize("error", [KeyError, KeyboardInterrupt, OSError])
def test_on_failure_the_older_file_stays_and_nothing_else(tmp_path: Path, error: type[BaseException]):
    (tmp_path / "f").write_bytes(b"older")
    with contextlib.suppress(error), writing(tmp_path / "f") as file:
        file.write(b"newer")
        raise error
    assert (tmp_path / "f").read_bytes() == b"older"
    assert names(tmp_path) == ["f"]


def test_a_disk_that_fails_at_the_end_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"), writing(tmp_path / "f") as file:
        file.write(b"x")
    assert names(tmp_path) == []


def test_two_writers_of_one_name_do_not_mix(tmp_path: Path):
    with writing(tmp_path / "f") as first, writing(tmp_path / "f") as second:
        first.write(b"1" * 9)
        second.write(b"2" * 9)
    # The outer one is done last.
    assert (tmp_path / "f").read_bytes() == b"1" * 9
    assert names(tmp_path) == ["f"]


@pytest.mark.parametrize(
    ("held", "asked", "free"), [(False, False, False), (False, True, False), (True, False, False), (True, True, True)]
)
def test_only_shared_locks_are_held_together(tmp_path: Path, held: bool, asked: bool, free: bool):
    got = []
    with locked(tmp_path / "l", shared=held):
        try:
            with locked(tmp_path / "l", shared=asked, wait=False):
                got.append(True)
        except BlockingIOError:
            got.append(False)
    assert got == [free]


def test_a_lock_is_dropped_at_the_end_and_on_failure(tmp_path: Path):
    with pytest.raises(KeyError), locked(tmp_path / "l"):
        raise KeyError
    with locked(tmp_path / "l", wait=False):
        pass


def test_one_who_waits_gets_the_lock_when_it_is_let_go(tmp_path: Path):
    order: list[str] = []

    def other() -> None:
        with locked(tmp_path / "l"):
            order.append("other")

    with locked(tmp_path / "l"):
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(0.1)
        order.append("this")
    thread.join(20)
    assert order == ["this", "other"]


@pytest.mark.parametrize("replaced", [True, False])
def test_a_lock_whose_file_went_away_meanwhile_is_taken_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, replaced: bool
):
    path, tried = tmp_path / "l", []
    flock = module.fcntl.flock

    def remove_first(handle: int, kind: int) -> None:
        flock(handle, kind)
        tried.append(handle)
        if len(tried) == 1:
            path.unlink()
            if replaced:
                path.touch()

    monkeypatch.setattr(module.fcntl, "flock", remove_first)
    with locked(path):
        monkeypatch.undo()
        assert len(tried) == 2
        with pytest.raises(BlockingIOError), locked(path, wait=False):
            pytest.fail("the lock kept nobody out")


def test_a_lock_leaves_no_open_file(tmp_path: Path):
    if not os.path.isdir("/proc/self/fd"):
        pytest.skip("open files are counted in /proc")
    before = len(os.listdir("/proc/self/fd"))
    with locked(tmp_path / "l"):
        with pytest.raises(BlockingIOError), locked(tmp_path / "l", wait=False):
            pytest.fail("the lock kept nobody out")
        assert len(os.listdir("/proc/self/fd")) == before + 1
    assert len(os.listdir("/proc/self/fd")) == before
