from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mebench.faces.cache import FrameCache
from mebench.schema.recordings import FrameSource
from mebench.testing import fakes
from mebench.testing.frames import Reads, watch


def test_frames_are_the_same_in_any_chunks_and_move_in_an_event() -> None:
    video = fakes.video("p1", "v1", 240)
    assert isinstance(video.frames, FrameSource)
    whole = video.frames.read(0, 240).astype(float)
    assert np.array_equal(whole[100:120], video.frames.read(100, 120))
    event = video.events[0]
    moved = np.abs(whole - whole[0]).mean(axis=(1, 2))
    assert (
        moved[event.onset + 10 : event.offset - 10].min()
        > 2 * moved[event.offset + 2 : video.events[1].onset - 2].max()
    )


def test_frames_know_how_they_were_read() -> None:
    reads = Reads()
    video = fakes.video("p1", "v1", 240, reads)
    video.frames.read(5, 9)
    video.frames.read(0, 3, grey=False)
    with pytest.raises(IndexError, match="frames 239 to 241 of a recording of 240 frames"):
        video.frames.read(239, 241)
    assert reads == Reads(4, ["239 to 241"])


def test_prepared_frames_know_how_they_were_read(tmp_path: Path) -> None:
    reads, cache = Reads(), FrameCache(tmp_path)
    watch(cache, reads)
    faces = cache.aligned(fakes.video("p1", "v1", 240))
    assert reads.largest == 0
    assert np.array_equal(faces.read(3, 8), faces.gather(np.arange(3, 8)))
    assert reads.largest == 5
    faces.gather(np.array([0, 0, 1, 9, 9, 9, 9]))
    assert reads.largest == 7
