"""What `mebench spot` prints and writes."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.frames.films import film, restamp

from .conftest import Mebench


@pytest.fixture
def frames(tmp_path: Path):
    """Return how a folder of 40 dark pictures is made."""
    cv2 = pytest.importorskip("cv2")

    def make(name: str, shade: int = 0) -> str:
        (tmp_path / name).mkdir(parents=True)
        for number in range(1, 41):
            cv2.imwrite(str(tmp_path / name / f"{number}.png"), np.full((6, 6), shade, np.uint8))
        return name

    return make


def test_results_go_where_they_are_sent(mebench: Mebench, plugin: list[str], frames) -> None:
    frames("trip")
    answer = mebench("spot", "trip", "--method", "idle", "--fps", "20", "--device", "cpu", "--out", "there", *plugin)
    assert answer.code == 0, answer.err
    assert answer.out.startswith("0 expressions in 40 frames at 20 fps.\n")
    assert Path("there/intervals.csv").read_text().splitlines() == ["onset,offset,type,score,start,end"]
    assert sorted(path.name for path in Path("there").iterdir()) == ["intervals.csv", "spotting.json", "timeline.html"]
    assert not Path("spotted").exists()


def test_several_videos_of_one_name_keep_their_results(mebench: Mebench, plugin: list[str], frames) -> None:
    paths = frames("a/video"), frames("b/video", shade=9)
    first = mebench("spot", *paths, "--method", "idle", "--device", "cpu", *plugin)
    assert first.code == 0, first.err
    assert sorted(path.name for path in Path("spotted").iterdir()) == ["video", "video-2"]
    assert "a/video\n0 expressions" in first.out
    again = mebench("spot", paths[1], "--method", "idle", "--device", "cpu", *plugin)
    assert "already" not in again.out
    assert Path("spotted/video").is_dir()


def test_json_names_each_video_and_what_failed(mebench: Mebench, plugin: list[str], frames) -> None:
    answer = mebench("spot", frames("trip"), "none.mp4", "--method", "idle", "--device", "cpu", "--json", *plugin)
    assert answer.code == 1
    good, bad = json.loads(answer.out)["videos"]
    assert (good["path"], good["folder"], good["intervals"]) == ("trip", "spotted/trip", [])
    assert good["video"]["n_frames"] == 40
    assert bad == {"path": "none.mp4", "error": "There is neither a folder nor a video at none.mp4: check the path."}
    assert "1 of 2 videos could not be spotted in" in answer.err


def test_a_single_video_that_fails_is_an_error_of_the_command(mebench: Mebench, plugin: list[str]) -> None:
    answer = mebench("spot", "none.mp4", "--method", "idle", *plugin)
    assert (answer.code, answer.out) == (2, "")
    assert "neither a folder nor a video at none.mp4" in answer.err


def test_a_place_that_cannot_be_written_is_told_before_the_work(mebench: Mebench, plugin: list[str], frames) -> None:
    frames("trip")
    Path("file").touch()
    answer = mebench("spot", "trip", "--method", "idle", "--out", "file/x", *plugin)
    assert answer.code == 2
    assert "file cannot be written" in answer.err
    assert "space" not in answer.err
    assert "spot: 1 to do" not in answer.err


@pytest.mark.parametrize("fps", ["0", "-3", "nan", "inf", "1e9"])
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
    said = "trip/img_5.png is one picture, not a video: give its folder, whose pictures are the frames."
    assert answer.err == f"Error: {said}\n"


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


def test_a_rate_that_nobody_said_or_that_the_file_does_not_say_is_told(
    mebench: Mebench, plugin: list[str], frames
) -> None:
    film(Path("f.mp4"), 40)
    frames("trip")
    idle = ["--method", "idle", "--device", "cpu", *plugin]
    assumed = "30 frames/s are assumed, for a folder says none: give its own by --fps."
    assert assumed in mebench("spot", "trip", *idle).err
    for name, fps, told in (
        ("trip", "30", []),
        ("f.mp4", "30", []),
        ("f.mp4", "10", ["--fps 10 is used; the file says 30."]),
    ):
        answer = mebench("spot", name, "--fps", fps, *idle, "--out", f"{name}-{fps}")
        assert answer.code == 0, answer.err
        assert [line for line in answer.err.splitlines() if "fps" in line] == told


def test_the_highest_rate_is_that_of_alignment() -> None:
    from mebench.cli.spot import spot
    from mebench.schema.recordings import HIGHEST_FPS

    (fps,) = (option for option in spot.params if option.name == "fps")
    assert fps.type.max == HIGHEST_FPS


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


def test_a_name_that_the_locale_cannot_say(plugin: list[str], frames, tmp_path: Path) -> None:
    frames("\u8868\u60c5")
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    environment["MEBENCH_CACHE"] = str(tmp_path / "cache")
    command = [sys.executable, "-m", "mebench", "spot", "\u8868\u60c5", "--method", "idle", "--device", "cpu", *plugin]
    done = subprocess.run(list(map(os.fsencode, command)), env=environment, cwd=tmp_path, capture_output=True)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    assert (tmp_path / "spotted" / "\u8868\u60c5" / "intervals.csv").is_file()
