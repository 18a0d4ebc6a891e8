"""The plug-ins that `docs/adding/` prints run as printed, each by the commands of its page."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from mebench.schema.scorecard import Scorecard
from tests.run_files import comparable

PAGES = {path.stem: path.read_text() for path in (Path(__file__).parent.parent / "docs" / "adding").glob("*.md")}

CARRY_OUT = """
import runpy, sys, shlex
from mebench.cli.commands import carry_out
for line in sys.stdin.read().splitlines():
    command, *arguments = shlex.split(line)
    if command == "python":
        runpy.run_path(arguments[0], run_name="__main__")
    elif command != "mebench" or (code := carry_out(arguments)):
        sys.exit(f"{line} ended with {code}")
"""
"""Every line of a page in one interpreter: starting one for each would take most of the time."""


def files_of(text: str) -> dict[str, str]:
    """Return the files that a page prints: Python whose first line names it, and tables that a title names."""
    python = re.findall(r"```python\n(# (\S+)\n.*?)```", text, flags=re.DOTALL)
    tables = re.findall(r"```csv title=(\S+)\n(.*?)```", text, flags=re.DOTALL)
    return {name: code for code, name in python} | dict(tables)


def commands_of(text: str) -> list[str]:
    return [line for block in re.findall(r"```sh\n(.*?)```", text, flags=re.DOTALL) for line in block.splitlines()]


def follow(page: str, folder: Path) -> str:
    """Write what all pages print, and give the commands of one; return what they printed."""
    for name, content in (pair for text in PAGES.values() for pair in files_of(text).items()):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    lines = commands_of(PAGES[page])
    if any("posed_copy" in line for line in lines) and "python make_posed.py" not in lines:
        lines.insert(0, "python make_posed.py")
    ended = subprocess.run(
        [sys.executable, "-c", CARRY_OUT],
        input="\n".join(lines),
        cwd=folder,
        env={**os.environ, "MEBENCH_CACHE": str(folder / "cache")},
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def card(folder: Path, run: str) -> Scorecard:
    return Scorecard.read(folder / "runs" / run / "scorecard.json")


def test_there_is_a_page_for_every_kind():
    assert set(PAGES) == {"metric", "dataset", "method", "protocol", "task", "executor"}


@pytest.mark.parametrize("page", sorted(PAGES))
def test_a_page_lists_the_files_to_touch_prints_an_example_and_runs_it(page):
    assert "\n## What to touch\n" in PAGES[page]
    assert files_of(PAGES[page])
    assert any(line.startswith("mebench ") for line in commands_of(PAGES[page]))


@pytest.mark.parametrize("page", sorted(set(PAGES) - {"task"}))
def test_plug_ins_import_from_the_public_face_alone(page):
    for code in files_of(PAGES[page]).values():
        assert not re.findall(r"^\s*(?:from|import) mebench\.", code, flags=re.MULTILINE)


@pytest.mark.parametrize("page", sorted(PAGES))
def test_files_and_pages_that_are_named_exist(page):
    root = Path(__file__).parent.parent
    named = re.findall(r"`((?:mebench|tests|docs|baselines)/[\w/]+(?:\.py|\.md|/))`", PAGES[page])
    links = re.findall(r"\]\(((?!https?:)[^)#]+)", PAGES[page])
    assert [
        name
        for name in named
        if not {"TASK", "challenge"} & set(re.split(r"[/.]", name)) and not (root / name).exists()
    ] == []
    assert [link for link in links if not (root / "docs" / "adding" / link).exists()] == []


def test_the_metric_is_computed_with_its_parts(tmp_path):
    out = follow("metric", tmp_path)
    assert re.search(r"second_guess of full +0\.7500 +0\.7500 +\+0\.0000 +\[\+0\.000, \+0\.000\] +1\.0000", out)
    assert "top 2" in (tmp_path / "board/index.html").read_text()
    assert "second_guess  " in out.partition("leaderboard:")[2]
    found = Scorecard.read(tmp_path / "card.json")
    assert found.score("second_guess", "full").value == 0.75
    assert [row.part("metric:second_guess/full") for row in found.by_subject] == [(2.0, 2.0), (1.0, 2.0)]


def test_the_dataset_is_whole_and_can_be_run_on(tmp_path):
    assert "recordings  12 of 12" in follow("dataset", tmp_path)
    found = card(tmp_path, "chance")
    assert found.counts["overall"].tp + found.counts["overall"].fn == 12


def test_the_methods_learn(tmp_path):
    follow("method", tmp_path)
    assert card(tmp_path, "movement").score("f1", "macro").value > 0.7
    assert card(tmp_path, "change").score("uf1", "full").value == 1
    config = json.loads((tmp_path / "runs/movement/config.json").read_text())
    assert config["datasets"][0]["method_settings"]["smooth"] == 7


def test_the_protocols_have_their_own_rules_and_official_sets(tmp_path):
    follow("protocol", tmp_path)
    spotting, recognition = card(tmp_path, "at_3"), card(tmp_path, "good_or_bad")
    assert (spotting.protocol.id, spotting.convention["iou"], spotting.official) == ("posed-spotting", 0.3, False)
    assert (recognition.protocol.id, recognition.official) == ("posed-recognition", True)
    assert set(recognition.counts) == {"full", "good", "bad"}
    assert "posed-recognition" in (tmp_path / "board/index.html").read_text()


def test_the_executor_ends_in_the_files_of_the_inline_one(tmp_path):
    follow("dataset", tmp_path)
    lines = commands_of(PAGES["executor"])
    run = [sys.executable, "-c", CARRY_OUT]
    subprocess.run(run, input="\n".join(lines), cwd=tmp_path, capture_output=True, text=True, check=True)
    for name in ("predictions.csv", "scorecard.json", "folds/001-s1-s2/scores.npz"):
        assert comparable(tmp_path / "runs/one_shot" / name) == comparable(tmp_path / "runs/chance" / name)
    assert json.loads((tmp_path / "runs/one_shot/timing.json").read_text())["executor"] == "one_shot"


def test_the_task_runs_is_graded_and_shown_on_a_board(tmp_path):
    follow("task", tmp_path)
    found = card(tmp_path, "apex")
    assert (found.task, found.protocol.id) == ("apex", "apex-loso")
    with (tmp_path / "runs/apex/predictions.csv").open() as file:
        apexes = {(row["subject"], row["clip"]): int(row["apex"]) for row in csv.DictReader(file)}
    # s1/c7 goes down from 7 to 20 further than it went up, so the last frame differs most from the first.
    assert set(apexes) == {("s1", "c7"), ("s1", "c12"), ("s2", "c9"), ("s3", "c14")}
    errors = [abs(apex - int(clip[1:])) for (_, clip), apex in apexes.items()]
    assert found.score("apex_error", "full").value == pytest.approx(sum(errors) / 4)
    assert "apex_error" in (tmp_path / "board/index.html").read_text().replace("apex error", "apex_error")
