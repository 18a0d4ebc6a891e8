"""One child process: started apart from everything of the parent's, talked to once, and ended for certain.

Conventions
-----------
What the child says is read as it comes and no further than a limit; of its last words the end is kept. It is killed
before it is waited for, so that its number cannot be another's by then.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

_CHUNK = 1 << 16
_LAST_WORDS = 4 << 10
_GLANCE_SECONDS = 0.05
"""How often the parent looks whether a child that says nothing has ended."""


@dataclasses.dataclass
class Answer:
    """What came of a child.

    Attributes
    ----------
    text : its answer, at most one byte more than allowed.
    last_words : the end of what it wrote to stderr.
    code : exit code, or the negative number of a signal.
    cpu_seconds : processor time that it used.
    late : whether it was still at work when its time was up.
    """

    text: bytearray = dataclasses.field(default_factory=bytearray)
    last_words: bytes = b""
    code: int = 0
    cpu_seconds: float = 0.0
    late: bool = False


class Child:
    """A process in a session of its own; leaving its context kills it with everything in its group.

    Parameters
    ----------
    command : program and arguments.
    folder : its working directory.
    environment : all of its environment.

    Raises
    ------
    RuntimeError : when it cannot be started.
    """

    def __init__(self, command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> None:
        pipe = subprocess.PIPE
        try:
            self._child = subprocess.Popen(
                command,
                cwd=folder,
                env=dict(environment),
                stdin=pipe,
                stdout=pipe,
                stderr=pipe,
                start_new_session=True,
            )
        except OSError as error:
            raise RuntimeError(f"the grading process cannot be started ({error.strerror}): grade again") from error
        self.answer = Answer()

    def __enter__(self) -> Child:
        """Return the child."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the child, whatever happened."""
        child = self._child
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        self._collect(0)
        for pipe in (child.stdin, child.stdout, child.stderr):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def talk(self, request: bytes, seconds: float, most: int) -> None:
        """Send the request and fill `answer` until the child ends, its time is up, or it has said too much.

        Parameters
        ----------
        request : all of its stdin.
        seconds : time by the clock.
        most : bytes of its answer.
        """
        end = time.monotonic() + seconds
        with selectors.DefaultSelector() as selector:
            self._register(selector)
            rest = memoryview(request)
            while len(selector.get_map()) and len(self.answer.text) <= most:
                if (left := end - time.monotonic()) <= 0:
                    break
                ready = selector.select(min(left, _GLANCE_SECONDS))
                for key, _ in ready:
                    pipe = key.fileobj
                    if pipe is self._child.stdin:
                        rest = self._send(selector, rest)
                    else:
                        self._hear(selector, key.fd, pipe is self._child.stdout, most)
                if not ready and self._has_ended():
                    return
        self._wait(end, most)

    def _register(self, selector: selectors.BaseSelector) -> None:
        child = self._child
        assert child.stdin
        assert child.stdout
        assert child.stderr
        for pipe, event in (
            (child.stdin, selectors.EVENT_WRITE),
            (child.stdout, selectors.EVENT_READ),
            (child.stderr, selectors.EVENT_READ),
        ):
            os.set_blocking(pipe.fileno(), False)
            selector.register(pipe, event)

    def _send(self, selector: selectors.BaseSelector, rest: memoryview) -> memoryview:
        stdin = self._child.stdin
        assert stdin
        try:
            rest = rest[os.write(stdin.fileno(), rest[:_CHUNK]) :]
        except BrokenPipeError:
            rest = rest[:0]
        if not rest:
            selector.unregister(stdin)
            with contextlib.suppress(OSError):
                stdin.close()
        return rest

    def _hear(self, selector: selectors.BaseSelector, pipe: int, is_answer: bool, most: int) -> None:
        heard = os.read(pipe, _CHUNK)
        if not heard:
            selector.unregister(pipe)
        elif is_answer:
            self.answer.text += heard[: most + 1 - len(self.answer.text)]
        else:
            self.answer.last_words = (self.answer.last_words + heard)[-_LAST_WORDS:]

    def _wait(self, end: float, most: int) -> None:
        """Let a child that has said everything end by itself, within its time."""
        if len(self.answer.text) > most:
            return
        pause = 0.0005
        while not self._has_ended():
            if time.monotonic() >= end:
                self.answer.late = True
                return
            time.sleep(pause)
            pause = min(2 * pause, _GLANCE_SECONDS)

    def _has_ended(self) -> bool:
        """Tell whether the child has ended; its number stays taken until it is waited for."""
        if hasattr(os, "waitid"):
            options = os.WEXITED | os.WNOWAIT | os.WNOHANG
            return os.waitid(os.P_PID, self._child.pid, options) is not None
        self._collect(os.WNOHANG)
        return self._child.returncode is not None

    def _collect(self, options: int) -> None:
        """Learn how the child ended, once."""
        if self._child.returncode is None:
            pid, status, usage = os.wait4(self._child.pid, options)
            if pid:
                self._child.returncode = self.answer.code = os.waitstatus_to_exitcode(status)
                self.answer.cpu_seconds = usage.ru_utime + usage.ru_stime
