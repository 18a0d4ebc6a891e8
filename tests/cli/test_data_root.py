"""`mebench data root`, `MEBENCH_DATA`, and what a run makes of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mebench.cli.commands import carry_out
from tests.run_files import comparable


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MEBENCH_CONFIG", str(tmp_path / "config"))
    monkeypatch.delenv("MEBENCH_DATA", raising=False)
    (tmp_path / "copy").mkdir()
    return tmp_path


def test_a_root_is_remembered_shown_and_forgotten(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert carry_out(["data", "root", "samm_lv", str(home / "copy")]) == 0
    capsys.readouterr()
    assert carry_out(["data", "root"]) == 0
    assert carry_out(["data", "root", "samm_lv"]) == 0
    assert capsys.readouterr().out == f"samm_lv  {home / 'copy'}\n" * 2
    assert carry_out(["data", "list"]) == 0
    assert f"root of samm_lv: {home / 'copy'} (remembered)" in capsys.readouterr().out
    (home / "copy").rmdir()
    assert carry_out(["data", "list"]) == 0
    assert "(remembered, gone: mount it or name another)" in capsys.readouterr().out
    assert carry_out(["data", "root", "samm_lv", "--forget"]) == 0
    assert carry_out(["data", "root", "samm_lv"]) == 2
    assert "No root of samm_lv is known" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["samm_lw", "x"], "Did you mean 'samm_lv'"),
        (["samm_lv", "nowhere"], "nowhere does not exist"),
        (["samm_lv", "x", "--forget"], "leave the folder out"),
    ],
)
def test_mistakes_are_one_sentence(home: Path, capsys, arguments: list[str], message: str) -> None:
    assert carry_out(["data", "root", *arguments]) == 2
    assert message in capsys.readouterr().err


@pytest.fixture(scope="module")
def exported(tmp_path_factory) -> Path:
    """A tiny synthetic dataset in the layout of CAS(ME)^2."""
    out = tmp_path_factory.mktemp("data") / "casme_sq"
    spec = "synth_lv:subjects=2,videos=1,seconds=3"
    assert carry_out(["data", "export", spec, "--layout", "casme_sq", "--out", str(out)]) == 0
    return out


def test_a_run_finds_its_data_without_a_root(home: Path, exported: Path, monkeypatch, capsys) -> None:
    run = ["run", "--method", "oracle", "--dataset", "casme_sq", "--jobs", "1", "--executor", "inline"]
    assert carry_out([*run, "--out", str(home / "a")]) == 2
    assert "mebench data root casme_sq DIR" in capsys.readouterr().err
    monkeypatch.setenv("MEBENCH_DATA", str(exported.parent))
    assert carry_out([*run, "--out", str(home / "b")]) == 0
    monkeypatch.delenv("MEBENCH_DATA")
    assert carry_out(["data", "root", "casme_sq", str(exported)]) == 0
    assert carry_out([*run, "--out", str(home / "c")]) == 0
    assert comparable(home / "b" / "scorecard.json") == comparable(home / "c" / "scorecard.json")
    assert carry_out(["data", "root", "casme_sq", str(home / "copy")]) == 0
    (home / "copy").rmdir()
    capsys.readouterr()
    assert carry_out([*run, "--out", str(home / "d")]) == 2
    error = capsys.readouterr().err
    assert "is gone: mount it, or name another with" in error
    assert error.count("\n") == 1


PLUGIN = """
from mebench import Dataset
class Posed(Dataset):
    id, summary, needs_root, tasks = "posed_of_a_file", "mine", True, ("spotting",)
    def videos(self): return []
"""


def test_a_dataset_of_a_plugin_has_a_root_too(home: Path, capsys) -> None:
    (home / "posed.py").write_text(PLUGIN)
    assert carry_out(["data", "root", "posed_of_a_file", str(home / "copy")]) == 2
    assert carry_out(["data", "root", "posed_of_a_file", str(home / "copy"), "--plugin", str(home / "posed.py")]) == 0
    capsys.readouterr()
    assert carry_out(["data", "root"]) == 0
    assert capsys.readouterr().out == f"posed_of_a_file  {home / 'copy'}\n"


def test_a_folder_of_data_that_is_none_is_told(home: Path, monkeypatch, capsys) -> None:
    monkeypatch.setenv("MEBENCH_DATA", str(home / "nowhere"))
    assert carry_out(["data", "root", "samm_lv"]) == 2
    assert f"MEBENCH_DATA={home / 'nowhere'} is no folder" in capsys.readouterr().err


def test_the_home_is_understood_where_no_shell_has_put_it_in(home: Path, monkeypatch, capsys) -> None:
    monkeypatch.setenv("HOME", str(home))
    (home / "data" / "samm_lv").mkdir(parents=True)
    monkeypatch.setenv("MEBENCH_DATA", "~/data")
    assert carry_out(["data", "root", "samm_lv"]) == 0
    assert capsys.readouterr().out == f"samm_lv  {home / 'data' / 'samm_lv'}\n"


def test_what_needs_no_root_has_none(home: Path, capsys) -> None:
    for more in ([], [str(home / "copy")]):
        assert carry_out(["data", "root", "synth_lv", *more]) == 2
        assert capsys.readouterr().err == "Error: synth_lv needs no root: use it without one.\n"
    assert carry_out(["data", "root"]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "command",
    [
        "run --method oracle --dataset synth_lv --out r",
        "run --method oracle --dataset samm_lv --train synth_lv --root samm_lv=copy --out r",
        "data check synth_lv", "data durations synth_lv", "data ratio synth_lv", "data prepare synth_lv",
        "data au-presence synth_lv", "data make synth_lv --out m",
        "reproduce thesis-t4.3 --on synth_lv",
    ],
)  # fmt: skip
def test_a_root_that_would_not_be_read_is_refused(home: Path, monkeypatch, capsys, command: str) -> None:
    monkeypatch.chdir(home)
    named = "synth_lv=copy" if "--train" in command else "copy"
    assert carry_out([*command.split(), "--root", named]) == 2
    told = capsys.readouterr().err
    assert re.search(r"synth_lv is rendered and reads nothing of .*copy: leave its --root out\.", told), told
    assert sorted(path.name for path in home.iterdir()) == ["copy"]
