"""`mebench figure key-frames`: what it prints and writes, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Mebench

TOYS = Path(__file__).parents[1] / "toys" / "toys.py"


def test_the_table_and_the_figure(mebench: Mebench) -> None:
    run = ("run", "--method", "toy_recogniser", "--dataset", "toy_clips:subjects=2", "--executor", "inline")
    assert mebench(*run, "--out", "r", "--plugin", str(TOYS)).code == 0
    answer = mebench("figure", "key-frames", "r", "--shifts", "0,2", "--draws", "1", "--plugin", str(TOYS))
    assert answer.code == 0, answer.err
    # The toy looks at the first and last frame, wherever the key frames are: nothing falls.
    lines = [line.split() for line in answer.out.splitlines()]
    assert [row[:2] for row in lines if row[:1] in (["0"], ["2"])] == [["0", "1.0000"], ["2", "1.0000"]]
    assert sorted(path.suffix for path in Path("figures").iterdir()) == [".npz", ".png", ".svg"]


@pytest.mark.parametrize("shifts", ["a", "-1,2", "1.5", ""])
def test_shifts_that_are_none_are_refused(mebench: Mebench, shifts: str) -> None:
    answer = mebench("figure", "key-frames", "r", f"--shifts={shifts}")
    assert answer.code == 2
    assert "are no numbers of frames" in answer.err
