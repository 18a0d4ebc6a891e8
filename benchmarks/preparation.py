"""Cache preparation (decode, track, align, write) against plain JPEG decoding of the same frames.

The frames are a rendered video written as JPEG files of 640x480, read in grey as the loaders do, on one thread.
"""

from __future__ import annotations

import dataclasses
import shutil
import tempfile
from pathlib import Path

import cv2

from benchmarks.measure import Row, interleaved
from mebench.datasets.synth_lv import SynthLV
from mebench.faces.cache import FrameCache
from mebench.frames.folders import FolderFrames
from mebench.schema.recordings import Video

SHARE = 0.5
"""Preparation reaches at least this share of the speed of plain decoding."""


def _jpeg_video(folder: Path, seconds: int) -> Video:
    """Write a rendered video as one JPEG file a frame and return it as read from there."""
    video = SynthLV.open(None, {"subjects": 2, "videos": 1, "seconds": seconds}).videos()[0]
    for start in range(0, video.n_frames, 32):
        stop = min(start + 32, video.n_frames)
        for number, frame in enumerate(video.frames.read(start, stop), start + 1):
            cv2.imwrite(str(folder / f"img{number:05d}.jpg"), frame)
    return dataclasses.replace(video, frames=FolderFrames(folder))


def _prepare(video: Video, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    FrameCache(folder).aligned(video)


def run(*, smoke: bool) -> list[Row]:
    """Return the rows of this benchmark; `smoke` runs it small."""
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory() as name:
        frames = Path(name, "frames")
        frames.mkdir()
        video = _jpeg_video(frames, 5 if smoke else 40)
        files = sorted(map(str, frames.iterdir()))
        seconds = interleaved(
            {
                "decode": lambda: [cv2.imread(file, cv2.IMREAD_GRAYSCALE) for file in files],
                "prepare": lambda: _prepare(video, Path(name, "cache")),
            },
            rounds=1 if smoke else 5,
        )
    count = len(files)
    detail = f"{count / seconds['prepare']:.0f} against {count / seconds['decode']:.0f} frames/s, {count} frames"
    target = None if smoke else SHARE
    return [
        Row(
            "cache preparation / plain JPEG decoding (speed)",
            seconds["decode"] / seconds["prepare"],
            target,
            detail=detail,
        )
    ]
