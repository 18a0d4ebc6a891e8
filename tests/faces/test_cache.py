from __future__ import annotations

import dataclasses
import errno
import json
import multiprocessing
import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mebench.errors import UserError
from mebench.faces import cache as cache_module
from mebench.faces.alignment import AlignmentConfig, align
from mebench.faces.cache import FrameCache
from mebench.frames.pixels import ArrayFrames
from mebench.frames.stored import StoredFrames
from mebench.schema.recordings import FrameSource, Video

STILL = AlignmentConfig(tracking=False)
SETTINGS = {"tracking": False, "landmarks": "dlib68", "face": 2, "smoothing": 0.1, "samples": 3, "min_found": 0.2}


@pytest.fixture
def cache(tmp_path: Path) -> FrameCache:
    return FrameCache(tmp_path / "cache")


@pytest.fixture
def ready(video_of: Callable[..., Video]) -> Video:
    """A video that brings its aligned faces along; frame i is flat with value i."""
    faces = np.repeat(np.arange(10, dtype=np.uint8), 112 * 112).reshape(10, 112, 112)
    return video_of(np.zeros((10, 8, 8), np.uint8), aligned=ArrayFrames(faces))


def files(cache: FrameCache, suffix: str = "*") -> list[Path]:
    return sorted(p for p in cache.root.rglob(f"*{suffix}") if p.is_file() and p.suffix != ".lock")


class Unreadable(ArrayFrames):
    """Frames whose pixels must not be asked for."""

    def read(self, start: int, stop: int, *, grey: bool = True) -> np.ndarray:
        raise AssertionError("decoded although cached")


def test_faces_and_motion_are_those_of_the_alignment(
    cache: FrameCache, sway: tuple, video_of: Callable[..., Video]
) -> None:
    video, calls = video_of(sway[0][:40]), []
    got = cache.aligned(video, progress=lambda done, total: calls.append((done, total)))
    faces, motion = align(video.frames, video.fps)
    assert isinstance(got, FrameSource)
    np.testing.assert_array_equal(got.read(0, 40), faces)
    np.testing.assert_array_equal(cache.load_array(got.digest, "motion"), motion)
    assert calls[-1] == (40, 40)
    assert [done for done, _ in calls] == sorted({done for done, _ in calls})


def test_the_second_time_nothing_is_decoded(cache: FrameCache, sway: tuple, video_of: Callable[..., Video]) -> None:
    first = cache.aligned(video_of(sway[0][:4]), STILL)
    again = cache.aligned(dataclasses.replace(video_of(sway[0]), frames=Unreadable(sway[0][:4])), STILL)
    np.testing.assert_array_equal(first.read(0, 4), again.read(0, 4))


