from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from .conftest import Mebench

FAKE = ("--dataset", "fake_lv", "--executor", "inline", "--device", "cpu")


def test_run_ends_with_a_table_a_folder_and_a_page(mebench: Mebench, plugin: list[str], tmp_path: Path) -> None:
    answer = mebench("run", "--method", "oracle", *FAKE, *plugin)
    assert answer.code == 0
    assert "oracle on fake_lv under megc2020-spotting, version 1" in answer.out
    for scope in ("overall", "macro", "micro"):
        row = next(line for line in answer.out.splitlines() if line.split()[:1] == [scope])
        assert row.split()[4:7] == ["1.000", "[1.000,", "1.000]"]
    (folder,) = (tmp_path / "runs").iterdir()
    assert folder.name.startswith("oracle-fake_lv-")
    assert f"run:  runs/{folder.name}" in answer.out
    page = Path(answer.out.split("page: ")[1].strip())
    assert page.read_text().startswith("<!")
    assert "training and testing: 5 to do" in answer.err
    again = mebench("run", "--method", "oracle", *FAKE, *plugin)
    assert "5 of 5 folds are done already." in again.err
    assert len(list((tmp_path / "runs").iterdir())) == 1


def test_a_failed_fold_is_told_and_the_run_ends_with_one(mebench: Mebench, plugin: list[str]) -> None:
    answer = mebench("run", "--method", "learner:fail=s03", *FAKE, *plugin, "--out", "r")
    assert answer.code == 1
    assert "Fold 002-s03-s04 failed: The loss is not a number: lower the learning rate.\n" in answer.err
    assert "not complete: a fold is missing" in answer.out
    assert json.loads(Path("r/scorecard.json").read_text())["complete"] is False


def test_a_method_without_a_legacy_setting_is_told_which_have_one(mebench: Mebench, tmp_path: Path) -> None:
    answer = mebench("run", "--method", "mdmd:p=0.2", "--dataset", "synth_lv", "--legacy")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("Error: mdmd has no legacy setting")
    assert answer.err.endswith("leave --legacy out. It is for apex_me, branches, dtscnn, softnet.\n")
    assert not (tmp_path / "runs").exists()


