"""The monitor that shows nothing, and how one that does is told."""

from __future__ import annotations

from mebench.runs.monitor import Monitor
from mebench.runs.run import run


def recorder(heard):
    """Return a monitor that keeps the name of every message with its arguments."""
    names = [name for name in vars(Monitor) if not name.startswith("_")]
    made = {name: lambda self, *said, name=name: heard.append((name, *said)) for name in names}
    return type("Recorder", (Monitor,), made)()


def test_it_takes_every_message_and_says_nothing(capsys):
    monitor = Monitor()
    monitor.note("a")
    monitor.phase("folds", 2)
    monitor.progress("f", "train", 1, 2)
    monitor.finished("f", None)
    monitor.end("folds", 0.5)
    monitor.close()
    assert capsys.readouterr() == ("", "")


def test_a_run_tells_phases_with_as_many_ends_as_tasks(plugin, tmp_path):
    heard: list[tuple] = []
    run(
        "learner", ["fake_lv:subjects=3"], out=tmp_path / "r", executor="inline", device="cpu", plugins=[plugin],
        monitor=recorder(heard),
    )  # fmt: skip
    phases = [(name, n) for what, name, n in (m for m in heard if m[0] == "phase")]
    assert phases == [("prepare", 6), ("folds", 2)]
    assert sum(m[0] == "finished" for m in heard) == 8
    assert [m[1] for m in heard if m[0] == "end"] == ["prepare", "folds"]
    assert all(0 <= m[3] <= m[4] for m in heard if m[0] == "progress")
