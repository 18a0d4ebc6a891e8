"""`mebench figure key-frames` and `expression`: what it prints and writes, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Mebench

TOYS = Path(__file__).parents[1] / "toys" / "toys.py"
FRAMES = TOYS.with_name("frames.py")


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


def test_the_expression_of_every_frame_of_two_runs(mebench: Mebench) -> None:
    plugin = ("--plugin", str(FRAMES))
    for method in ("grey_classification", "grey_regression"):
        run = ("run", "--method", method, "--dataset", "grey_clips", "--train", "grey_stills")
        assert mebench(*run, "--protocol", "fer-video", "--executor", "inline", "--out", method, *plugin).code == 0
    answer = mebench("figure", "expression", "grey_classification", "grey_regression", "--video", "p1/up", *plugin)
    assert answer.code == 0, answer.err
    assert "grey_classification: agreement 0.50, positive is said from 4 to 5, coded from 3 to 6" in answer.out
    assert "grey_regression: mean agreement 0.80 of 2 clips with both coded" in answer.out
    assert sorted(path.suffix for path in Path("figures").iterdir()) == [".npz", ".png", ".svg"]
    refused = mebench("figure", "expression", "grey_regression", "--clip", "dawn", *plugin)
    assert (refused.code, "has tested no clip 'dawn'" in refused.err) == (2, True)
