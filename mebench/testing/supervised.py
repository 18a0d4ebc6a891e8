"""The checks of a plug-in file in a process of its own: leaving Python, or never ending, is a fault like any other.

Conventions
-----------
The process says which check begins and what came of it. Where it dies, or is silent for longer than a check may take,
the check at work has failed; the other plug-ins of the file are then checked in a new process.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import re
import signal
from collections.abc import Iterator, Mapping
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from mebench.errors import UserError
from mebench.runs.failures import describe
from mebench.testing.findings import Finding, Tell, silent

LIMIT = 600.0
"""Seconds that one check may take; a method is trained in it on small recordings with its default settings."""

_SPAWN = multiprocessing.get_context("spawn")
_PROGRESS = re.compile(r" \d+/\d+$")
_GRACE = 2.0


def supervised_checks(
    plugin: Path, roots: Mapping[str, Path] | None = None, tell: Tell = silent, *, limit: float = LIMIT
) -> Iterator[Finding]:
    """Check a plug-in file as `files.checks_of` does, in a process of its own.

    Parameters
    ----------
    plugin, roots, tell : see `files.checks_of`.
    limit : seconds that one check may take.

    Yields
    ------
    A finding a check.

    Raises
    ------
    UserError : when the file cannot be loaded, or ends the process while it is.
    """
    passed_over: list[str] = []
    while True:
        child = _Child(plugin, dict(roots or {}), tuple(passed_over), limit)
        try:
            yield from child.findings(tell)
        finally:
            child.end()
        if not child.fault:
            return
        if not child.plugin:
            raise UserError(f"The plug-in {plugin} {child.fault} while it was loaded: mend it.")
        yield Finding(child.plugin, child.check, "failed", f"It {child.fault}: mend it, for a run would {child.then}.")
        yield Finding(child.plugin, "all further checks", "skipped", "They can be made when that is mended.")
        passed_over.append(child.plugin)


class _Child:
    """One process that checks, as this one sees it.

    Attributes
    ----------
    plugin, check : what is checked now, empty while the file is loaded.
    fault : how the process went wrong, empty when it did not; `then` says what that means for a run.
    """

    def __init__(self, plugin: Path, roots: dict[str, Path], passed_over: tuple[str, ...], limit: float) -> None:
        self.plugin = self.check = self.fault = self.then = ""
        self._limit = limit
        self._ended = False
        self._connection, theirs = _SPAWN.Pipe()
        arguments = (theirs, plugin, roots, passed_over)
        self._process = _SPAWN.Process(target=serve, args=arguments, name="mebench-test")
        self._process.start()
        theirs.close()

    def findings(self, tell: Tell) -> Iterator[Finding]:
        """Yield what the process finds until it ends, however that comes about."""
        while self._connection.poll(self._limit):
            try:
                kind, what = self._connection.recv()
            except (EOFError, OSError):
                self.end(died=True)
                self.fault = f"ended Python with {_how(self._process.exitcode)}"
                self.then = "lose the fold at work"
                return
            self._ended = kind in ("end", "refused")
            if kind == "end":
                return
            if kind == "refused":
                raise UserError(what)
            if kind == "found":
                yield what
            else:
                self._note(what)
                tell(what)
        self.fault, self.then = f"did not end within {self._limit:g} s", "wait for it without end"

    def _note(self, text: str) -> None:
        if not _PROGRESS.search(text):
            self.plugin, _, self.check = text.partition(": ")

    def end(self, *, died: bool = False) -> None:
        """End the process, and those that it has started.

        Parameters
        ----------
        died : whether it is about to go by itself.
        """
        if self._connection.closed:
            return
        self._connection.close()
        # One that died, or is done, is given the time to go; until it is waited for, its number is nobody else's.
        gone = wait([self._process.sentinel], _GRACE if self._ended or died else 0)
        pid = self._process.pid
        if pid is not None and (not gone or not self._ended):
            with contextlib.suppress(OSError):
                os.killpg(pid, signal.SIGKILL)
        self._process.join(_GRACE)
        if self._process.exitcode is None:
            self._process.kill()
            self._process.join()


def _how(code: int | None) -> str:
    if code is not None and code < 0:
        return f"signal {signal.Signals(-code).name}"
    return f"code {code}"


def serve(connection: Connection, plugin: Path, roots: Mapping[str, Path], passed_over: tuple[str, ...]) -> None:
    """Make the checks and send what comes of them; the main function of the process."""
    os.setsid()  # so that whatever it starts can be ended with it

    def send(kind: str, what: Any = None) -> None:
        connection.send((kind, what))

    from mebench.testing.files import checks_of

    try:
        for finding in checks_of(plugin, roots, lambda text: send("tell", text), passed_over):
            send("found", finding)
    except Exception as error:
        send("refused", describe(error))
        return
    send("end")
