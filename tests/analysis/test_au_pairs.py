"""Which frames of two OpenFace tables meet, and what is said of the others."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mebench.analysis.au_pairs import TablePair, account_of
from mebench.schema.action_units import ACTION_UNITS

Lines = list[str]


def write(path: Path, change: Callable[[Lines], Lines] = lambda lines: lines, rate: float = 30) -> Path:
    """Write a table of 20 frames after a change of its lines, the header being the first."""
    values = np.random.default_rng(0).random((20, len(ACTION_UNITS))).round(3)
    head = ["frame", "timestamp", "confidence", "success", *(f"AU{unit:02d}_r" for unit in ACTION_UNITS)]
    rows = [[frame, frame / rate, 0.98, 1, *row] for frame, row in enumerate(values, 1)]
    path.write_text("\n".join(change([",".join(map(str, row)) for row in (head, *rows)])) + "\n")
    return path


def halved(lines: Lines) -> Lines:
    return lines[:11]


def with_a_gap(lines: Lines) -> Lines:
    return [*lines[:5], *lines[6:]]


def doubled(lines: Lines) -> Lines:
    return [lines[0], *(line for line in lines[1:] for _ in range(2))]


def with_nan(lines: Lines) -> Lines:
    return [*lines[:3], lines[3].rpartition(",")[0] + ",nan", *lines[4:]]


def mostly_lost(lines: Lines) -> Lines:
    return [*lines[:5], *(line.replace(",0.98,1,", ",0.98,0,") for line in lines[5:])]


@pytest.mark.parametrize(
    ("change", "account"),
    [
        (lambda lines: lines, "20 of 20 frames are paired."),
        (halved, "10 of 20 frames are paired; 10 missing in {b}."),
        (with_a_gap, "19 of 20 frames are paired; 1 missing in {b}."),
        (doubled, "20 of 20 frames are paired."),
        (with_nan, "19 of 20 frames are paired; 1 lost (success 0, or no number) in {b}."),
        (mostly_lost, "4 of 20 frames are paired; 16 lost (success 0, or no number) in {b}."),
    ],
)
def test_frames_that_were_not_paired_are_told(tmp_path: Path, change: Callable[[Lines], Lines], account: str) -> None:
    a, b = write(tmp_path / "a.csv"), write(tmp_path / "b.csv", change)
    told = TablePair.read(a, b)
    assert told.account() == f"{a} and {b}: {account.format(b=b)}"


def test_a_frame_that_both_lack_is_missing_in_both(tmp_path: Path) -> None:
    a, b = write(tmp_path / "a.csv", with_a_gap), write(tmp_path / "b.csv", with_a_gap)
    assert f"19 of 20 frames are paired; 1 missing in {a}; 1 missing in {b}." in TablePair.read(a, b).account()


def test_policies_and_different_rates_are_told(tmp_path: Path) -> None:
    a, b = write(tmp_path / "a.csv", doubled, rate=200), write(tmp_path / "b.csv", with_nan, rate=100)
    told = " ".join(account_of([TablePair.read(a, b)]))
    assert f"{a}: OpenFace table: 20 rows repeat a frame" in told
    assert f"{b}: OpenFace table: 1 rows hold no number" in told
    assert "time stamps tell 200 and 100 frames/s; rows are matched by frame number, not by time." in told


def test_of_many_pairs_those_with_gaps_are_named(tmp_path: Path) -> None:
    whole, half = write(tmp_path / "a.csv"), write(tmp_path / "b.csv", halved)
    told = account_of([TablePair.read(whole, whole), TablePair.read(whole, half)])
    assert told[0] == "2 videos: 30 of 40 frames are paired."
    assert told[1:] == [f"{whole} and {half}: 10 of 20 frames are paired; 10 missing in {half}."]
