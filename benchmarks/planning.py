"""Planning a run of 1,500 videos in folders, and what a dataset that is slow to open costs sixteen processes.

The videos are five tiny pictures each, of 300 people who are left out in turn; their content has been read before. What
is measured is all that happens before the first fold begins. The slow dataset takes a second to open.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import cv2
import numpy as np

from benchmarks.measure import Row, interleaved

SUBJECTS, VIDEOS, FRAMES = 300, 5, 5
JOBS, SLOW = 16, 1.0
BUDGET = 1.0
"""Seconds of processor time in which a run of 1,500 videos is to be planned."""

_PLUGIN = """
import dataclasses, time

import numpy as np

from mebench import Dataset, Spotter, Spotting, Video, setting
from mebench.frames.folders import FolderFrames


@dataclasses.dataclass(frozen=True)
class Config:
    subjects: int = setting(300, "number of subjects")
    videos: int = setting(5, "videos of each")
    opening: float = setting(0.0, "time that opening takes", unit="s")


class Folders(Dataset):
    id = "bench_folders"
    summary = "tiny pictures"
    Config = Config

    def videos(self):
        time.sleep(self.config.opening)
        return [
            Video(self.id, f"s{s:03d}", f"v{v}", 30.0, FolderFrames(self.root / f"s{s:03d}" / f"v{v}"))
            for s in range(self.config.subjects)
            for v in range(self.config.videos)
        ]


class Nothing(Spotter):
    id = "bench_nothing"
    summary = "learns and finds nothing"
    validation = "none"

    def fit(self, train, validation, context):
        pass

    def spot(self, video, context):
        return Spotting((), np.zeros((video.n_frames, 2), np.float32))
"""


class _Planned(Exception):
    """The plan is made."""


def _write(folder: Path, subjects: int) -> None:
    (folder / "bench_plugin.py").write_text(_PLUGIN)
    for subject in range(subjects):
        for video in range(VIDEOS):
            place = folder / "data" / f"s{subject:03d}" / f"v{video}"
            place.mkdir(parents=True)
            for frame in range(1, FRAMES + 1):
                picture = np.full((8, 8), (subject + video + frame) % 256, np.uint8)
                cv2.imwrite(str(place / f"{frame:03d}.png"), picture)


def _run(folder: Path, settings: str, **more: object) -> None:
    from mebench.runs.run import run

    with tempfile.TemporaryDirectory() as out:
        run(
            "bench_nothing", [f"bench_folders:{settings}"], roots=[f"bench_folders={folder / 'data'}"], device="cpu",
            plugins=[folder / "bench_plugin.py"], out=Path(out) / "run", cache=folder / "cache", **more,  # type: ignore[arg-type]
        )  # fmt: skip


@contextmanager
def _planning_alone() -> Iterator[None]:
    """End a run where its first fold would begin."""
    from mebench.runs.execute import Execution

    with mock.patch.object(Execution, "start", side_effect=_Planned):
        yield


def _plan(folder: Path, subjects: int) -> None:
    try:
        with _planning_alone():
            _run(folder, f"subjects={subjects}", executor="inline")
    except _Planned:
        pass


def run(*, smoke: bool) -> list[Row]:
    """Return the rows of this benchmark; `smoke` plans fewer videos, and runs fewer processes."""
    subjects, jobs = (10, 2) if smoke else (SUBJECTS, JOBS)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        _write(folder, subjects)
        planned = interleaved({"plan": lambda: _plan(folder, subjects)}, 1 if smoke else 3, time.process_time)["plan"]
        few = f"subjects={min(subjects, 2 * JOBS)},videos=1"
        took = interleaved(
            {
                "at once": lambda: _run(folder, few, jobs=jobs),
                "slow": lambda: _run(folder, f"{few},opening={SLOW}", jobs=jobs),
            },
            rounds=1 if smoke else 3,
        )
    lost = (took["slow"] - took["at once"]) / SLOW
    return [
        Row(f"planning {subjects * VIDEOS:,} videos / its budget of {BUDGET:g} s", planned / BUDGET, 1.5, True,
            f"{planned:.2f} s of processor time"),
        Row(f"{jobs} processes: time lost / one opening of the dataset", lost, 2.0, True,
            f"{took['slow']:.1f} s against {took['at once']:.1f} s, {os.cpu_count()} cores"),
    ]  # fmt: skip
