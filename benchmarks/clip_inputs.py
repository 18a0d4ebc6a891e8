"""What recognisers see of a clip: flow of its crop against flow of the whole frame, and memory over many clips.

The clip is rendered, 640x480. The plain way computes flow between whole frames and cuts the face out of the map; both
ways cut at the same place and end in the same 128x128 px.
"""

from __future__ import annotations

import tempfile
import time
import tracemalloc
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.measure import Row, interleaved
from mebench.datasets.synth_cde import SynthCde
from mebench.faces.cache import FrameCache
from mebench.faces.clip_inputs import FaceView, FlowView, apex_flow, key_frames
from mebench.faces.clip_inputs.crops import cut
from mebench.faces.clip_inputs.place import place_of
from mebench.faces.dis import dis_flow
from mebench.faces.flow import flow
from mebench.faces.geometry import Pose, crop_face, warp
from mebench.faces.tvl1 import tvl1_flow
from mebench.frames.pixels import ArrayFrames
from mebench.schema.recordings import Clip

FASTER = 5.0
"""Flow of the crop is at least so many times as fast as that of the frame."""
GROWS = 1.5
"""Preparing ten times as many clips takes at most so many times the memory."""


def run(*, smoke: bool) -> list[Row]:
    """Return the rows of this benchmark; `smoke` runs it small."""
    cv2.setNumThreads(1)
    rows = _flows(1 if smoke else 5, None if smoke else FASTER)
    return [*rows, _memory(3 if smoke else 40, None if smoke else GROWS)]


def _flows(rounds: int, target: float | None) -> list[Row]:
    view = FaceView()
    with tempfile.TemporaryDirectory() as name:
        cache = FrameCache(Path(name))
        clip = SynthCde.open(None, {}).clips()[0]
        keys, place = key_frames(clip, cache), place_of(clip, cache, view)
    assert place is not None
    frames = [clip.frames.read(i, i + 1)[0] for i in (keys.onset, keys.apex)]
    rows = []
    for id, compute in {"tvl1": tvl1_flow, "farneback": flow, "dis": dis_flow}.items():

        def of_crop(compute: Any = compute) -> NDArray[np.float32]:
            found: NDArray[np.float32] = compute(*(cut(frame, place, view) for frame in frames))
            return found

        def of_frame(compute: Any = compute) -> NDArray[np.float32]:
            return _cut_map(compute(*frames), place, view)

        seconds = interleaved({"crop": of_crop, "frame": of_frame}, rounds, time.process_time)
        alike = float(np.corrcoef(of_crop().ravel(), of_frame().ravel())[0, 1])
        detail = f"{1000 * seconds['crop']:.1f} against {1000 * seconds['frame']:.0f} ms; correlation {alike:.2f}"
        # Only TV-L1, the default, has a promise; what is cut and scaled weighs more beside a fast flow.
        promise = target if id == "tvl1" else None
        rows.append(Row(f"{id} of the crop / of the whole frame (speed)", seconds["frame"] / seconds["crop"], promise,
                        detail=detail))  # fmt: skip
    return rows


def _cut_map(field: NDArray[np.float32], place: Pose, view: FaceView) -> NDArray[np.float32]:
    """Cut the face out of a map of flow, as it is cut out of a frame."""
    shown = Pose(place.zoom * (1 + 2 * view.margin), place.centre)
    crop: Any = crop_face(field, shown, 0.02, 1)  # type: ignore[arg-type]
    return np.asarray(warp(crop, shown, view.size), np.float32)


def _memory(few: int, target: float | None) -> Row:
    """Compare the memory that many clips take with that of few; every clip has 50 frames of 320x240."""
    view = FlowView(flow="farneback", face=FaceView(size=64, crop="whole"))
    peaks, count = [], 0
    with tempfile.TemporaryDirectory() as name:
        cache = FrameCache(Path(name))
        for clips in (few, 10 * few):
            tracemalloc.start()
            for _ in range(clips):
                count += 1
                apex_flow(_clip(count), cache, view)
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    detail = f"{peaks[1] / 1e6:.1f} against {peaks[0] / 1e6:.1f} MB, frames of a clip included"
    return Row(f"memory of {10 * few} clips / of {few}", peaks[1] / peaks[0], target, at_most=True, detail=detail)


def _clip(seed: int) -> Clip:
    frames = np.random.default_rng(seed).integers(0, 255, (50, 240, 320), np.uint8)
    return Clip("noise", "s1", f"c{seed}", 100.0, ArrayFrames(frames), "", 1, 25, 50)
