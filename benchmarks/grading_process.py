"""`mebench grade` as a process of its own, start included, against the start of Python with pandas.

The submission has the size of SAMM-LV (147 videos, 502 truths, 1,000 predictions), graded with 10,000 bootstrap
resamples; then 100 times as much of everything, subjects included.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.grading import samm_lv_sized
from benchmarks.measure import Row, interleaved
from mebench.schema.predictions import write_predictions
from mebench.schema.truth import Truth

SCALE = 100
PROTOCOL = "megc2021-spotting"


def _write(folder: Path, scale: int) -> Path:
    predictions, events, videos = samm_lv_sized(scale)
    Truth(events, videos, "samm_lv").write(folder / "truth")
    write_predictions(predictions, folder / "predictions.csv")
    return folder


def _grade(folder: Path) -> None:
    files = [str(folder / "predictions.csv"), "--truth", str(folder / "truth"), "--output", str(folder / "card.json")]
    _run("-m", "mebench", "grade", "--protocol", PROTOCOL, *files)


def _run(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)


def run(*, smoke: bool) -> list[Row]:
    """Return the rows of this benchmark; `smoke` runs it fewer times."""
    with tempfile.TemporaryDirectory() as scratch:
        once, large = (_write(Path(scratch) / str(scale), scale) for scale in (1, SCALE))
        seconds = interleaved(
            {
                "pandas": lambda: _run("-c", "import pandas"),
                "once": lambda: _grade(once),
                "large": lambda: _grade(large),
            },
            rounds=1 if smoke else 5,
        )
    detail = ", ".join(f"{name} {value:.2f} s" for name, value in seconds.items())
    return [
        Row("grading process / python -c 'import pandas'", seconds["once"] / seconds["pandas"], 3.0, True, detail),
        Row(f"grading process: {SCALE} times the size / once", seconds["large"] / seconds["once"], 10.0, True, detail),
    ]
