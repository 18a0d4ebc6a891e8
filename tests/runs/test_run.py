from __future__ import annotations

import hashlib
import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from mebench.errors import UserError
from mebench.runs.monitor import Monitor
from mebench.runs.run import RunResult, load_run, run
from mebench.runs.work.spotting import scores_of
from mebench.schema.predictions import read_predictions
from mebench.schema.scorecard import Scorecard
from tests.run_files import comparable


class Recorder(Monitor):
    def __init__(self) -> None:
        self.notes: list[str] = []
        self.ended: list[str] = []

    def note(self, text: str) -> None:
        self.notes.append(text)

    def finished(self, task: str, error: str | None) -> None:
        self.ended.append(task)


def inline(plugin: Path, out: Path, method: str = "learner", *datasets: str, **more: object) -> RunResult:
    return run(method, datasets or ["fake_lv"], out=out, executor="inline", device="cpu", plugins=[plugin], **more)  # type: ignore[arg-type]


def content(folder: Path) -> dict[str, str]:
    """Digest of every file that must not differ between identical runs."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(comparable(path)).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in ("timing.json", ".lock")
    }


def test_the_oracle_scores_one(plugin: Path, tmp_path: Path) -> None:
    result = inline(plugin, tmp_path / "r", "oracle")
    assert result.complete
    assert result.scorecard is not None
    assert result.scorecard.score("f1", "overall").value == 1
    assert result.scorecard.counts["overall"].fp == 0
    assert {p.name for p in (tmp_path / "r" / "folds").iterdir()} == {f"00{i}-s0{i}" for i in range(1, 6)}


def test_a_missing_part_of_a_method_is_told_before_the_run_is_begun(plugin: Path, tmp_path: Path) -> None:
    with pytest.raises(
        UserError, match=r"^The YuNet model none.onnx does not exist: download it from the OpenCV zoo\.$"
    ):
        inline(plugin, tmp_path / "r", "mdmd:landmarks=yunet,yunet_model=none.onnx", "fake_lv", "synth_lv")
    assert not list((tmp_path / "r").glob("folds/*"))


def test_runs_without_a_folder_of_their_own_lie_together_under_what_they_are(plugin: Path, tmp_path: Path) -> None:
    options = {"executor": "inline", "device": "cpu", "plugins": [plugin], "runs": tmp_path / "together"}
    first, again = (run("oracle", ["fake_lv"], **options) for _ in range(2))  # type: ignore[arg-type]
    other = run("oracle", ["fake_lv"], seed=1, **options)  # type: ignore[arg-type]
    assert first.folder == again.folder
    assert {path.name for path in (tmp_path / "together").iterdir()} == {first.folder.name, other.folder.name}
    assert first.folder.name.startswith("oracle-fake_lv-")


def test_a_run_leaves_what_the_architecture_lists(plugin: Path, tmp_path: Path) -> None:
    result = inline(plugin, tmp_path / "r")
    stored = load_run(tmp_path / "r")
    assert [folder.fold.id for folder in stored.folds()] == ["001-s01-s02", "002-s03-s04", "003-s05"]
    assert all(folder.problem() is None for folder in stored.folds())
    assert stored.scorecard == result.scorecard
    assert stored.config["method"]["id"] == "learner"
    assert stored.config["datasets"][0]["method_settings"]["steps"] == 3  # the published one, not the default
    predictions, _ = read_predictions(tmp_path / "r" / "predictions.csv")
    assert len(predictions) == 10
    assert set(predictions.subject.tolist()) == {f"s0{i}" for i in range(1, 6)}
    scores = {name: array for folder in stored.folds() for name, array in scores_of(folder).items()}
    assert scores["s03/v2"].shape == (232, 2)
    assert scores["s03/v2"].dtype == np.float32
    log = [json.loads(line) for line in (next(stored.folds()).path / "log.jsonl").read_text().splitlines()]
    assert [line["step"] for line in log] == [0, 1, 2, 0, 1, 2]


def test_the_model_that_was_validated_on_one_subject_tests_the_other(plugin: Path, tmp_path: Path) -> None:
    inline(plugin, tmp_path / "r")
    first = next(load_run(tmp_path / "r").folds())
    log = [json.loads(line) for line in (first.path / "log.jsonl").read_text().splitlines()]
    on_first, on_second = (state["weights"] for state in first.states())
    assert log[2]["weights"] == on_first.tolist()
    peak = {name.split("/")[0]: float(array[:, 1].max()) for name, array in scores_of(first).items()}
    assert peak["s02"] == pytest.approx(1 + on_first[1])
    assert peak["s01"] == pytest.approx(1 + on_second[1])


def test_a_second_start_does_nothing_again(plugin: Path, tmp_path: Path) -> None:
    inline(plugin, tmp_path / "r")
    before, seen = content(tmp_path / "r"), Recorder()
    result = inline(plugin, tmp_path / "r", monitor=seen)
    assert seen.ended == []
    assert result.progress.skipped == ["001-s01-s02", "002-s03-s04", "003-s05"]
    assert content(tmp_path / "r") == before
    assert set(json.loads((tmp_path / "r" / "timing.json").read_text())["fold_seconds"]) == set(result.progress.skipped)


@pytest.mark.parametrize("name", ["predictions.csv", "scores.npz", "checkpoint.safetensors", "done.json", "log.jsonl"])
def test_a_damaged_fold_is_done_again_and_no_other(plugin: Path, tmp_path: Path, name: str) -> None:
    inline(plugin, tmp_path / "r")
    before, seen = content(tmp_path / "r"), Recorder()
    damaged = tmp_path / "r" / "folds" / "002-s03-s04" / name
    damaged.write_bytes(damaged.read_bytes()[:-1])
    inline(plugin, tmp_path / "r", monitor=seen)
    assert "002-s03-s04" in seen.ended
    assert not {"001-s01-s02", "003-s05"} & set(seen.ended)
    assert any(f"Fold 002-s03-s04 is done again: {name} is" in note for note in seen.notes)
    assert content(tmp_path / "r") == before


@pytest.mark.slow
def test_files_are_the_same_whatever_the_executor_and_the_jobs(plugin: Path, tmp_path: Path) -> None:
    inline(plugin, tmp_path / "inline")
    for jobs in (1, 2):
        run("learner", ["fake_lv"], out=tmp_path / str(jobs), jobs=jobs, device="cpu", plugins=[plugin])
    assert content(tmp_path / "1") == content(tmp_path / "2") == content(tmp_path / "inline")


def test_another_seed_gives_other_files(plugin: Path, tmp_path: Path) -> None:
    inline(plugin, tmp_path / "a")
    inline(plugin, tmp_path / "b", seed=1)
    assert (tmp_path / "a" / "predictions.csv").read_bytes() != (tmp_path / "b" / "predictions.csv").read_bytes()


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ("nan", "The loss is not a number: lower the learning rate."),
        ("bug", "ZeroDivisionError: one over nothing (a fault in the code"),
        ("full", "The disk is full at somewhere: free some space"),
        ("memory", "There was not enough memory: give a smaller --jobs"),
    ],
)
def test_a_failed_fold_stops_no_sibling_and_is_mended_by_a_second_start(
    plugin: Path, tmp_path: Path, how: str, message: str
) -> None:
    result = inline(plugin, tmp_path / "r", f"learner:fail=s03,how={how}")
    assert not result.complete
    assert list(result.progress.failures) == ["002-s03-s04"]
    assert result.progress.failures["002-s03-s04"].startswith(message)
    card = Scorecard.read(tmp_path / "r" / "scorecard.json")
    assert not card.complete
    assert (tmp_path / "r" / "folds" / "002-s03-s04" / "error.txt").read_text().startswith(message)
    done = {p.parent.name for p in (tmp_path / "r").glob("folds/*/done.json")}
    assert done == {"001-s01-s02", "003-s05"}
    again = inline(plugin, tmp_path / "r", f"learner:fail=s03,how={how}")
    assert again.progress.skipped == ["001-s01-s02", "003-s05"]


def test_a_killed_process_fails_its_fold_alone(plugin: Path, tmp_path: Path) -> None:
    result = run("learner:fail=s03,how=crash", ["fake_lv"], out=tmp_path / "r", jobs=2, device="cpu", plugins=[plugin])
    assert list(result.progress.failures) == ["002-s03-s04"]
    assert "killed by signal SIGKILL" in result.progress.failures["002-s03-s04"]
    assert not result.complete


def test_scores_that_are_no_numbers_fail_the_fold(plugin: Path, tmp_path: Path) -> None:
    result = inline(plugin, tmp_path / "r", "learner:fail=s05,how=scores")
    assert "scores that are not finite of video s05/v1" in result.progress.failures["003-s05"]


def test_a_video_that_cannot_be_prepared_fails_the_folds_that_need_it_before_they_start(
    plugin: Path, tmp_path: Path
) -> None:
    seen = Recorder()
    result = inline(plugin, tmp_path / "r", "learner:unprepared=s02", monitor=seen)
    reason = "fake_lv/s02/v2 could not be prepared: No face was found: give another video."
    assert result.progress.failures == dict.fromkeys(("001-s01-s02", "002-s03-s04", "003-s05"), reason)
    assert not any("-" in task for task in seen.ended)
    assert result.scorecard is not None
    assert (result.scorecard.scores, result.scorecard.complete) == ((), False)
    assert "Traceback" in (tmp_path / "r" / "folds" / "001-s01-s02" / "error.txt").read_text()


def test_a_method_that_does_not_train_is_not_trained(plugin: Path, tmp_path: Path) -> None:
    result = inline(plugin, tmp_path / "r", "idle")
    assert result.complete
    assert result.scorecard is not None
    assert result.scorecard.counts["overall"].fn == 10


def test_two_datasets_are_pooled_with_qualified_subjects(plugin: Path, tmp_path: Path) -> None:
    result = inline(plugin, tmp_path / "r", "oracle", "fake_lv:subjects=2", "fake_lv2:subjects=1")
    assert result.scorecard is not None
    assert result.scorecard.protocol.id == "megc2021-spotting"
    assert result.scorecard.score("f1", "overall").value == 1
    assert result.scorecard.counts["overall"].tp == 6
    assert [row.subject for row in result.scorecard.by_subject] == ["fake_lv/s01", "fake_lv/s02", "fake_lv2/s01"]


def test_a_refusal_is_a_skip_and_leaves_nothing(plugin: Path, tmp_path: Path) -> None:
    result = inline(plugin, tmp_path / "r", "picky")
    assert result.skipped is not None
    assert "fake_lv has no sound" in result.skipped
    assert not (tmp_path / "r").exists()


@pytest.mark.parametrize(
    ("method", "dataset", "more", "message"),
    [
        ("lerner", "fake_lv", {}, "no method 'lerner'. Did you mean 'learner'"),
        ("learner:stepz=3", "fake_lv", {}, "learner has no setting 'stepz'. Did you mean 'steps'"),
        ("learner:steps=many", "fake_lv", {}, "learner:steps='many' must be a whole number"),
        ("learner", "fake_vl", {}, "no dataset 'fake_vl'"),
        ("learner", "fake_lv:subjects=2", {}, "fake_lv has 2 subjects"),
        ("learner", "samm_lv", {}, "samm_lv is read from your licensed copy: add --root DIR"),
        ("learner", "samm_lv", {"roots": ["/nowhere"]}, "The folder /nowhere does not exist"),
        ("learner", "fake_lv", {"protocol": "megc1999"}, "no protocol 'megc1999'"),
        ("learner", "fake_lv", {"device": "tpu"}, "no device 'tpu'"),
    ],
)
def test_what_is_wrong_is_told_before_anything_is_written(
    plugin: Path, tmp_path: Path, method: str, dataset: str, more: dict[str, object], message: str
) -> None:
    arguments: dict[str, object] = {"executor": "inline", "device": "cpu", "plugins": [plugin], **more}
    with pytest.raises(UserError, match=message):
        run(method, [dataset], out=tmp_path / "r", **arguments)  # type: ignore[arg-type]
    assert not (tmp_path / "r").exists()


def test_the_same_dataset_twice_is_refused(plugin: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="'fake_lv' is given twice"):
        inline(plugin, tmp_path / "r", "oracle", "fake_lv", "fake_lv:subjects=2")


def test_other_settings_do_not_share_a_folder(plugin: Path, tmp_path: Path) -> None:
    inline(plugin, tmp_path / "r")
    before = content(tmp_path / "r")
    with pytest.raises(UserError, match=r"another learner:steps \(3 there, 5 asked for\): ask for what is there"):
        inline(plugin, tmp_path / "r", "learner:steps=5")
    with pytest.raises(
        UserError, match=r"another fake_lv:subjects \(5 there, 6 asked for\), another seed \(0 there, 1"
    ):
        inline(plugin, tmp_path / "r", "learner", "fake_lv:subjects=6", seed=1)
    assert content(tmp_path / "r") == before


def command(plugin: Path, out: Path, jobs: int, nap: float) -> list[str]:
    return [
        *(sys.executable, "-m", "mebench", "run", "--method", f"learner:nap={nap}", "--dataset", "fake_lv"),
        *("--plugin", str(plugin), "--out", str(out), "--jobs", str(jobs), "--device", "cpu"),
    ]


@pytest.mark.slow
def test_killed_at_random_moments_a_run_ends_in_the_same_bytes(plugin: Path, tmp_path: Path) -> None:
    nap = 0.12
    subprocess.run(command(plugin, tmp_path / "whole", 2, nap), check=True, capture_output=True)
    killed, moments = 0, random.Random(7)
    for jobs in (1, 2, 2, 1, 2):
        process = subprocess.Popen(
            command(plugin, tmp_path / "killed", jobs, nap), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_for(tmp_path / "killed" / "config.json", process)
        time.sleep(moments.uniform(0.05, 1.0))
        killed += process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.wait()
    subprocess.run(command(plugin, tmp_path / "killed", 2, nap), check=True, capture_output=True)
    assert killed >= 2
    assert content(tmp_path / "killed") == content(tmp_path / "whole")


def wait_for(path: Path, process: subprocess.Popen[bytes]) -> None:
    """Wait until a run has begun to write, or has ended."""
    while not path.exists() and process.poll() is None:
        time.sleep(0.01)
