from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Iterator, Mapping
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import pytest

from mebench.errors import UserError
from mebench.frames import in_use, usage
from mebench.frames.entries import About
from mebench.frames.pixels import ArrayFrames
from mebench.frames.store import FrameStore, Write
from mebench.frames.usage import DAY, default_root, limit_from_environment, parse_size, readable
from mebench.frames.writing import locked

BYTES = 1000


def key_of(number: int) -> str:
    return f"{number:02x}" * 32


def fill(root: Path, number: int, limit: int | None = None) -> None:
    """Ask for an entry with 1000 bytes of frames."""
    source = ArrayFrames(np.full((10, 10, 10), number, np.uint8))

    def make(write: Write) -> Mapping[str, np.ndarray]:
        write(source.read(0, 10))
        return {}

    FrameStore(root, limit=limit).frames(key_of(number), About("frames", f"d/s/v{number}"), source, make)


def filled_elsewhere(root: Path, *numbers: int) -> None:
    """Let a process that then ends make some entries."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        pool.starmap(fill, [(root, number) for number in numbers])


def age(root: Path, number: int, days: float) -> None:
    for path in root.glob(f"??/{key_of(number)}*"):
        os.utime(path, (time.time() - days * DAY,) * 2)


def held(root: Path) -> list[str]:
    return [entry.about.video for entry in usage.held(root)]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A cache with the entries 1, 2 and 3, last used 1, 2 and 3 days ago by a process that has ended."""
    root = tmp_path / "cache"
    filled_elsewhere(root, 1, 2, 3)
    for number in (1, 2, 3):
        age(root, number, number)
    return root


def test_entries_are_listed_by_their_last_use(root: Path) -> None:
    found = usage.held(root)
    assert [entry.about for entry in found] == [About("frames", f"d/s/v{number}") for number in (3, 2, 1)]
    assert [entry.count for entry in found] == [10] * 3
    assert all(BYTES < entry.size < BYTES + 1000 for entry in found)
    assert usage.size(root) == sum(entry.size for entry in found)
    assert [round((time.time() - entry.used) / DAY) for entry in found] == [3, 2, 1]


def test_using_an_entry_makes_it_the_latest(root: Path) -> None:
    filled_elsewhere(root, 3)
    assert held(root) == ["d/s/v2", "d/s/v1", "d/s/v3"]


def test_times_in_the_future_count_as_now(root: Path) -> None:
    age(root, 3, -3650)
    assert usage.held(root)[-1].used <= time.time()


def test_clean_removes_what_is_older_and_leaves_nothing_of_it(root: Path) -> None:
    FrameStore(root).store_array(key_of(9), "model", np.arange(3))
    done = usage.clean(root, older=1.5)
    assert [entry.about.video for entry in done.removed] == ["d/s/v3", "d/s/v2"]
    assert held(root) == ["d/s/v1", ""]
    assert {path.name.partition(".")[0] for path in root.glob("??/*")} == {key_of(1), key_of(9)}
    fill(root, 2)
    assert "d/s/v2" in held(root)


def use_and_wait(root: Path, number: int, connection: Connection) -> None:
    fill(root, number)
    connection.send("in use")
    connection.recv()


@pytest.fixture
def user(root: Path) -> Iterator[Connection]:
    """A process that uses entry 3, until it is told to end."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=use_and_wait, args=(root, 3, theirs))
    process.start()
    assert ours.poll(120)
    age(root, 3, 3)
    yield ours
    process.kill()
    process.join()


def test_what_another_process_uses_stays(root: Path, user: Connection) -> None:
    assert key_of(3) in in_use.keys_in_use(root)
    done = usage.clean(root, older=0)
    assert [entry.about.video for entry in done.in_use] == ["d/s/v3"]
    assert held(root) == ["d/s/v3"]
    assert held(root) == ["d/s/v3"]
    user.send("end")
    deadline = time.monotonic() + 60
    while in_use.keys_in_use(root) and time.monotonic() < deadline:
        time.sleep(0.05)
    usage.clean(root, older=0)
    assert held(root) == []
    assert list((root / in_use.FOLDER).iterdir()) == []


def test_what_another_process_is_making_stays(root: Path) -> None:
    with locked(root / "03" / f"{key_of(3)}.lock"):
        done = usage.clean(root, older=0)
    assert [entry.about.video for entry in done.in_use] == ["d/s/v3"]


def test_a_limit_takes_what_was_not_used_for_longest(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    size = usage.held(root)[0].size
    fill(root, 4, limit=3 * size)
    assert held(root) == ["d/s/v2", "d/s/v1", "d/s/v4"]
    fill(root, 5, limit=size)
    assert held(root) == ["d/s/v4", "d/s/v5"]  # this process uses both
    assert [record.message for record in caplog.records] == [
        f"The frame cache is {readable(size)} larger than MEBENCH_CACHE_SIZE allows, because running processes use the "
        "rest."
    ]


def test_the_limit_comes_from_the_environment(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEBENCH_CACHE_SIZE", "1kB")
    fill(root, 4)
    assert held(root) == ["d/s/v4"]


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("50GB", 50 * 10**9),
        ("1.5 TB", 15 * 10**11),
        ("800MiB", 800 * 2**20),
        ("12", 12),
        ("3k", 3000),
        (" 2 gib ", 2**31),
    ],
)
def test_sizes_are_read(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["lots", "-3GB", "5 XB", "GB", "1,5GB"])
def test_what_is_no_size_is_one_sentence(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEBENCH_CACHE_SIZE", text)
    with pytest.raises(UserError, match=f"MEBENCH_CACHE_SIZE={text} is no size: write it as 50GB, or unset it"):
        FrameStore()
    monkeypatch.setenv("MEBENCH_CACHE_SIZE", " ")
    assert limit_from_environment() is None


def test_an_empty_or_absent_cache_holds_nothing(tmp_path: Path) -> None:
    assert usage.held(tmp_path / "nowhere") == []
    assert usage.size(tmp_path / "nowhere") == 0


def test_a_cache_that_was_removed_under_a_process_is_used_as_a_new_one(root: Path) -> None:
    import shutil

    fill(root, 1)
    shutil.rmtree(root)
    fill(root, 1)
    assert key_of(1) in in_use.keys_in_use(root)
    fill(root, 2)
    assert usage.clean(root, older=0).removed == ()


def test_default_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEBENCH_CACHE", "/a")
    monkeypatch.setenv("XDG_CACHE_HOME", "/b")
    assert default_root() == Path("/a")
    monkeypatch.delenv("MEBENCH_CACHE")
    assert default_root() == FrameStore().root == Path("/b/mebench")
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert default_root() == Path.home() / ".cache" / "mebench"


def test_a_user_without_a_home_must_name_a_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless(*_: object) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("MEBENCH_CACHE", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", homeless)
    with pytest.raises(UserError, match="no home folder for the frame cache: set MEBENCH_CACHE"):
        default_root()
    monkeypatch.setenv("MEBENCH_CACHE", "/a")
    assert default_root() == Path("/a")
