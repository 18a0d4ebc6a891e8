"""What clips offer under load: several processes at one cache, and many clips in little memory."""

from __future__ import annotations

import functools
import multiprocessing
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from mebench.faces.cache import FrameCache
from mebench.faces.clip_inputs import FaceView, FlowView, apex_flow, clip_faces, flows
from mebench.schema.recordings import Clip

from .conftest import CountedFrames

VIEW = FlowView(flow="farneback", face=FaceView(size=64, crop="whole"))


def moving(seed: int, count: int = 12, size: int = 64) -> Clip:
    """A clip of a texture that moves a bit further in each frame, on its way made and not kept."""
    texture = np.random.default_rng(seed).integers(0, 255, (size, size), np.uint8)
    frames = np.stack([np.roll(texture, i, axis=1) for i in range(count)])
    return Clip("t", "s1", f"c{seed}", 100.0, CountedFrames(frames), "", 1, count, count)


def _flow_with_a_mark(root: Path, marks: Path, _: int) -> bytes:
    """Compute a flow in this process, and leave a mark for each time that it is computed indeed."""
    compute, config = flows._FLOWS["farneback"]

    def marked(*pair: object) -> np.ndarray:
        with (marks / "computed").open("ab") as file:
            file.write(b".")
        return compute(*pair)  # type: ignore[arg-type]

    flows._FLOWS["farneback"] = (marked, config)
    try:
        return apex_flow(moving(1), FrameCache(root), VIEW).tobytes()
    finally:
        flows._FLOWS["farneback"] = (compute, config)


def test_processes_that_ask_at_once_compute_a_flow_once(tmp_path):
    work = functools.partial(_flow_with_a_mark, tmp_path / "cache", tmp_path)
    with multiprocessing.get_context("fork").Pool(2) as pool:
        found = pool.map(work, range(6), chunksize=1)
    assert len(set(found)) == 1
    assert (tmp_path / "computed").read_bytes() == b"."


@pytest.mark.parametrize("damage", [b"", b"rubbish"])
def test_a_damaged_flow_is_computed_again(tmp_path, damage):
    cache = FrameCache(tmp_path)
    before = apex_flow(moving(1), cache, VIEW)
    (path,) = tmp_path.rglob("*.apex_flow.array")
    path.write_bytes(damage)
    np.testing.assert_array_equal(apex_flow(moving(1), cache, VIEW), before)
    assert len(path.read_bytes()) > len(damage)


def test_memory_does_not_grow_with_the_number_of_clips(tmp_path):
    """Thirty clips of 1.6 MB each, 49 MB in all, pass through a fraction of that."""
    cache = FrameCache(tmp_path)
    tracemalloc.start()
    peaks = []
    for seed in range(30):
        clip = moving(seed, count=100, size=128)
        clip_faces(clip, cache, VIEW.face)
        apex_flow(clip, cache, VIEW)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.reset_peak()
    tracemalloc.stop()
    assert max(peaks) < 10 << 20


def test_a_long_clip_is_never_in_memory_as_a_whole(tmp_path):
    class Made:
        """Frames that are made when they are read: 400 of 480x640 are 120 MB."""

        digest = "made"

        def __len__(self) -> int:
            return 400

        def read(self, start: int, stop: int, *, grey: bool = True) -> np.ndarray:
            return np.full((stop - start, 480, 640), 7, np.uint8)

    clip = Clip("t", "s1", "c", 100.0, Made(), "", 1, 200, 400)
    tracemalloc.start()
    clip_faces(clip, FrameCache(tmp_path), FaceView(size=64, crop="whole"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 << 20


def test_little_is_kept_of_a_clip(tmp_path):
    apex_flow(moving(1), FrameCache(tmp_path), VIEW)
    kept = list(tmp_path.rglob("*.array"))
    assert sorted(path.name.split(".")[1] for path in kept) == ["apex_flow", "face", "face"]
    assert sum(path.stat().st_size for path in kept) < 30_000
