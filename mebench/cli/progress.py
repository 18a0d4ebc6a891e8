"""Progress of a run on stderr: bars on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mebench.cli.say import say
from mebench.plain import plain_lines, plain_text
from mebench.runs.monitor import Monitor

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

LINE_EVERY = 10.0
"""Seconds between two plain lines about tasks that are still at work."""
DRAW_EVERY = 0.2
"""Seconds between two times that bars are drawn because a task has moved."""

_NAMES = {
    "frames": "looking at the frames",
    "decode": "decoding",
    "prepare": "preparing",
    "folds": "training and testing",
}


class RunMonitor(Monitor):
    """Remembers where a run lies.

    Attributes
    ----------
    folder, folds : of the run, None and nothing before it has begun.
    """

    folder: Path | None = None
    folds: Sequence[str] = ()

    def begun(self, folder: Path, folds: Sequence[str]) -> None:
        """Keep the folder, to say what is in it when the run is interrupted."""
        self.folder, self.folds = folder, tuple(folds)


def make_monitor() -> RunMonitor:
    """Return bars when stderr is a terminal, else lines."""
    return Bars() if sys.stderr.isatty() else Lines()


class Lines(RunMonitor):
    """One line for each task that ends, and one now and then for those at work."""

    def __init__(self) -> None:
        self._done = self._total = 0
        self._last = time.monotonic()

    def note(self, text: str) -> None:
        """Print a sentence."""
        say(text, err=True)

    def phase(self, name: str, tasks: int) -> None:
        """Print the beginning of a phase."""
        self._done, self._total = 0, tasks
        self.note(f"{_NAMES.get(name, name)}: {tasks} to do")

    def progress(self, task: str, what: str, done: int, total: int) -> None:
        """Print how far a task is, unless something was printed a moment ago."""
        if time.monotonic() - self._last >= LINE_EVERY:
            self._last = time.monotonic()
            self.note(f"  {task}: {what} {done}/{total}")

    def finished(self, task: str, error: str | None) -> None:
        """Print the end of a task."""
        self._done += 1
        self._last = time.monotonic()
        self.note(f"  [{self._done}/{self._total}] {task}" + (f" FAILED: {error}" if error else ""))

    def end(self, name: str, seconds: float) -> None:
        """Print how long a phase took."""
        self.note(f"{_NAMES.get(name, name)}: {seconds:.1f} s")


class Bars(RunMonitor):
    """One bar for the phase, and one for each task at work."""

    def __init__(self) -> None:
        self._bars: Progress | None = None
        self._drawn = 0.0
        self._whole: TaskID | None = None
        self._tasks: dict[str, TaskID] = {}

    def note(self, text: str) -> None:
        """Print a sentence above the bars."""
        if self._bars is None:
            say(text, err=True)
        else:
            self._bars.console.print(plain_lines(text), markup=False, highlight=False)

    def phase(self, name: str, tasks: int) -> None:
        """Show the bar of a phase."""
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        self._bars = Progress(*columns, console=Console(stderr=True), transient=True)
        self._bars.start()
        self._whole = self._bars.add_task(_NAMES.get(name, name), total=tasks)

    def progress(self, task: str, what: str, done: int, total: int) -> None:
        """Move the bar of a task."""
        if self._bars is not None:
            if task not in self._tasks:
                self._tasks[task] = self._bars.add_task(plain_text(task), total=total)
            self._bars.update(
                self._tasks[task], description=f"  {plain_text(task)}: {what}", completed=done, total=total
            )
            if time.monotonic() - self._drawn >= DRAW_EVERY:
                # Now, because stderr may be kept from the terminal when the bars draw themselves.
                self._drawn = time.monotonic()
                self._bars.refresh()

    def finished(self, task: str, error: str | None) -> None:
        """Take the bar of a task away."""
        if self._bars is not None and self._whole is not None:
            self._bars.advance(self._whole)
            if task in self._tasks:
                self._bars.remove_task(self._tasks.pop(task))
        if error is not None:
            self.note(f"{task} failed: {error}")

    def end(self, name: str, seconds: float) -> None:
        """Take the bars away and leave one line."""
        self.close()
        self.note(f"{_NAMES.get(name, name)}: {seconds:.1f} s")

    def close(self) -> None:
        """Give the terminal back."""
        if self._bars is not None:
            self._bars.stop()
        self._bars, self._tasks = None, {}
