"""Nothing that is printed steers a terminal, and no line of an error is endless."""

from __future__ import annotations

import sys

import pytest

from mebench.cli.say import LONGEST_LINE, complain, say


def test_what_is_printed_keeps_its_lines_and_blanks(capsys: pytest.CaptureFixture[str]) -> None:
    say("a  \x1b[31mb\x1b[0m\n\tc\u202e", err=True)
    say("x\r", nl=False)
    assert capsys.readouterr() == ("x ", "a  b\n c\n")


def test_an_error_is_cut_line_by_line_and_keeps_its_hint(capsys: pytest.CaptureFixture[str]) -> None:
    complain("x" * 1_000_000 + "\n  next", " See there.")
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("Error: xxx")
    assert len(first) < LONGEST_LINE + 20
    assert second == "  next See there."


def test_an_error_is_broken_at_the_width_of_a_terminal_alone(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "some words that are many " * 10
    complain(text.strip())
    assert capsys.readouterr().err.count("\n") == 1
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    complain(text.strip())
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) > 5
    assert max(map(len, lines)) <= 40
    assert " ".join(lines) == f"Error: {text.strip()}"
