"""What `mebench spot` says of frames that have no file."""

from __future__ import annotations

import random
import re
from pathlib import Path

import numpy as np
import pytest

from mebench.cli.spot import _ranges

from .conftest import Mebench


@pytest.mark.parametrize(
    ("numbers", "text"), [([], ""), ([3], "3"), ([3, 4], "3-4"), ([1, 2, 3, 5, 7, 8], "1-3, 5, 7-8")]
)
def test_ranges_by_hand(numbers, text):
    assert _ranges(numbers) == text


def test_ranges_hold_the_very_numbers():
    rng = random.Random(0)
    for _ in range(50):
        numbers = sorted(rng.sample(range(1, 40), rng.randrange(1, 30)))
        ends = [(int(a), int(b or a)) for a, b in re.findall(r"(\d+)(?:-(\d+))?", _ranges(numbers))]
        assert [n for a, b in ends for n in range(a, b + 1)] == numbers
        assert all(b + 1 < a for (_, b), (a, _) in zip(ends, ends[1:], strict=False))


def test_results_go_where_they_are_sent(mebench: Mebench, plugin: list[str]) -> None:
    cv2 = pytest.importorskip("cv2")
    Path("trip").mkdir()
    for number in range(1, 41):
        cv2.imwrite(f"trip/{number}.png", np.zeros((6, 6), np.uint8))
    answer = mebench("spot", "trip", "--method", "idle", "--fps", "20", "--device", "cpu", "--out", "there", *plugin)
    assert answer.code == 0, answer.err
    assert answer.out.startswith("0 expressions in 40 frames at 20 fps.\n")
    assert Path("there/intervals.csv").read_text().splitlines() == ["onset,offset,type,score,start,end"]
    assert not Path("spotted").exists()


@pytest.mark.parametrize("fps", ["0", "-3", "nan", "inf"])
def test_rates_that_no_video_has(mebench: Mebench, fps: str) -> None:
    answer = mebench("spot", "trip", "--fps", fps)
    assert answer.code == 2
    assert "--fps" in answer.err
