"""What a run tells to whoever watches it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


class Monitor:
    """Takes every message and shows none; the command line has one that does."""

    def note(self, text: str) -> None:
        """Take a sentence about something that was decided or found."""

    def begun(self, folder: Path, folds: Sequence[str]) -> None:
        """Take the folder of a run, now that it is the run's own, and the ids of all its folds."""

    def phase(self, name: str, tasks: int) -> None:
        """Take the beginning of a phase with so many tasks."""

    def progress(self, task: str, what: str, done: int, total: int) -> None:
        """Take how far a task has got with something."""

    def finished(self, task: str, error: str | None) -> None:
        """Take the end of a task, and why it failed if it did."""

    def end(self, name: str, seconds: float) -> None:
        """Take the end of a phase."""

    def close(self) -> None:
        """Take the end of the run, however it came about."""
