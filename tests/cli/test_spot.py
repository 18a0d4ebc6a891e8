"""What `mebench spot` says."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import numpy as np
import pytest

from tests.frames.films import film, restamp

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


def pictures(place: Path, first: int = 1, count: int = 40) -> Path:
    cv2 = pytest.importorskip("cv2", reason="OpenCV is not installed")
    place.mkdir()
    for number in range(first, first + count):
        cv2.imwrite(f"there_{number}.png", np.zeros((6, 6), np.uint8))
        Path(f"there_{number}.png").rename(place / f"img_{number}.png")
    return place


def test_intervals_bear_the_numbers_of_the_files(mebench: Mebench, plugin: list[str]) -> None:
    pictures(Path("plain"), 1, 120)
    pictures(Path("from_101"), 101, 120)
    mebench("run", "--method", "learner", "--dataset", "fake_lv", "--device", "cpu", *plugin, "--out", "r")
    plain, later = (mebench("spot", name, "--run", "r", "--device", "cpu", *plugin) for name in ("plain", "from_101"))
    assert "The first frame is img_101.png: frames bear the numbers of their files, from 101 on." in later.err
    rows = [
        list(csv.DictReader(Path(f"spotted/{name}/intervals.csv").read_text().splitlines()))
        for name in ("plain", "from_101")
    ]
    ((first,), (second,)) = rows
    assert int(second["onset"]) == int(first["onset"]) + 100
    assert (second["start"], second["end"]) == (first["start"], first["end"])
    assert f"frames {second['onset']}-{second['offset']}  " in later.out
    assert f"frames {first['onset']}-{first['offset']}  " in plain.out


def test_a_still_picture_is_refused(mebench: Mebench, plugin: list[str]) -> None:
    pictures(Path("trip"))
    answer = mebench("spot", "trip/img_5.png", "--method", "idle", "--device", "cpu", *plugin)
    assert answer.code == 2
    assert (
        answer.err
        == "Error: trip/img_5.png is one picture, not a video: give its folder, whose pictures are the frames.\n"
    )


def test_names_that_are_no_utf8(mebench: Mebench, plugin: list[str]) -> None:
    folder = pictures(Path(os.fsdecode(b"\xb1\xed\xc7\xe9")))
    answer = mebench("spot", str(folder), "--method", "idle", "--device", "cpu", "--out", "there", *plugin)
    assert answer.code == 0, answer.err
    assert Path("there/timeline.html").is_file()


def test_seconds_follow_the_time_stamps(mebench: Mebench, plugin: list[str]) -> None:
    pytest.importorskip("cv2", reason="OpenCV is not installed")
    restamp(film(Path("phone.mp4"), 120), [(10, 1), (110, 3)])
    mebench("run", "--method", "learner", "--dataset", "fake_lv", "--device", "cpu", *plugin, "--out", "r")
    answer = mebench("spot", "phone.mp4", "--run", "r", "--device", "cpu", *plugin)
    assert "The frame rate varies (10 to 30, 10.59 frames/s in the mean): seconds follow the time stamps." in answer.err
    (row,) = csv.DictReader(Path("spotted/phone/intervals.csv").read_text().splitlines())
    stamps = [*(i / 30 for i in range(11)), *(10 / 30 + i / 10 for i in range(1, 111))]
    assert float(row["start"]) == pytest.approx(stamps[int(row["onset"]) - 1], abs=0.02)
    assert float(row["end"]) == pytest.approx(stamps[int(row["offset"])], abs=0.02)


def test_a_user_without_a_home_is_told_to_name_a_cache(mebench: Mebench, monkeypatch: pytest.MonkeyPatch) -> None:
    pictures(Path("trip"))

    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    for name in ("MEBENCH_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", homeless)
    answer = mebench("spot", "trip", "--device", "cpu")
    assert answer.code == 2
    assert answer.err.splitlines()[-1] == (
        "Error: This user has no home folder for the frame cache: set MEBENCH_CACHE to a folder that can be written."
    )
