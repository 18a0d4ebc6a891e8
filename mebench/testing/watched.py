"""Checks that are watched: what they must not do meanwhile is the last of them."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Mapping
from contextlib import AbstractContextManager

from mebench.testing.findings import Check
from mebench.testing.watching import Watch, watching


class WatchedChecks:
    """Checks of one plug-in during which files that are written and datasets that are opened are noted.

    Parameters
    ----------
    last : what the check of the files is called.
    rule : what a plug-in that wrote a file has broken, or should do.

    Attributes
    ----------
    written : files that the plug-in wrote outside the folders that it was given, each once.
    opened : datasets that it asked for.
    """

    def __init__(self, last: str, rule: str) -> None:
        self._last, self._rule = last, rule
        self.written: list[str] = []
        self.opened: list[str] = []

    def watched(self, checks: Mapping[str, Check]) -> dict[str, Check]:
        """Return checks that are watched, and behind them the one of what was written."""
        return {
            **{name: functools.partial(self._guarded, check) for name, check in checks.items()},
            self._last: self._writes,
        }

    def watch(self) -> AbstractContextManager[Watch]:
        """Begin to watch; a plug-in that may write somewhere is watched elsewhere alone."""
        return watching()

    def guard(self) -> AbstractContextManager[object]:
        """Return what else holds during a check."""
        return contextlib.nullcontext()

    def _guarded(self, check: Check) -> str:
        try:
            with self.watch() as watch, self.guard():
                return check()
        finally:
            self.written += [path for path in watch.written if path not in self.written]
            self.opened += watch.opened

    def _writes(self) -> str:
        if not self.written:
            return ""
        more = f" and {len(self.written) - 1} more" if len(self.written) > 1 else ""
        return f"It wrote {self.written[0]}{more}: {self._rule}."
