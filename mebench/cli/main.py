"""The entry of the command `mebench`: it imports next to nothing, so that an interrupt finds it ready at once."""

from __future__ import annotations

import contextlib
import os
import signal
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

_INTERRUPTED = "Interrupted before anything was begun.\n"
_NO_OUTPUT = "Error: Standard output is closed: send it to a file, or to a pipe that is read.\n"
_NO_MEMORY = "Error: There was not enough memory: raise the limit (ulimit -v), or close other programs.\n"


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    code = _run(list(sys.argv[1:] if argv is None else argv))
    if argv is None:
        # Whoever interrupts the clearing up of the interpreter wants no traceback.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(code)


def _run(arguments: list[str]) -> int:
    if sys.stdout is None:
        return _tell(_NO_OUTPUT, 2)
    with _interrupts() as came:
        try:
            with _leaving_at_once():
                from mebench.cli.commands import carry_out
                from mebench.cli.interruption import tell_when_interrupted
                from mebench.cli.memory import guard_imports

                guard_imports()
                tell_when_interrupted(None)
            return carry_out(arguments, came)
        except KeyboardInterrupt:
            return _tell(_interrupted(), 130)
        except MemoryError:
            return _tell(_NO_MEMORY, 2)


def _interrupted() -> str:
    """Return what an interruption means for the command that was at work."""
    module = sys.modules.get("mebench.cli.interruption")
    return _INTERRUPTED if module is None else f"{module.sentence()}\n"


def _tell(sentence: str, code: int) -> int:
    with contextlib.suppress(OSError, AttributeError):  # standard error may be closed, too
        sys.stderr.write(sentence)
        sys.stderr.flush()
    return code


@contextlib.contextmanager
def _interrupts() -> Iterator[list[int]]:
    """Yield a list that holds the interrupts as they come; each of them is raised as ever."""
    came: list[int] = []

    def interrupt(number: int, _: Any) -> None:
        came.append(number)
        raise KeyboardInterrupt

    with _handler(interrupt):
        yield came


@contextlib.contextmanager
def _leaving_at_once() -> Iterator[None]:
    """Let an interrupt end the process while there is nothing to clear up yet."""

    def leave(*_: Any) -> None:
        os._exit(_tell(_INTERRUPTED, 130))

    with _handler(leave):
        yield


@contextlib.contextmanager
def _handler(handler: Any) -> Iterator[None]:
    try:
        before = signal.signal(signal.SIGINT, handler)
    except ValueError:
        # Signals belong to the main thread; elsewhere the program that uses mebench handles them.
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
