from __future__ import annotations

import io

import pytest
from rich.console import Console

from mebench.cli import progress
from mebench.cli.progress import Bars, Lines, make_monitor
from mebench.runs.monitor import Monitor


def tell(monitor: Monitor) -> None:
    monitor.note("2 of 4 folds are done already.")
    monitor.phase("prepare", 2)
    monitor.progress("a", "align a", 10, 90)
    monitor.finished("a", None)
    monitor.finished("b", "No face was found [x]: give another video.")
    monitor.end("prepare", 1.234)
    monitor.close()


def test_lines_tell_what_ends_and_not_every_step(capsys: pytest.CaptureFixture[str]) -> None:
    tell(Lines())
    assert capsys.readouterr().err.splitlines() == [
        "2 of 4 folds are done already.",
        "preparing: 2 to do",
        "  [1/2] a",
        "  [2/2] b FAILED: No face was found [x]: give another video.",
        "preparing: 1.2 s",
    ]


def test_lines_tell_of_long_work_now_and_then(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0
    monkeypatch.setattr(progress.time, "monotonic", lambda: now)
    lines = Lines()
    for now in (1.0, 9.0, 11.0, 12.0, 30.0):
        lines.progress("f", "train", int(now), 99)
    assert capsys.readouterr().err.splitlines() == ["  f: train 11/99", "  f: train 30/99"]


def test_bars_show_the_work_and_leave_the_notes(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.StringIO()
    monkeypatch.setattr("rich.console.Console", lambda **_: Console(file=screen, force_terminal=True, width=100))
    bars = Bars()
    bars.phase("folds", 2)
    bars.progress("001-a-b", "train", 3, 9)
    bars.finished("001-a-b", None)
    bars.finished("002-c-d", "It failed [badly]: mend it.")
    bars.close()
    bars.close()
    shown = screen.getvalue()
    assert "training and testing" in shown
    assert "002-c-d failed: It failed [badly]: mend it." in shown


def test_bars_are_for_terminals_only(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stderr", Terminal())
    assert isinstance(make_monitor(), Bars)
    monkeypatch.setattr("sys.stderr", io.StringIO())
    assert isinstance(make_monitor(), Lines)
