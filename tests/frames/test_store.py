"""The store against every kind of damage that files can take, and against other processes."""

from __future__ import annotations

import errno
import hashlib
import json
import logging
import multiprocessing
import os
import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from mebench.errors import UserError
from mebench.frames.entries import About
from mebench.frames.pixels import ArrayFrames
from mebench.frames.store import FrameStore, Write
from mebench.frames.stored import StoredFrames
from mebench.schema.recordings import FrameSource

KEYS = ("ab" * 32, "ac" * 32)


def pixels(key: str) -> np.ndarray:
    return np.random.default_rng(int(key[:2], 16)).integers(0, 255, (6, 5, 4), dtype=np.uint8)


def fill(store: FrameStore, key: str, made: list[str] | None = None) -> StoredFrames:
    """Ask for an entry of 6 frames and the array `motion`, and for a derived array."""

    def make(write: Write) -> Mapping[str, np.ndarray]:
        if made is not None:
            made.append(key)
        write(pixels(key)[:4])
        write(pixels(key)[4:])
        return {"motion": np.arange(6.0)}

    frames = store.frames(key, About("small frames", f"d/s/{key[:2]}"), ArrayFrames(pixels(key)), make)
    store.array(key, "flow", lambda: np.arange(3))
    return frames


def content(root: Path) -> dict[str, str]:
    """Digest of every file of the store, locks left out."""
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.suffix != ".lock"
    }


@pytest.fixture
def store(tmp_path: Path) -> FrameStore:
    store = FrameStore(tmp_path / "cache")
    for key in KEYS:
        fill(store, key)
    return store


def each(root: Path, suffix: str) -> list[Path]:
    return sorted(root.rglob(f"*{suffix}"))


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 0xFF
    path.write_bytes(data)