def test_a_skip_has_its_reason(mebench: Mebench, plugin: list[str]) -> None:
    answer = mebench("run", "--method", "picky", *FAKE, *plugin)
    assert (answer.code, answer.out, answer.err) == (2, "", "Skipped: fake_lv has no sound.\n")
    answer = mebench("run", "--method", "learner", *FAKE, *plugin, "--protocol", "megc2022-spotting")
    assert answer.code == 2
    assert answer.err.startswith("Skipped: megc2022-spotting tests on a set that nobody has trained on")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--method", "orcale", "--dataset", "fake_lv"), "There is no method 'orcale'. Did you mean 'oracle'?"),
        (("--method", "oracle", "--dataset", "fake_lv:subject=1"), "fake_lv has no setting 'subject'."),
        (
            ("--method", "oracle:x", "--dataset", "fake_lv"),
            "The setting 'x' in 'oracle:x' has no value: write x=VALUE.",
        ),
        (
            ("--method", "oracle", "--dataset", "samm_lv"),
            "samm_lv is read from your licensed copy: add --root DIR, or remember it with `mebench data root samm_lv DIR`.",
        ),
        (
            ("--method", "oracle", "--dataset", "samm_lv", "--root", "none"),
            "none does not exist: give --root",
        ),
        (("--method", "oracle", "--dataset", "fake_lv", "--protocol", "x"), "There is no protocol 'x'."),
        (("--method", "oracle", "--dataset", "fake_lv", "--executor", "x"), "There is no executor 'x'."),
        (
            ("--method", "oracle", "--dataset", "fake_lv", "--device", "x"),
            "There is no device 'x': use auto, cpu or cuda.",
        ),
        (
            ("--method", "oracle", "--dataset", "fake_lv", "--config", "none.toml"),
            "The settings file none.toml cannot be read",
        ),
        (("--method", "oracle", "--dataset", "fake_lv", "--plugin", "none.py"), "The plug-in none.py cannot be read"),
        (("--method", "learner", "--dataset", "fake_lv:subjects=2"), "fake_lv has 2 subjects"),
    ],
)
def test_mistakes_are_told_in_one_sentence(
    mebench: Mebench, plugin: list[str], tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    more = () if "--executor" in arguments else ("--executor", "inline")
    answer = mebench("run", *arguments, *more, *plugin)
    assert answer.code == 2
    assert answer.err.startswith("Error: ")
    assert message in answer.err
    assert answer.err.count("\n") == 1
    assert answer.out == ""
    assert not (tmp_path / "runs").exists()


def test_grade_prints_the_scorecard_and_only_it(mebench: Mebench, plugin: list[str]) -> None:
    mebench("run", "--method", "oracle", *FAKE, *plugin, "--out", "r")
    common = ("grade", "r/predictions.csv", "--protocol", "megc2020-spotting", "--truth", "r/truth")
    printed = mebench(*common, "--output", "-")
    empty = "s01/v2, s02/v2, s03/v2, s04/v2, s05/v2"
    assert (printed.code, printed.err) == (
        0,
        f"note: no interval was predicted in some videos, which count all the same: {empty}\n",
    )
    card = json.loads(printed.out)
    assert card["counts"]["overall"] == {"tp": 10, "fp": 0, "fn": 0}
    written = mebench(*common, "--output", "card.json", "--method", "mine")
    assert "mine on fake_lv" in written.out
    assert json.loads(Path("card.json").read_text())["counts"] == card["counts"]
    other = mebench(*common, "--output", "-", "--convention", "auw_gcn")
    assert json.loads(other.out)["convention"]["fingerprint"] != card["convention"]["fingerprint"]


def test_grade_lists_every_error_of_a_table(mebench: Mebench, plugin: list[str]) -> None:
    mebench("run", "--method", "oracle", *FAKE, *plugin, "--out", "r")
    Path("bad.csv").write_text("subject,video,onset,offset,type\ns01,v1,9,3,macro\ns01,v1,x,3,micro\n")
    answer = mebench("grade", "bad.csv", "--protocol", "megc2020-spotting", "--truth", "r/truth")
    assert answer.code == 2
    assert "bad.csv has 2 errors" in answer.err
    assert "bad.csv:2" in answer.err
    assert "bad.csv:3" in answer.err


def test_leaderboard_is_one_page(mebench: Mebench, plugin: list[str]) -> None:
    for method in ("oracle", "idle"):
        mebench("run", "--method", method, *FAKE, *plugin, "--out", f"runs/{method}")
    answer = mebench("leaderboard", "build", "--out", "page")
    assert (answer.code, answer.out) == (0, "leaderboard: page/index.html\n")
    text = Path("page/index.html").read_text()
    assert "oracle" in text
    assert "idle" in text
    assert mebench("leaderboard", "build", "none.json", "--out", "page").code == 2


@pytest.mark.parametrize("kind", ["methods", "datasets", "protocols", "metrics"])
def test_everything_listed_can_be_described(mebench: Mebench, kind: str) -> None:
    if kind == "methods":
        pytest.importorskip("torch", reason="torch is not installed")
    listed = mebench("list", kind)
    assert listed.code == 0
    for line in listed.out.splitlines():
        answer = mebench("describe", line.split()[0])
        assert answer.code == 0, answer.err
        assert answer.out.startswith(f"{line.split()[0]} ({kind[:-1]}, version ")


def test_describe_shows_each_setting_with_unit_and_source(mebench: Mebench, plugin: list[str]) -> None:
    answer = mebench("describe", "learner", *plugin)
    assert "\n  nap=0.0 (s)\n      pause of each step. Source: nobody.\n" in answer.out
    assert "published for fake_lv: steps=3" in answer.out
    assert "paper: doi:10.0/none" in answer.out
    unknown = mebench("describe", "spot3dcn")
    assert unknown.code == 2
    assert "executor, table or convention 'spot3dcn'. Did you mean 'spot3dcnn'" in unknown.err


def test_plugins_are_listed_with_their_origin(mebench: Mebench, plugin: list[str]) -> None:
    assert "learner" in mebench("list", "methods", *plugin).out
    assert "fake_plugin.py]" in mebench("data", "list", *plugin).out


def test_data_check_compares_counts(mebench: Mebench, plugin: list[str]) -> None:
    answer = mebench("data", "check", "fake_lv", *plugin)
    assert answer.code == 0
    assert "videos  10\nevents  10\n" in answer.out


def test_data_make_writes_frames_and_truth(mebench: Mebench, plugin: list[str]) -> None:
    answer = mebench("data", "make", "fake_lv:subjects=1,videos=1", "--out", "d", "--executor", "inline", *plugin)
    assert answer.code == 0
    assert "1 videos are in d/frames, their truth is in d/truth." in answer.out
    assert len(list(Path("d/frames/s01/v1").iterdir())) == 211
    assert Path("d/truth/videos.csv").read_text().splitlines()[1] == "s01,v1,30.0,211"


def test_data_prepare_tells_what_could_not_be_prepared(mebench: Mebench, plugin: list[str]) -> None:
    common = ("data", "prepare", "fake_lv:subjects=3", "--executor", "inline", *plugin, "--method")
    assert mebench(*common, "learner").out == "fake_lv:subjects=3 is prepared.\n"
    answer = mebench(*common, "learner:unprepared=s02")
    assert answer.code == 2
    assert "s02/v1 FAILED: No face was found" in answer.err
    assert answer.err.endswith("Error: 2 videos could not be prepared: mend them and prepare again.\n")


@pytest.mark.slow
def test_data_export_can_be_read_again(mebench: Mebench) -> None:
    made = mebench("data", "export", "synth_lv:subjects=1,videos=1,seconds=2", "--layout", "casme_sq", "--out", "copy")
    assert made.code == 0, made.err
    assert "1 videos are in copy" in made.out
    assert mebench("data", "check", "casme_sq", "--root", "copy").code == 0
    refused = mebench("data", "export", "synth_lv", "--layout", "samm_v", "--out", "other")
    assert refused.err.endswith("Error: There is no layout 'samm_v'. Did you mean 'samm_lv' or 'samm'?\n")


def test_spot_writes_intervals_and_a_timeline(mebench: Mebench, plugin: list[str]) -> None:
    cv2 = pytest.importorskip("cv2")
    Path("trip").mkdir()
    for number in range(1, 91):
        cv2.imwrite(f"trip/{number}.png", np.zeros((6, 6), np.uint8))
    mebench("run", "--method", "learner", *FAKE, *plugin, "--out", "r")
    answer = mebench("spot", "trip", "--run", "r", "--fps", "25", "--device", "cpu", *plugin)
    assert answer.code == 0, answer.err
    assert "1 expression in 90 frames at 25 fps." in answer.out
    assert answer.out.startswith("macro  frames ")
    assert Path("spotted/trip/timeline.html").read_text().startswith("<!")
    assert Path("spotted/trip/intervals.csv").read_text().startswith("onset,offset,type,score,start,end\n")
    assert mebench("spot", "none.mp4").err.startswith("Error: There is neither a folder nor a video at none.mp4")


def test_frames_without_a_file_are_told(mebench: Mebench, plugin: list[str]) -> None:
    cv2 = pytest.importorskip("cv2")
    Path("trip").mkdir()
    for number in (*range(1, 40), 41, *range(44, 91)):
        cv2.imwrite(f"trip/{number}.png", np.zeros((6, 6), np.uint8))
    answer = mebench("spot", "trip", "--method", "idle", "--device", "cpu", *plugin)
    assert answer.code == 0, answer.err
    assert (
        "3 of the frames have no file: they show the nearest one and count as without a face, 40, 42-43." in answer.err
    )


@pytest.mark.parametrize("number", [9_999, 999_999_999, 2**63 - 1, 10**26])
def test_a_stray_frame_number_is_refused(mebench: Mebench, plugin: list[str], number: int) -> None:
    cv2 = pytest.importorskip("cv2")
    Path("trip").mkdir()
    for name in (1, 2, number):
        cv2.imwrite(f"trip/{name}.png", np.zeros((6, 6), np.uint8))
    answer = mebench("spot", "trip", "--method", "idle", "--device", "cpu", *plugin)
    assert answer.code == 2
    assert f"no frames between 2.png and {number}.png" in answer.err


@pytest.mark.parametrize("number", [10**12 + 1, 10**30])
def test_frames_that_begin_beyond_every_video_are_refused(mebench: Mebench, plugin: list[str], number: int) -> None:
    cv2 = pytest.importorskip("cv2")
    Path("trip").mkdir()
    for name in range(number, number + 3):
        cv2.imwrite(f"trip/{name}.png", np.zeros((6, 6), np.uint8))
    answer = mebench("spot", "trip", "--method", "idle", "--device", "cpu", *plugin)
    assert answer.code == 2
    assert f"trip/{number}.png is the first frame, of number {number}: renumber the frames from 1." in answer.err


FAULTY = """
import sys
from mebench import Dataset, Spotter, Spotting
class Faulty(Dataset):
    id, summary, needs_root, tasks = "faulty_{n}", "mine", False, ("spotting",)
    def videos(self):
        {body}
"""


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("return 1 / 0", "(ZeroDivisionError: division by zero, in videos, line 7)"),
        ("return [3]", "AttributeError"),
        ("sys.exit(0)", "(SystemExit: 0, in videos, line 7)"),
        ("raise GeneratorExit", "(GeneratorExit: , in videos, line 7)"),
    ],
)
def test_a_fault_of_a_plugin_is_not_one_of_mebench(mebench: Mebench, body: str, words: str) -> None:
    name = f"{abs(hash(body))}"
    Path(f"faulty_{name}.py").write_text(FAULTY.format(n=name, body=body))
    answer = mebench("data", "check", f"faulty_{name}", "--plugin", f"faulty_{name}.py")
    assert answer.code == 2
    assert answer.err.startswith("Error: A plug-in has a fault, or what it gave has (")
    assert words in answer.err
    assert "try `mebench test --plugin" in answer.err


