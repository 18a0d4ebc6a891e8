"""Plug-ins that are broken, each in one way: each fails, with the reason, and the other checks hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from mebench.cli.main import main

BROKEN = Path(__file__).parent / "broken"
SHAPES = "trains and answers in the right shape and range"

CASES = {
    "wrong_shape": (SHAPES, "gave scores of shape (240,) for 240 frames of video p6/v1: mend its `spot`."),
    "wrong_raw_shape": (
        SHAPES,
        "gave raw scores of shape (240,), neither (240, 2) nor (240, 1), of video p6/v1: mend its `spot`.",
    ),
    "nan_scores": (SHAPES, "gave scores that are not finite of video p6/v1: mend its `spot`."),
    "explains_wrongly": (
        "gives what mebench explain draws",
        "explains_wrongly gave `scores` of shape (2, 3) for 2 frames and 2 `outputs`, where (2, 2) is due: mend its",
    ),
    "reads_truth": ("does not use the truth that is withheld", "depends on the truth of that recording"),
    "reads_truth_beside": ("does not use the truth that is withheld", "It reads the truth that a run keeps beside its"),
    "remembers_folds": ("knows nothing that another fold has learnt", "After another fold has learnt from the tested"),
    "leaves_python": (SHAPES, "SystemExit: 0, raised in `spot`, line 14: mend it."),
    "second_call": ("says the same on a second call", "Asked again about the same recordings it says something else"),
    "state_is_lost": (
        "state that is loaded gives the same results",
        "With its state loaded it says something else: keep all that was learnt in `state`, and load all of it",
    ),
    "whole_video": (
        "memory does not grow with the length of a recording",
        "Each further frame of a recording takes",
    ),
    "writes_elsewhere": ("writes nowhere outside its folder", "It wrote notes.txt"),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.usefixtures("apart")
def test_a_broken_plugin_fails_with_the_reason(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    check, reason = CASES[name]
    if name == "explains_wrongly":
        pytest.importorskip("torch")
    with pytest.raises(SystemExit) as leaving:
        main(["test", "--plugin", str(BROKEN / f"{name}.py")])
    lines = capsys.readouterr().out.splitlines()
    failed = [line for line in lines if line.startswith("failed")]
    assert leaving.value.code == 1
    assert failed[0].startswith(f"failed   method {name}: {check}. ")
    assert reason in failed[0]
    assert len(failed) == 1
    assert "checks hold, 1 failed" in lines[-1]


def test_every_broken_plugin_is_tried() -> None:
    assert {path.stem for path in BROKEN.glob("*.py")} == set(CASES)


@pytest.mark.usefixtures("apart")
def test_a_plugin_with_raw_scores_holds(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as leaving:
        main(["test", "--plugin", str(BROKEN.parents[1] / "runs" / "raw_plugin.py")])
    assert leaving.value.code == 0
    assert "checks hold, none failed." in capsys.readouterr().out
