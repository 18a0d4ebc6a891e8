"""What `mebench spot` prints and writes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

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
    assert "file/x cannot be written" in answer.err
    assert "space" not in answer.err
    assert "spot: 1 to do" not in answer.err


@pytest.mark.parametrize("fps", ["0", "-3", "nan", "inf"])
def test_rates_that_no_video_has(mebench: Mebench, fps: str) -> None:
    answer = mebench("spot", "trip", "--fps", fps)
    assert answer.code == 2
    assert "--fps" in answer.err
