"""A plug-in that has failed is mended and goes on with the same command; no two codes are mixed without a word."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from mebench.runs.mended import accepted_codes, code_of
from mebench.schema.scorecard import Scorecard

FAKE = Path(__file__).parent / "fake_plugin.py"
FAULT = 'raise ZeroDivisionError("one over nothing")'


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    """A copy of the plug-in, to be changed."""
    path = tmp_path / "mine.py"
    path.write_text(FAKE.read_text())
    return path


def run(plugin: Path, *more: str, fail: str = "s02") -> subprocess.CompletedProcess[str]:
    """Run the learner in a process of its own: a file that has changed is another module."""
    return subprocess.run(
        [
            *(sys.executable, "-m", "mebench", "run", "--method", f"learner:fail={fail},how=bug"),
            *("--dataset", "fake_lv", "--plugin", plugin.name, "--executor", "inline", "--device", "cpu", *more),
        ],
        capture_output=True,
        text=True,
        cwd=plugin.parent,
    )


def change(plugin: Path, old: str, new: str) -> None:
    text = plugin.read_text()
    assert old in text
    plugin.write_text(text.replace(old, new))


def the_run(plugin: Path) -> Path:
    (folder,) = (plugin.parent / "runs").iterdir()
    return folder


def codes(folder: Path) -> list[bool]:
    """Whether each fold was done by a mended file, in order."""
    return ["code" in json.loads(path.read_text()) for path in sorted(folder.glob("folds/*/done.json"))]


@pytest.mark.parametrize("out", [(), ("--out", "runs/r")])
def test_a_mended_plugin_goes_on_with_the_same_command(plugin: Path, out: tuple[str, ...]) -> None:
    first = run(plugin, *out)
    assert first.returncode == 1
    assert (
        "1 of 3 folds failed, so the scorecard is not complete: mend the cause and run the same command, which does "
        "that one again and keeps the 2 that are done." in first.stderr
    )
    change(plugin, FAULT, "return")
    second = run(plugin, *out)
    assert second.returncode == 0, second.stderr
    assert "2 of 3 folds are done already." in second.stderr
    assert "mine.py has changed since the folds 002-s03-s04, 003-s05 were done: they stay" in second.stderr
    folder = the_run(plugin)
    assert codes(folder) == [True, False, False]
    card = Scorecard.read(folder / "scorecard.json")
    assert card.complete
    assert not card.official
    assert card.reason.endswith("the fold 001-s01-s02 was done after a plug-in had been mended, the others before")
    again = run(plugin, *out)
    assert again.returncode == 0
    assert "3 of 3 folds are done already." in again.stderr
    assert Scorecard.read(folder / "scorecard.json") == card


def test_without_a_fold_that_is_done_a_mended_plugin_simply_goes_on(plugin: Path) -> None:
    change(plugin, 'self.weights = np.asarray(state["weights"])', "pass")
    change(plugin, "onset = int(self.weights[0])", FAULT)
    assert run(plugin).returncode == 1
    change(plugin, FAULT, "onset = int(self.weights[0])")
    second = run(plugin, fail="s02")
    change(plugin, 'if how == "bug":', 'if how == "never":')
    third = run(plugin)
    assert second.returncode == 1
    assert third.returncode == 0, third.stderr
    assert the_run(plugin)


def test_code_that_changes_after_a_whole_run_is_another_run(plugin: Path) -> None:
    assert run(plugin, fail="nobody").returncode == 0
    change(plugin, "return Spotting((), np", "return  Spotting((), np")
    assert run(plugin, fail="nobody").returncode == 0
    assert len(list((plugin.parent / "runs").iterdir())) == 2
    out = next((plugin.parent / "runs").iterdir())
    change(plugin, "return  Spotting((), np", "return   Spotting((), np")
    refused = run(plugin, "--out", str(out), fail="nobody")
    assert refused.returncode == 2
    assert "mine.py has changed since 3 of 3 folds of" in refused.stderr
    assert "a run is of one code: put the old content back, or give another --out." in refused.stderr


def test_codes_are_those_of_the_beginning_or_named() -> None:
    assert code_of(["a"], ["a"]) == ()
    assert code_of(["a"], ["b"]) == ("b",)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"plugins": 3}'])
def test_a_damaged_list_accepts_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "mended.json").write_text(text)
    assert accepted_codes(tmp_path) == []