def flip_once(root: Path, suffix: str) -> None:
    for path in each(root, suffix):
        flip(path, path.stat().st_size // 2)


def flip_many(root: Path, suffix: str) -> None:
    for path in each(root, suffix):
        for at in range(0, path.stat().st_size, 7):
            flip(path, at)


def zeros(root: Path, suffix: str) -> None:
    for path in each(root, suffix):
        path.write_bytes(bytes(path.stat().st_size))


def cut(root: Path, suffix: str) -> None:
    for path in each(root, suffix):
        os.truncate(path, path.stat().st_size - 1)


def grow(root: Path, suffix: str) -> None:
    for path in each(root, suffix):
        path.write_bytes(path.read_bytes() + b"x")


def empty(root: Path, suffix: str) -> None:
    for path in each(root, suffix):
        os.truncate(path, 0)


def remove(root: Path, suffix: str) -> None:
    for path in each(root, suffix):
        path.unlink()


def swap(root: Path, suffix: str) -> None:
    one, other = (
        path for path in each(root, suffix) if path.name.split(".")[1:] == each(root, suffix)[0].name.split(".")[1:]
    )
    one.rename(root / "t")
    other.rename(one)
    (root / "t").rename(other)


def folder(root: Path, suffix: str) -> None:
    for path in each(root, suffix):
        path.unlink()
        path.mkdir()
        (path / "inside").touch()


def link(root: Path, suffix: str) -> None:
    for path in each(root, suffix):
        elsewhere = root.parent / path.name
        path.rename(elsewhere)
        path.symlink_to(elsewhere)


def dangling(root: Path, suffix: str) -> None:
    for path in each(root, suffix):
        path.unlink()
        path.symlink_to("nowhere")


def pipe(root: Path, suffix: str) -> None:
    for path in each(root, suffix):
        path.unlink()
        os.mkfifo(path)


def unreadable(root: Path, suffix: str) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    for path in each(root, suffix):
        path.chmod(0)


def text(root: Path, suffix: str) -> None:
    for path in each(root, suffix):
        path.write_text("[" * 100_000)


def not_utf8(root: Path, suffix: str) -> None:
    for path in each(root, suffix):
        path.write_bytes(b"\xff\xfe")


def wrong_json(root: Path, suffix: str) -> None:
    for path, content in zip(each(root, suffix), ("[]", "null"), strict=False):
        path.write_text(content)


DAMAGES = [flip_once, flip_many, zeros, cut, grow, empty, remove, swap, folder, link, dangling, pipe, unreadable]


@pytest.mark.parametrize("suffix", [".u8", ".json", ".motion.array", ".flow.array"])
@pytest.mark.parametrize("damage", [*DAMAGES, text, not_utf8, wrong_json])
def test_damage_is_noticed_told_and_mended(
    store: FrameStore, damage: Callable[[Path, str], None], suffix: str, caplog: pytest.LogCaptureFixture
) -> None:
    before, made = content(store.root), list[str]()
    damage(store.root, suffix)
    for key in KEYS:
        np.testing.assert_array_equal(fill(store, key, made).read(0, 6), pixels(key))
    assert content(store.root) == before
    assert store.verify() == []
    said = [record.message for record in caplog.records]
    if suffix == ".flow.array":
        assert made == []
        assert len(said) == (0 if damage is remove else 2)
    else:
        assert made == list(KEYS)
        assert [m.count("is damaged") + m.count("is made again") for m in said] == [2, 2]
        assert all(f"d/s/{key[:2]}" in line and key[:12] in line for key, line in zip(KEYS, said, strict=True))
    caplog.clear()
    fill(store, KEYS[0])
    assert caplog.records == []


def test_frames_that_may_not_be_read_are_made_again(store: FrameStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """As `unreadable`, also where the tests run as root."""
    real, refused, made = Path.open, list[Path](), list[str]()

    def open_once(path: Path, *how: object, **more: object) -> object:
        if path.suffix == ".u8" and path not in refused:
            refused.append(path)
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return real(path, *how, **more)  # type: ignore[call-overload]

    os.utime(store.root / "ab" / f"{KEYS[0]}.u8", (0, 0))
    monkeypatch.setattr(Path, "open", open_once)
    np.testing.assert_array_equal(fill(store, KEYS[0], made).read(0, 6), pixels(KEYS[0]))
    assert len(refused) == 1


def halve(root: Path) -> None:
    for path in each(root, ".json"):
        header = json.loads(path.read_text())
        path.write_text(json.dumps({**header, "count": header["count"] // 2}))
        os.truncate(path.with_suffix(".u8"), header["count"] // 2 * 20)


def all_at_once(root: Path) -> None:
    for suffix in (".u8", ".json", ".array"):
        flip_once(root, suffix)


def shard_is_a_file(root: Path) -> None:
    for name in ("ab", "ac"):
        shutil.rmtree(root / name)
        (root / name).touch()


def everything(root: Path) -> None:
    shutil.rmtree(root)


def whole_entries_swapped(root: Path) -> None:
    for suffix in (".u8", ".json", ".motion.array", ".flow.array"):
        swap(root, suffix)


@pytest.mark.parametrize("damage", [halve, all_at_once, shard_is_a_file, everything, whole_entries_swapped])
def test_damage_that_agrees_with_itself_is_mended(store: FrameStore, damage: Callable[[Path], None]) -> None:
    before, made = content(store.root), list[str]()
    damage(store.root)
    for key in KEYS:
        fill(store, key, made)
    assert made == list(KEYS)
    assert content(store.root) == before


def remove_locks(root: Path) -> None:
    remove(root, ".lock")


def times_ahead(root: Path) -> None:
    for path in root.rglob("*"):
        os.utime(path, (time.time() + 3e8,) * 2)


@pytest.mark.parametrize("change", [remove_locks, times_ahead])
def test_what_is_no_damage_makes_nothing_again(
    store: FrameStore, change: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    before, made = content(store.root), list[str]()
    change(store.root)
    for key in KEYS:
        fill(store, key, made)
    assert (made, caplog.records) == ([], [])
    assert content(store.root) == before


def test_a_lock_that_is_a_folder_is_replaced(store: FrameStore) -> None:
    for path in each(store.root / "ab", ".lock"):
        path.unlink()
        path.mkdir()
    remove(store.root, ".u8")
    np.testing.assert_array_equal(fill(store, KEYS[0]).read(0, 6), pixels(KEYS[0]))


def test_a_root_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    store = FrameStore(tmp_path / "file")
    for ask in (store.check_root, lambda: fill(store, KEYS[0])):
        with pytest.raises(UserError, match="set MEBENCH_CACHE to a writable folder"):
            ask()
    assert (tmp_path / "file").read_text() == "mine"


def test_an_entry_is_verified_once_in_a_process(store: FrameStore, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    real = hashlib.file_digest
    monkeypatch.setattr(hashlib, "file_digest", lambda file, name: (read.append(file.name), real(file, name))[1])
    for _ in range(3):
        fill(FrameStore(store.root), KEYS[0])
    assert read == []  # it was made by this process
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.map(times_verified, [store.root]) == [1]


def times_verified(root: Path) -> int:
    """Ask for an entry three times in a fresh process and count how often its frames are read whole."""
    from mebench.frames import store as module

    calls: list[object] = []
    real = module.check_entry
    module.check_entry = lambda *arguments: (calls.append(1), real(*arguments))[1]
    for _ in range(3):
        fill(FrameStore(root), KEYS[0])
    return len(calls)


class Shifting(FrameSource):
    """Frames that change while they are read."""

    digest = "before"

    def __len__(self) -> int:
        return 1

    def read(self, start: int, stop: int, *, grey: bool = True) -> np.ndarray:
        self.digest = "after"
        return np.zeros((1, 2, 2), np.uint8)


def test_frames_that_change_while_they_are_read_are_not_kept(tmp_path: Path) -> None:
    store, source = FrameStore(tmp_path), Shifting()

    def make(write: Write) -> Mapping[str, np.ndarray]:
        write(source.read(0, 1))
        return {}

    with pytest.raises(UserError, match="Files of d/s/v changed while its frames were read"):
        store.frames(KEYS[0], About("frames", "d/s/v"), source, make)
    assert content(tmp_path) == {}


@pytest.mark.parametrize("shape", [(3, 7, 5), (2, 4, 6, 3), (1, 160, 160), (2, 224, 224, 3)])
def test_any_size_grey_or_colour(tmp_path: Path, shape: tuple[int, ...]) -> None:
    wanted = np.random.default_rng(0).integers(0, 255, shape, dtype=np.uint8)

    def make(write: Write) -> Mapping[str, np.ndarray]:
        write(wanted)
        return {}

    for _ in range(2):
        frames = FrameStore(tmp_path).frames(KEYS[0], About("frames"), ArrayFrames(wanted), make)
        assert isinstance(frames, FrameSource)
        assert frames.read(0, 1).shape == (1, *shape[1:3])
        assert frames.read(0, 1, grey=False).shape == (1, *shape[1:3], 3)
        np.testing.assert_array_equal(frames.gather(np.array([0, len(frames) - 1])), wanted[[0, -1]])


def test_frames_of_two_sizes_or_types_are_refused(tmp_path: Path) -> None:
    def make(write: Write) -> Mapping[str, np.ndarray]:
        write(np.zeros((1, 2, 2), np.uint8))
        write(np.zeros((1, 3, 2), np.uint8))
        return {}

    source = ArrayFrames(np.zeros((1, 2, 2), np.uint8))
    with pytest.raises(ValueError, match="follow frames of"):
        FrameStore(tmp_path).frames(KEYS[0], About("frames"), source, make)
    with pytest.raises(ValueError, match="must be uint8"):
        FrameStore(tmp_path).frames(KEYS[0], About("f"), source, lambda write: write(np.zeros((1, 2, 2))) or {})  # type: ignore[func-returns-value]
    assert content(tmp_path) == {}


def test_frames_that_vanish_while_in_use_are_one_sentence(store: FrameStore) -> None:
    frames = fill(store, KEYS[0])
    os.truncate(frames.path, 3)
    with pytest.raises(UserError, match="were removed or cut while they were in use: run the same command again"):
        frames.read(0, 6)


def test_the_message_reaches_stderr_without_any_set_up(store: FrameStore) -> None:
    flip_once(store.root, ".u8")
    import subprocess
    import sys

    code = f"from tests.frames.test_store import *; fill(FrameStore(Path({str(store.root)!r})), KEYS[0])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert len(done.stderr.splitlines()) == 1
    assert "is damaged: its frames do not have their checksum; it is made again." in done.stderr


def test_logging_names_the_project() -> None:
    assert logging.getLogger("mebench").handlers == []
