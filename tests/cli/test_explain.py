"""`mebench explain`."""

from __future__ import annotations

from pathlib import Path

import pytest

from mebench.figures.drawing import file_name

from .conftest import PLUGIN, Mebench

pytest.importorskip("torch", reason="torch is not installed")

NET_PLUGIN = ["--plugin", str(PLUGIN.parents[1] / "apply" / "explainable_plugin.py")]


@pytest.fixture
def run(mebench: Mebench) -> str:
    """The folder of a run of a plug-in's network."""
    ended = mebench(
        "run", "--method", "net_spotter", "--dataset", "noise_lv", "--out", "run", "--executor", "inline", *NET_PLUGIN
    )
    assert ended.code == 0, ended.err
    return "run"


def test_a_sheet_of_a_plugins_network_is_written(mebench: Mebench, run: str) -> None:
    answer = mebench("explain", run, "--video", "b_1", "--frames", "20-30", "--most", "2", *NET_PLUGIN)
    assert answer.code == 0, answer.err
    name = file_name("run", "b", "b_1", 20, 30, "macro", settings=["most=2"])
    assert answer.out.splitlines() == [
        "net_spotter, fold 002-b: macro in b_1, frames 20, 30",
        "Grad-CAM: last convolution (0)",
        "guided backpropagation: 0",
        *(f"written: explained/{name}.{kind}" for kind in ("svg", "png", "npz")),
    ]
    assert sorted(path.suffix for path in Path("explained").iterdir()) == [".npz", ".png", ".svg"]
    answer = mebench("explain", run, "--video", "b_1", "--type", "micro", "--frames", "9-12", *NET_PLUGIN)
    assert "Grad-CAM: last convolution (0): nothing speaks for it" in answer.out
    assert "No face was found in 2 of the frames 9-12" in answer.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--video", "b_9"], "There is no video 'b_9'"),
        (
            ["--video", "b_1", "--frames", "five"],
            "--frames five is not a first and a last frame: write --frames 120-180",
        ),
        (["--video", "b_1", "--frames", "30-20"], "--frames 30-20 ends before it begins: write --frames 20-30"),
        (["--video", "b_1", "--frames=-5-10"], "--frames -5-10 begins below 1, and frames begin at 1"),
        (["--video", "b_1", "--frames", "0-20"], "b_1 has the frames 1 to 90"),
        (["--video", "b_1", "--out", "run/folds"], "run/folds lies in run, which this command reads"),
        (["--video", "b_1", "--out", "file"], "file is no folder: give the name of one with --out"),
        (["--video", "b_1", "--type", "maybe"], "net_spotter has no output 'maybe'"),
        (["--video", "b_1", "--root", "casme_sq=."], "casme_sq, which takes no part in this command"),
        ([], "--video"),
    ],
)
def test_what_cannot_be_explained_is_told_in_one_sentence(
    mebench: Mebench, run: str, arguments: list[str], told: str
) -> None:
    Path("file").touch()
    answer = mebench("explain", run, *arguments, *NET_PLUGIN)
    assert (answer.code, answer.out) == (2, "")
    assert told in answer.err
    assert not Path("explained").exists()


def test_what_is_no_run_is_told(mebench: Mebench) -> None:
    answer = mebench("explain", "nowhere", "--video", "x")
    assert answer.code == 2
    assert "nowhere is not the folder of a run" in answer.err
