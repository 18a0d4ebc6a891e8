"""Work on strangers' files in a child process with limits on time, memory, files and what it can reach.

Conventions
-----------
The child is an isolated interpreter that gets two lines of JSON on stdin and answers on a pipe of its own; what it
prints goes nowhere. It runs in a folder of its own with three environment variables, and builds the walls of
`mebench.challenge.safety.walls` around itself as far as the system offers them. The clock covers everything it does.
When it dies or overruns, the parent lives and says why.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import resource
import signal
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import mebench
from mebench.challenge.safety.prepared import MATERIAL
from mebench.challenge.safety.process import Answer, Child
from mebench.challenge.safety.walls import WALLS, ProcessLimits
from mebench.errors import UserError

__all__ = ["LimitExceeded", "ProcessLimits", "missing_walls", "run_limited"]

_BOOT = """\
import json, sys
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
place, more = json.loads(sys.argv[1])
sys.path += more
spec = PathFinder.find_spec("mebench", [place])
sys.modules["mebench"] = module = module_from_spec(spec)
spec.loader.exec_module(module)
from mebench.challenge.safety.child import main
main()
"""
"""Loads exactly the parent's own mebench, and nothing else that lies beside it."""

_CRASHES = {signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGILL, signal.SIGFPE}


class LimitExceeded(UserError):
    """The child was stopped; the message says by which limit."""


def run_limited(
    target: str,
    request: Mapping[str, Any],
    limits: ProcessLimits | None = None,
    folder: Path | None = None,
    modules: Sequence[Path] = (),
) -> Any:
    """Call `module:function` with one JSON object in a limited child process and return its JSON answer.

    Parameters
    ----------
    target : a function; where it was made with `prepared_by`, the first half runs before the inner walls stand.
    request : what it is called with; what strangers wrote belongs under the key `material`.
    limits : what it may use.
    folder : where it works, and all that it can open; an empty one, removed again, when it is None.
    modules : folders of modules that it may import beside those of the interpreter.

    Raises
    ------
    LimitExceeded : when the child used more time, memory, disk or files than it may.
    UserError : what the function itself raised for the user, with the same message.
    RuntimeError : when the child failed in any other way; the message ends with its own last words.
    """
    return _run(target, request, limits or ProcessLimits(), folder, modules)["value"]


def missing_walls() -> dict[str, str]:
    """Return why a wall is not there on this system, by its name in `WALLS`; empty when all of them are."""
    found = _run("mebench.challenge.safety.sandbox:_nothing", {}, ProcessLimits(), None, ())["missing"]
    return {name: found[name] for name in WALLS if name in found}


def _nothing(_: Mapping[str, Any]) -> None:
    """Do nothing behind the walls."""


def _run(
    target: str, request: Mapping[str, Any], limits: ProcessLimits, folder: Path | None, modules: Sequence[Path]
) -> dict[str, Any]:
    order = {
        "target": target,
        "limits": dataclasses.asdict(limits),
        "parent": os.getpid(),
        "request": {key: value for key, value in request.items() if key != MATERIAL},
    }
    lines = b"".join(json.dumps(line).encode() + b"\n" for line in (order, request.get(MATERIAL)))
    kills = _kills_for_memory()
    with _own_folder(folder) as place:
        with Child(_command(modules), place, _environment(place)) as child:
            child.talk(lines, limits.wall_seconds, limits.answer_bytes)
        return _result(child.answer, limits, _kills_for_memory() > kills)


@contextlib.contextmanager
def _own_folder(folder: Path | None) -> Iterator[Path]:
    if folder is not None:
        yield folder.absolute()
        return
    with tempfile.TemporaryDirectory(prefix="mebench-", ignore_cleanup_errors=True) as place:
        yield Path(place).absolute()


def _command(modules: Sequence[Path]) -> list[str]:
    """Return the command of an interpreter that looks neither into the current folder nor at the environment."""
    package = Path(mebench.__file__).absolute().parent
    where = json.dumps([str(package.parent), [*map(str, modules), *_own_libraries()]])
    quiet = ["-B"] if sys.dont_write_bytecode else []
    return [sys.executable, "-I", "-X", "utf8", *quiet, "-c", _BOOT, where]


def _own_libraries() -> list[str]:
    """Return where this process finds libraries, for what the child does not find by itself; never the current folder.

    They come last in the child, so nothing in them takes the place of a module of Python's own.
    """
    found = [place for place in sys.path[1:] if os.path.isabs(place) and os.path.exists(place)]
    return [place for place in found if not (os.path.exists(".") and os.path.samefile(place, "."))]


def _environment(folder: Path) -> dict[str, str]:
    return {"PATH": os.defpath, "LANG": "C.UTF-8", "TMPDIR": str(folder)}


def _result(answer: Answer, limits: ProcessLimits, killed_for_memory: bool) -> dict[str, Any]:
    if len(answer.text) > limits.answer_bytes:
        raise LimitExceeded(f"The grading answered with more than {limits.answer_bytes} bytes: submit less.")
    if answer.late:
        raise LimitExceeded(f"The grading took longer than {limits.wall_seconds:g} s: submit less, or raise the limit.")
    if answer.code < 0:
        raise _death(answer, limits, killed_for_memory)
    try:
        message = _message(answer.text)
    except (ValueError, RecursionError) as error:
        said = answer.last_words.decode(errors="replace").strip().splitlines()[-1:] or ["no word"]
        raise RuntimeError(f"the grading process ended with code {answer.code}: {said[0]}") from error
    if message["kind"] == "memory":
        raise _needs_memory(limits)
    if message["kind"] == "user":
        raise UserError(message["text"])
    return message


def _message(text: bytearray) -> dict[str, Any]:
    """Read an answer.

    Raises
    ------
    ValueError, RecursionError : for one that no child of ours gives.
    """
    message = json.loads(text, parse_constant=_no_number)
    if isinstance(message, dict):
        kind = message.get("kind")
        if kind == "memory" or (kind == "user" and isinstance(message.get("text"), str)):
            return message
        if kind == "value" and "value" in message:
            return message
    raise ValueError("no answer of ours")


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def _needs_memory(limits: ProcessLimits) -> LimitExceeded:
    highest = resource.getrlimit(resource.RLIMIT_AS)[1]
    most = limits.memory_bytes if highest == resource.RLIM_INFINITY else min(highest, limits.memory_bytes)
    return LimitExceeded(f"The grading needs more than {most >> 20} MiB of memory: submit less.")


def _death(answer: Answer, limits: ProcessLimits, killed_for_memory: bool) -> Exception:
    """Return what to say of a child that a signal ended."""
    if answer.code == -signal.SIGXCPU or answer.cpu_seconds >= limits.cpu_seconds:
        return LimitExceeded(f"The grading used more than {limits.cpu_seconds} s of processor time: submit less.")
    name = signal.Signals(-answer.code).name
    if answer.code == -signal.SIGKILL and killed_for_memory:
        return LimitExceeded("The grading was killed as the system ran out of memory: submit less, or try again later.")
    if -answer.code in _CRASHES:
        return RuntimeError(f"the grading process crashed ({name}); it used {answer.cpu_seconds:.1f} s of its time")
    return RuntimeError(f"the grading process was ended by {name}, which none of its limits sends: grade again")


def _kills_for_memory() -> int:
    """Return how many processes Linux has killed for want of memory so far; 0 elsewhere."""
    with contextlib.suppress(OSError, ValueError), open("/proc/vmstat") as file:
        return next((int(line.split()[1]) for line in file if line.startswith("oom_kill ")), 0)
    return 0
