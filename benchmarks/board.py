"""A board of 100 runs of the size of SAMM-LV: bytes of the page, and memory that its building takes.

Every run has 147 videos of 7,000 frames, up to 1,000 predictions, and noise as its per-frame scores, which nothing
packs well. The page is built in a process of its own, with all runs and with a tenth of them, so that what each
further run adds can be told from what the program itself needs.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.grading import samm_lv_sized
from benchmarks.measure import Row
from mebench.protocols.base import Predicted
from mebench.protocols.megc.megc2020_spotting import Megc2020Spotting
from mebench.schema.intervals import Intervals
from mebench.schema.predictions import write_predictions
from mebench.schema.scorecard import MethodRef
from mebench.schema.truth import Truth, VideoTable

RUNS = 100
MEGABYTE = 1_000_000
SCORES_OF_A_RUN = 147 * 7_000 * 2 * 4
"""Bytes of the per-frame scores that a run keeps."""

_BUILD = """
import json, resource, sys
from pathlib import Path
from mebench.leaderboard.build import build_leaderboard
page = build_leaderboard([Path(p) for p in sys.argv[2:]], Path(sys.argv[1]))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
print(json.dumps({"bytes": page.stat().st_size, "peak": peak}))
"""


def write_run(folder: Path, seed: int, truth: Truth, predictions: Intervals, videos: VideoTable) -> Path:
    """Write a run as a runner leaves it: card, predictions, truth and per-frame scores."""
    rng = np.random.default_rng(seed)
    kept = predictions.select(rng.random(len(predictions)) < rng.uniform(0.4, 1.0))
    card = Megc2020Spotting().score(
        Predicted(kept, method=MethodRef(f"method_{seed:03d}", {"seed": seed}, str(seed))), truth
    )
    card.write(folder / "scorecard.json")
    write_predictions(kept, folder / "predictions.csv")
    truth.write(folder / "truth")
    (folder / "folds/all").mkdir(parents=True)
    lengths = zip(videos.keys(), videos.n_frames.tolist(), strict=True)
    scores = {"/".join(key): rng.random((n, 2), np.float32) for key, n in lengths}
    np.savez(folder / "folds/all/scores.npz", **scores)
    return folder


def build(runs: list[Path], out: Path) -> dict[str, float]:
    """Build the page of runs in a process of its own; return its bytes, peak memory and seconds."""
    start = time.perf_counter()
    command = [sys.executable, "-c", _BUILD, str(out), *map(str, runs)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return {**json.loads(answer), "seconds": time.perf_counter() - start}


def run(*, smoke: bool) -> list[Row]:
    """Return the rows of this benchmark; `smoke` takes fewer runs."""
    count = 6 if smoke else RUNS
    predictions, events, videos = samm_lv_sized()
    truth = Truth(events, videos)
    with tempfile.TemporaryDirectory() as folder:
        runs = [write_run(Path(folder) / f"{i:03d}", i, truth, predictions, videos) for i in range(count)]
        few, all_ = build(runs[: max(count // 10, 2)], Path(folder) / "few"), build(runs, Path(folder) / "all")
    growth = (all_["peak"] - few["peak"]) / (count - max(count // 10, 2))
    detail = (
        f"{count} runs: {all_['bytes'] / 1e6:.1f} MB, {all_['peak'] / 1e6:.0f} MB of memory, {all_['seconds']:.0f} s"
    )
    return [
        Row("board: bytes of a method / 1 MB", all_["bytes"] / count / MEGABYTE, 1.0, at_most=True, detail=detail),
        Row(
            "board: memory of a further run / its kept scores",
            growth / SCORES_OF_A_RUN,
            0.2,
            at_most=True,
            detail=detail,
        ),
    ]
