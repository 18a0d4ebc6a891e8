"""A small challenge, submissions to it, and graders without child processes."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mebench.challenge.desk import grade_one
from mebench.challenge.desk import marking as marking_module
from mebench.challenge.desk.config import Challenge, load_challenge
from mebench.challenge.pages.template import init_challenge
from mebench.schema.intervals import Intervals
from mebench.schema.truth import Truth, VideoTable

EVENTS = [
    ("s1", "a", 1013, 1049, "macro"),
    ("s1", "a", 1100, 1110, "micro"),
    ("s1", "b", 1020, 1060, "macro"),
    ("s2", "c", 1030, 1039, "micro"),
    ("s2", "c", 1051, 1099, "macro"),
]
VIDEOS = [("s1", "a", 30.0, 2000), ("s1", "b", 30.0, 2000), ("s2", "c", 30.0, 2000), ("s3", "d", 30.0, 2000)]
ROWS = ["s1,a,1012,1050,macro", "s2,c,1030,1042,micro"]
"""Of the events of s1: one of three found. Of those of s2: one of two."""
MANIFEST = {"schema": 1, "team": "Alpha", "method": "m1", "protocol": "megc2022-spotting"}
NOON = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)


def make_truth() -> Truth:
    return Truth(Intervals.from_rows(EVENTS), VideoTable.from_rows(VIDEOS), "tiny")


def write_submission(
    folder: Path, rows: list[str], header: str = "subject,video,onset,offset,type", **who: Any
) -> Path:
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps({**MANIFEST, **who}))
    (folder / "predictions.csv").write_text("\n".join([header, *rows]) + "\n")
    return folder


def grade_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def call(target: str, request: Any, limits: Any, folder: Path) -> Any:
        plain = json.loads(json.dumps(request))
        with contextlib.chdir(folder):
            return json.loads(json.dumps(getattr(grade_one, target.partition(":")[2])(plain)))

    monkeypatch.setattr(marking_module, "run_limited", call)


@pytest.fixture
def make_challenge(tmp_path: Path) -> Callable[..., Challenge]:
    """Begin a challenge whose phase is open from 2026-05-01 on; pairs of texts are replaced in its rules.

    Manifests say whose a submission is, where that is not replaced too.
    """

    def make(*changes: tuple[str, str]) -> Challenge:
        folder = tmp_path / "challenge"
        rules = init_challenge(folder, today=dt.date(2026, 5, 1))
        text = rules.read_text()
        for old, new in (('teams = "named"', 'teams = "manifest"'), *changes):
            assert old in text
            text = text.replace(old, new)
        rules.write_text(text)
        make_truth().write(folder / "truth")
        return load_challenge(folder)

    return make


@pytest.fixture
def submit(tmp_path: Path) -> Callable[..., Path]:
    """Write a submission's folder."""

    def write(
        name: str = "one", rows: list[str] = ROWS, header: str = "subject,video,onset,offset,type", **who: Any
    ) -> Path:
        return write_submission(tmp_path / "sent" / name, rows, header, **who)

    return write


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do the child's work in this process."""

    grade_here(monkeypatch)
