"""Trainings that are killed go on: seen from outside, by what a whole run leaves behind."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.run_files import comparable
from tests.runs.training_plugin import BATCHES, COUNTER, EPOCHS, KEEP, NAP

PLUGINS = [Path(__file__).with_name(name) for name in ("fake_plugin.py", "training_plugin.py")]


def start(out: Path, counter: Path, **environment: str) -> subprocess.Popen[str]:
    options = [part for path in PLUGINS for part in ("--plugin", str(path))]
    dataset = ["--dataset", "fake_lv:subjects=3,videos=1"]
    command = ["run", *options, *dataset, "--method", "slow_learner", "--executor", "inline", "--out", str(out)]
    return subprocess.Popen(
        [sys.executable, "-m", "mebench", *command],
        env={**os.environ, COUNTER: str(counter), **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(out: Path, counter: Path) -> str:
    process = start(out, counter)
    _, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors
    return errors


def kill_at(out: Path, counter: Path, batches: int, keep: str = "60") -> None:
    """Start a run and kill it as soon as it has begun so many batches."""
    process = start(out, counter, **{NAP: "0.05", KEEP: keep})
    deadline = time.monotonic() + 300
    while not counter.exists() or len(counter.read_text().splitlines()) < batches:
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < deadline
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.communicate()


def content(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(comparable(path)).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "timing.json"
    }


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    finish(folder / "run", folder / "batches")
    return folder / "run"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("batches", "keep", "allowed"),
    [
        (2 * BATCHES + 3, "60", 3),  # the state is kept after every epoch
        (2 * BATCHES + 3, "0", 1),  # and within it, after every batch
        (EPOCHS * BATCHES + BATCHES + 2, "60", 2),  # in the second training of the fold: the first is not repeated
    ],
)
def test_a_training_killed_in_an_epoch_goes_on_and_ends_in_the_same_bytes(
    tmp_path: Path, whole: Path, batches: int, keep: str, allowed: int
) -> None:
    out, counter = tmp_path / "run", tmp_path / "batches"
    kill_at(out, counter, batches, keep)
    assert list(out.rglob("resume/**/*.safetensors"))
    finish(out, counter)
    assert content(out) == content(whole)
    assert not list(out.rglob("resume"))
    times = Counter(counter.read_text().splitlines())
    assert len(times) % (EPOCHS * BATCHES) == 0
    assert sum(times.values()) - len(times) <= allowed


@pytest.mark.slow
def test_a_damaged_state_is_told_and_changes_no_result(tmp_path: Path, whole: Path) -> None:
    out, counter = tmp_path / "run", tmp_path / "batches"
    kill_at(out, counter, 2 * BATCHES + 3)
    (state,) = out.rglob("resume/**/*.safetensors")
    state.write_bytes(state.read_bytes()[:-7])
    errors = finish(out, counter)
    assert "is damaged" in errors
    assert "starts anew" in errors
    assert content(out) == content(whole)
