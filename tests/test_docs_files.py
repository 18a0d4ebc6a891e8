"""`docs/files.md` names every field that is written."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import pytest

from mebench.frames.entries import About, Header
from mebench.runs.run import run
from mebench.runs.store import TIMING
from mebench.schema import scorecard, seed_scores
from tests.runs.fake_plugin import FakeLV

TEXT = (Path(__file__).parent.parent / "docs" / "files.md").read_text()
NAMED = set(re.findall(r"[a-z_0-9]+", " ".join(re.findall(r"`([^`\n]+)`", TEXT))))
"""Every word that is printed as code."""

CARD = (
    scorecard.Scorecard,
    scorecard.ProtocolRef,
    scorecard.DatasetRef,
    scorecard.MethodRef,
    scorecard.Counts,
    scorecard.Score,
    scorecard.StatisticRow,
    scorecard.SubjectRow,
    scorecard.VideoRow,
    seed_scores.SeedScores,
    seed_scores.SeedRun,
    seed_scores.SeedScore,
)


@pytest.mark.parametrize("cls", CARD, ids=lambda cls: cls.__name__)
def test_every_field_of_a_card_is_named(cls):
    assert {field.name for field in dataclasses.fields(cls)} - NAMED == set()


def keys(value: Any) -> set[str]:
    """Return the keys of objects at any depth."""
    if isinstance(value, dict):
        return set(value).union(*map(keys, value.values()))
    return set().union(*map(keys, value)) if isinstance(value, list) else set()


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A finished run."""
    out = tmp_path_factory.mktemp("runs") / "learner"
    plugin = Path(__file__).parent / "runs" / "fake_plugin.py"
    assert run("learner", [f"{FakeLV.id}:subjects=3"], out=out, plugins=[plugin], executor="inline").complete
    return out


def test_every_key_of_a_run_is_named(folder):
    config = json.loads((folder / "config.json").read_text())
    for entry in config["datasets"]:
        entry["settings"], entry["method_settings"] = {}, {}
    assert keys(config) - NAMED == set()
    timing = json.loads((folder / TIMING).read_text())
    timing["seconds"], timing["fold_seconds"], timing["written"] = {}, {}, {}
    assert keys(timing) - NAMED == set()
    fold = next((folder / "folds").iterdir())
    receipt = json.loads((fold / "done.json").read_text())
    names = set(receipt["files"])
    receipt["files"], receipt["frames"] = {}, {}
    assert keys(receipt) - NAMED == set()
    assert [name for name in names if f"`{name}`" not in TEXT] == []


def test_every_file_of_a_run_is_named(folder):
    found = {path.name for path in folder.iterdir() if path.is_file()} | {
        path.name for path in (folder / "truth").iterdir()
    }
    assert [name for name in sorted(found) if f"`{name}`" not in TEXT and name not in TEXT] == []


def test_every_key_of_the_frame_cache_is_named():
    header = Header("key", About("what", "video"), (1, 2, 3), "", {})
    assert set(header.plain()) - NAMED == set()


def test_versions_of_forms_are_those_of_the_code(folder):
    schemas = {name: json.loads((folder / name).read_text())["schema"] for name in ("config.json", "scorecard.json")}
    assert schemas == {"config.json": 2, "scorecard.json": scorecard.SCHEMA}
    assert f"Schema {scorecard.SCHEMA}, one line" in TEXT
    done = json.loads(next(folder.glob("folds/*/done.json")).read_text())
    assert f"| schema {done['schema']}, written last" in TEXT