def test_a_file_cannot_be_the_folder_of_a_run(mebench: Mebench, plugin: list[str]) -> None:
    Path("there").write_text("mine")
    answer = mebench("run", "--method", "oracle", *FAKE, *plugin, "--out", "there")
    assert (answer.code, Path("there").read_text()) == (2, "mine")
    assert "there cannot be the folder of a run (File exists): give another --out." in answer.err


@pytest.mark.slow
def test_interrupted_a_run_says_how_to_go_on(mebench: Mebench, plugin: list[str], tmp_path: Path) -> None:
    arguments = [
        "run",
        "--method",
        "learner:nap=0.5",
        "--dataset",
        "fake_lv",
        "--jobs",
        "2",
        "--device",
        "cpu",
        *plugin,
    ]
    process = subprocess.Popen(
        [sys.executable, "-m", "mebench", *arguments, "--out", str(tmp_path / "r")],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    while not (tmp_path / "r" / "config.json").exists() and process.poll() is None:
        time.sleep(0.02)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    done = len(list((tmp_path / "r" / "folds").glob("*/done.json")))
    said = f"Interrupted: {done} of 3 folds are done and kept in r; the same command does the"
    assert said in errors.splitlines()[-1]
    assert "Traceback" not in errors


def test_where_every_fold_failed_there_is_no_score_and_the_run_says_so(mebench: Mebench, plugin: list[str]) -> None:
    answer = mebench("run", "--method", "learner:unprepared=s01", *FAKE, *plugin, "--out", "r")
    assert answer.code == 1
    card = json.loads(Path("r/scorecard.json").read_text())
    assert (card["scores"], card["complete"]) == ([], False)
    assert "No fold is done, so the run has no score." in answer.err
    assert "folds failed" in answer.err
    assert "0.000" not in answer.out


def test_an_empty_dataset_is_refused_before_any_work(mebench: Mebench, plugin: list[str]) -> None:
    for empty in ("fake_lv:subjects=0", "fake_lv:videos=0"):
        answer = mebench("run", "--method", "oracle", "--dataset", empty, *plugin, "--out", "r")
        assert (answer.code, answer.out) == (2, "")
        assert answer.err.startswith("Error: fake_lv has no recordings that megc2020-spotting tests: see what")
        assert not Path("r").exists()


FAULTS = {
    "abstract": ("pass", "The method own cannot be set up (TypeError: Can't instantiate abstract class"),
    "setup": (
        "def __init__(self, config): raise RuntimeError('no')\n    def spot(self, video, context): pass",
        "The method own cannot be set up (RuntimeError: no): mend it",
    ),
    "dataset": ("pass", "own_lv lists str among its recordings: let it return Videos or Clips"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_faults_of_plugins_name_cause_and_fix(mebench: Mebench, name: str) -> None:
    body, message = FAULTS[name]
    Path(f"{name}.py").write_text(
        f"from mebench import Dataset, Spotter\n\n\nclass Own(Spotter):\n    id, summary = 'own', 'x'\n    {body}\n\n\n"
        "class OwnLV(Dataset):\n    id, summary, needs_root = 'own_lv', 'x', False\n\n    def videos(self): return ['x']\n"
    )
    method = "oracle" if name == "dataset" else "own"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "mebench", "run", "--method", method, "--dataset", "own_lv"),
            *("--plugin", f"{name}.py", "--executor", "inline", "--device", "cpu"),
        ],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert message in done.stderr
    assert "error.txt" not in done.stderr


def test_a_protocol_of_another_task_is_a_skip(mebench: Mebench, plugin: list[str]) -> None:
    answer = mebench("run", "--method", "oracle", *FAKE, *plugin, "--protocol", "megc2019-cde", "--executor", "inline")
    assert (answer.code, answer.err) == (2, "Skipped: megc2019-cde is for recognition, fake_lv is for spotting.\n")


def test_repeats_end_with_mean_and_deviation(mebench: Mebench, plugin: list[str]) -> None:
    answer = mebench("run", "--method", "oracle", *FAKE, *plugin, "--out", "r", "--repeats", "2")
    assert answer.code == 0
    assert sorted(path.name for path in Path("r").iterdir()) == ["seed-0", "seed-1", "seeds.json"]
    row = next(line for line in answer.out.splitlines() if line.split()[:3] == ["f1", "of", "overall"])
    assert row.split()[3:] == ["1.0000", "0.0000"]
    assert "over 2 repeats that differ in the seed alone" in answer.out
