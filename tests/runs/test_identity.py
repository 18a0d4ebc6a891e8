"""The folder of a run follows from what it is."""

from __future__ import annotations

import json
from pathlib import Path

from mebench.runs.identity import usual_folder
from mebench.runs.spec import DatasetChoice, RunSpec

CONFIG = {
    "method": {"id": "m"},
    "datasets": [],
    "folds": [],
    "plugins": ["a"],
    "task": "spotting",
    "protocol": {"id": "p"},
}


def test_the_same_run_has_the_same_folder_and_another_has_another(tmp_path: Path) -> None:
    spec = RunSpec("m x", {}, (DatasetChoice("d"),))
    first = usual_folder(tmp_path, spec, CONFIG)
    assert first == usual_folder(tmp_path, spec, dict(CONFIG))
    assert first.name.startswith("m_x-d-")
    assert usual_folder(tmp_path, spec, {**CONFIG, "seed": 1}) != first


def test_a_run_with_a_failed_fold_keeps_its_folder_for_a_mended_plugin(tmp_path: Path) -> None:
    spec = RunSpec("m", {}, (DatasetChoice("d"),), plugins=(Path("p.py"),))
    first = usual_folder(tmp_path, spec, CONFIG)
    (first / "folds" / "001").mkdir(parents=True)
    (first / "config.json").write_text(json.dumps(CONFIG))
    mended = {**CONFIG, "plugins": ["b"]}
    assert usual_folder(tmp_path, spec, mended) != first
    (first / "folds" / "001" / "error.txt").touch()
    assert usual_folder(tmp_path, spec, mended) == first
    assert usual_folder(tmp_path, spec, {**mended, "seed": 1}) != first
    (tmp_path / "m-d-broken").mkdir()
    assert usual_folder(tmp_path, spec, mended) == first
