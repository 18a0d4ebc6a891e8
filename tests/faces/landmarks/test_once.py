from __future__ import annotations

from pathlib import Path

import pytest

from mebench.faces.landmarks.once import tell_once


def test_a_note_is_told_once_for_each_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MEBENCH_CACHE", str(tmp_path / "cache"))
    for _ in range(2):
        tell_once("a", "for research alone")
    tell_once("b", "another")
    assert capsys.readouterr().err == "for research alone\nanother\n"


def test_where_no_marker_can_be_written_the_note_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("MEBENCH_CACHE", str(tmp_path / "file" / "cache"))
    tell_once("a", "note")
    assert capsys.readouterr().err == "note\n"
