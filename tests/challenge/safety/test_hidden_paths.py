from __future__ import annotations

import json
import tempfile
from pathlib import Path

from mebench.challenge.safety.hidden_paths import HIDDEN, without_paths


def test_folders_are_hidden_in_every_text(tmp_path):
    report = {
        "problems": [{"file": f"{tmp_path}/a.csv", "line": 3}],
        "notes": [f"see {tmp_path}"],
        "rows": 5,
        "manifest": None,
    }
    found = without_paths(report, [tmp_path])
    assert found == {
        "problems": [{"file": f"{HIDDEN}/a.csv", "line": 3}],
        "notes": [f"see {HIDDEN}"],
        "rows": 5,
        "manifest": None,
    }


def test_home_temporary_and_current_folder_are_hidden_by_themselves(tmp_path, monkeypatch):
    home, here = tmp_path / "people" / "organiser", tmp_path / "elsewhere"
    for folder in (home, here):
        folder.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.chdir(here)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    text = f"{home}/truth {here}/x {tmp_path}/scratch/mebench-1 {Path(json.__file__).parents[2]}"
    found = without_paths(text)
    assert str(home) not in found
    assert "elsewhere" not in found
    assert "scratch" not in found


def test_a_link_and_what_it_leads_to_are_both_hidden(tmp_path):
    real, link = tmp_path / "real", tmp_path / "link"
    real.mkdir()
    link.symlink_to(real)
    assert without_paths(f"{real} {link}", [link]) == f"{HIDDEN} {HIDDEN}"


def test_short_paths_say_nothing_and_stay(tmp_path):
    assert without_paths("a / b /home c", [Path("/"), Path("/home")]) == "a / b /home c"


def test_a_user_without_a_home_has_none_to_hide(tmp_path, monkeypatch):
    def homeless(*_):
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", homeless)
    monkeypatch.chdir(tmp_path)
    assert str(tmp_path) not in without_paths(f"{tmp_path}/x")