def test_the_key_follows_frames_settings_rate_and_version(
    cache: FrameCache, video_of: Callable[..., Video], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = video_of(np.zeros((2, 8, 8), np.uint8)), video_of(np.ones((2, 8, 8), np.uint8))
    faster = video_of(np.zeros((2, 8, 8), np.uint8), fps=200.0)
    config = AlignmentConfig()
    keys = [cache.key(video, config) for video in (one, other, faster)]
    keys += [cache.key(one, AlignmentConfig(**{name: value})) for name, value in SETTINGS.items()]
    monkeypatch.setattr(cache_module, "ALIGNMENT_VERSION", "next")
    keys.append(cache.key(one, config))
    assert len(set(keys)) == len(keys)


def test_ready_made_faces_are_taken_as_they_are(cache: FrameCache, ready: Video) -> None:
    faces = cache.aligned(ready)
    assert faces.read(2, 5)[:, 0, 0].tolist() == [2, 3, 4]
    assert faces.read(2, 5, grey=False).shape == (3, 112, 112, 3)


def test_ready_made_faces_of_another_size(cache: FrameCache, video_of: Callable[..., Video]) -> None:
    small = ArrayFrames(np.zeros((2, 96, 96), np.uint8))
    with pytest.raises(UserError, match="must be 112x112 px, not 96x96"):
        cache.aligned(video_of(np.zeros((2, 8, 8), np.uint8), aligned=small))
    assert files(cache) == []


def test_gather_in_any_order(cache: FrameCache, ready: Video) -> None:
    faces = cache.aligned(ready)
    assert faces.gather(np.array([7, 0, 7, 3]))[:, 50, 50].tolist() == [7, 0, 7, 3]
    assert faces.gather(np.array([[1, 2], [3, 4]])).shape == (2, 2, 112, 112)
    assert faces.gather(np.array([], dtype=int)).shape == (0, 112, 112)
    for bad in ([-1], [10]):
        with pytest.raises(IndexError, match="outside a video of 10 frames"):
            faces.gather(np.array(bad))
    with pytest.raises(IndexError, match="outside"):
        faces.read(5, 11)


def test_what_was_read_is_a_copy(cache: FrameCache, ready: Video) -> None:
    faces = cache.aligned(ready)
    faces.read(0, 10)[:] = 99
    faces.gather(np.array([1]))[:] = 99
    assert faces.read(1, 2).max() == 1


def damage_size(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def damage_header(path: Path) -> None:
    path.with_suffix(".json").write_text('{"count": ')


def remove_header(path: Path) -> None:
    path.with_suffix(".json").unlink()


def lie_in_header(path: Path) -> None:
    header = json.loads(path.with_suffix(".json").read_text())
    path.with_suffix(".json").write_text(json.dumps({**header, "count": "10"}))


def remove_pixels(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("damage", [damage_size, damage_header, remove_header, lie_in_header, remove_pixels])
def test_damage_is_found_on_opening_and_mended(cache: FrameCache, ready: Video, damage: Callable[[Path], None]) -> None:
    cache.aligned(ready)
    damage(files(cache, ".u8")[0])
    assert cache.aligned(ready).read(9, 10).max() == 9


def test_verify_finds_flipped_bits_and_removes_them(cache: FrameCache, ready: Video) -> None:
    faces = cache.aligned(ready)
    cache.store_array("ab" * 32, "x", np.arange(3))
    assert cache.verify() == []
    for path in (faces.path, *files(cache, ".x.array")):
        content = bytearray(path.read_bytes())
        content[-1] ^= 1
        path.write_bytes(content)
    assert len(cache.verify()) == 2
    assert len(cache.verify(remove=True)) == 2
    assert cache.verify() == []
    assert cache.aligned(ready).read(9, 10).min() == 9


class Failing(ArrayFrames):
    """Faces of which the last ones cannot be read."""

    def read(self, start: int, stop: int, *, grey: bool = True) -> np.ndarray:
        if stop > 300:
            raise UserError("The frame x cannot be read as an image: restore or remove it.")
        return super().read(start, stop, grey=grey)


def test_failure_leaves_nothing_behind(cache: FrameCache, ready: Video, video_of: Callable[..., Video]) -> None:
    failing = video_of(np.zeros((2, 8, 8), np.uint8), aligned=Failing(np.zeros((400, 112, 112), np.uint8)))
    with pytest.raises(UserError, match="cannot be read"):
        cache.aligned(failing)
    assert files(cache) == []


def test_files_of_the_caller_keep_their_own_errors(cache: FrameCache, video_of: Callable[..., Video]) -> None:
    class Gone(ArrayFrames):
        def read(self, start: int, stop: int, *, grey: bool = True) -> np.ndarray:
            raise FileNotFoundError(errno.ENOENT, "gone", "frame7.jpg")

    with pytest.raises(FileNotFoundError, match=r"frame7\.jpg"):
        cache.aligned(video_of(np.zeros((2, 8, 8), np.uint8), aligned=Gone(np.zeros((2, 112, 112), np.uint8))))


def test_full_disk_is_one_sentence(cache: FrameCache, ready: Video, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UserError, match=r"is full: free space or set MEBENCH_CACHE\.$"):
        cache.aligned(ready)
    with pytest.raises(UserError, match="is full"):
        cache.store_array("ab" * 32, "x", np.zeros(3))
    assert files(cache) == []


def test_a_root_that_cannot_be_written(tmp_path: Path, ready: Video) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="set MEBENCH_CACHE to a writable folder"):
        FrameCache(tmp_path / "file").aligned(ready)


def test_leavings_of_a_crash_are_swept(cache: FrameCache, ready: Video) -> None:
    key = cache.key(ready, AlignmentConfig())
    stale = cache.root / key[:2] / f"{key}.u8.123.tmp"
    stale.parent.mkdir(parents=True)
    stale.write_bytes(b"half")
    cache.aligned(ready)
    assert not stale.exists()


class Counting(ArrayFrames):
    """Slow faces that leave a mark whenever somebody starts to read them."""

    def __init__(self, array: np.ndarray, marks: Path) -> None:
        super().__init__(array)
        self.marks = marks

    def read(self, start: int, stop: int, *, grey: bool = True) -> np.ndarray:
        if start == 0:
            (self.marks / f"{os.getpid()}").touch()
            time.sleep(0.4)
        return super().read(start, stop, grey=grey)


def prepare(root: Path, video: Video) -> int:
    return int(FrameCache(root).aligned(video).read(9, 10).max())


def test_two_processes_prepare_once(
    cache: FrameCache, ready: Video, tmp_path: Path, video_of: Callable[..., Video]
) -> None:
    marks = tmp_path / "marks"
    marks.mkdir()
    assert ready.aligned is not None
    slow = video_of(np.zeros((10, 8, 8), np.uint8), aligned=Counting(ready.aligned.read(0, 10), marks))
    with multiprocessing.get_context("fork").Pool(2) as pool:
        assert pool.starmap(prepare, [(cache.root, slow)] * 2, chunksize=1) == [9, 9]
    assert len(list(marks.iterdir())) == 1


def test_video_without_frames(cache: FrameCache, video_of: Callable[..., Video]) -> None:
    empty = video_of(np.zeros((0, 8, 8), np.uint8))
    with pytest.raises(UserError, match="no frames"):
        cache.aligned(empty)
    with pytest.raises(UserError, match="are empty"):
        cache.aligned(video_of(np.zeros((1, 8, 8), np.uint8), aligned=ArrayFrames(np.zeros((0, 112, 112), np.uint8))))


@pytest.mark.parametrize("array", [np.eye(3), np.zeros((0, 17), np.float32), np.array(3), np.arange(4)[::2]])
def test_arrays_come_back_as_they_were(cache: FrameCache, array: np.ndarray) -> None:
    cache.store_array("cd" * 32, "name", array)
    loaded = cache.load_array("cd" * 32, "name")
    assert loaded is not None
    assert loaded.dtype == array.dtype
    np.testing.assert_array_equal(loaded, array)


def test_absent_and_corrupt_arrays_are_none(cache: FrameCache) -> None:
    assert cache.load_array("cd" * 32, "name") is None
    cache.store_array("cd" * 32, "name", np.eye(3))
    path = files(cache, ".array")[0]
    for content in (b"", path.read_bytes()[:-3], path.read_bytes()[:40] + b"x" + path.read_bytes()[41:]):
        path.write_bytes(content)
        assert cache.load_array("cd" * 32, "name") is None


def test_objects_are_never_stored(cache: FrameCache) -> None:
    with pytest.raises(ValueError, match="allow_pickle"):
        cache.store_array("cd" * 32, "name", np.array([{}], dtype=object))


def test_array_is_made_once(cache: FrameCache) -> None:
    made = []

    def make() -> np.ndarray:
        made.append(1)
        return np.arange(5)

    for _ in range(3):
        assert cache.array("ef" * 32, "x", make).tolist() == [0, 1, 2, 3, 4]
    assert len(made) == 1


def test_an_entry_is_reached_by_path_alone(cache: FrameCache, ready: Video) -> None:
    faces = cache.aligned(ready)
    assert StoredFrames(faces.path, (10, 112, 112), faces.digest).read(4, 5).max() == 4


def test_a_video_with_hardly_any_face_is_refused_and_nothing_kept(
    cache: FrameCache, face: np.ndarray, video_of: Callable[..., Video]
) -> None:
    frames = np.full((40, *face.shape), 40, np.uint8)
    frames[18:21] = face
    with pytest.raises(UserError, match="Only 3 of 40 frames show a face"):
        cache.aligned(video_of(frames))
    assert files(cache, ".u8") == []
    assert cache.presence(video_of(frames), AlignmentConfig(min_found=0.05)).missing() == [(1, 18), (22, 40)]


def test_ready_made_faces_that_are_hardly_there(cache: FrameCache, ready: Video) -> None:
    ready.aligned.missing = tuple(range(1, 11))  # type: ignore[union-attr]
    with pytest.raises(UserError, match="Only 0 of 10 frames show a face"):
        cache.aligned(ready)


def test_the_faces_of_a_video_are_told(cache: FrameCache, face: np.ndarray, video_of: Callable[..., Video]) -> None:
    both = np.hstack([face, face])[None].repeat(3, axis=0)
    assert len(cache.tracks(video_of(both), AlignmentConfig(face=5))) == 2


def test_what_a_detector_reads_is_part_of_the_key(
    cache: FrameCache, tmp_path: Path, video_of: Callable[..., Video]
) -> None:
    model, table = tmp_path / "a.onnx", tmp_path / "t.csv"
    config, points = AlignmentConfig(landmarks="yunet", yunet_model=str(model)), AlignmentConfig(landmarks="openface")
    video = video_of(np.zeros((2, 8, 8), np.uint8), action_units_csv=str(table))
    keys = set()
    for content in ("one", "other"):
        model.write_text(content)
        table.write_text(content)
        keys |= {cache.key(video, config), cache.key(video, points)}
    assert len(keys) == 4
    table.unlink()
    with pytest.raises(UserError, match="t.csv cannot be read"):
        cache.key(video, points)
