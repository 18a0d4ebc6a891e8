"""What `mebench spot` says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from .conftest import Mebench


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
