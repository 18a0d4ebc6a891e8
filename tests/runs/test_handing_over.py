"""A dataset is opened once, however many processes work on its recordings."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mebench.runs.run import run
from mebench.runs.spec import DatasetChoice, RunSpec, forget_opened, handing_over

PLUGIN = """
import os, threading
import numpy as np
from mebench import Dataset, Spotter, Spotting, Video
from mebench.runs.plugins import PREFIX


class Frames:
    digest = "blank"

    def __len__(self):
        return 60

    def read(self, start, stop, *, grey=True):
        return np.zeros((stop - start, 8, 8) if grey else (stop - start, 8, 8, 3), np.uint8)


class Opened(Dataset):
    id = "opened_{name}"
    summary = "counts how often it is opened"
    needs_root = False

    def videos(self):
        with open(os.environ["OPENINGS"], "a") as file:
            file.write(f"{{os.getpid()}}\\n")
        videos = [Video(self.id, f"s{{i}}", "v", 30.0, Frames()) for i in range(8)]
        for video in videos:
            {more}
        return videos


class Noting(Spotter):
    id = "noting_{name}"
    summary = "notes where it works"
    trains = False
    looks_at_faces = False

    def spot(self, video, context):
        with open(os.environ["OPENINGS"] + ".work", "a") as file:
            file.write(f"{{os.getpid()}}\\n")
        return Spotting((), np.zeros((video.n_frames, 2), np.float32))
"""


def write(folder: Path, name: str, more: str) -> Path:
    path = folder / f"{name}.py"
    path.write_text(PLUGIN.format(name=name, more=more))
    return path


def lines(path: Path) -> list[str]:
    return path.read_text().split()


@pytest.mark.parametrize(("name", "more"), [("plain", "pass"), ("unsendable", "video.frames.lock = threading.Lock()")])
def test_processes_take_over_what_was_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, more: str
) -> None:
    opened = tmp_path / "openings"
    monkeypatch.setenv("OPENINGS", str(opened))
    plugin = write(tmp_path, name, more)
    result = run(f"noting_{name}", [f"opened_{name}"], plugins=[plugin], out=tmp_path / "r", device="cpu", jobs=2)
    assert result.complete
    workers = set(lines(Path(f"{opened}.work")))
    assert len(lines(Path(f"{opened}.work"))) == 8
    assert 1 <= len(workers) <= 2
    here = str(os.getpid())
    assert lines(opened).count(here) == 1
    # What cannot be handed over is opened once by each process, which does many jobs.
    others = [pid for pid in lines(opened) if pid != here]
    assert len(others) == len(set(others)) <= (0 if name == "plain" else 2)


def test_what_was_handed_over_is_gone_afterwards_and_missing_it_costs_time_alone(plugin: Path) -> None:
    spec = RunSpec("idle", {}, (DatasetChoice("fake_lv"),), plugins=(plugin,))
    with handing_over(spec) as shared:
        assert shared.opened is not None
        forget_opened()
        taken = shared.open()
        assert [r.key for r in taken.recordings()] == [r.key for r in spec.open().recordings()]
        assert taken is spec.open(), "the file is of no consequence for what the run is"
    assert not shared.opened.exists()
    forget_opened()
    assert len(shared.open().recordings()) == 10
