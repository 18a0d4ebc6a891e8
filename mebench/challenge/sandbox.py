"""Work on strangers' files in a child process with limits on time, memory, file size and open files.

The child gets one JSON object on stdin and answers with one on a pipe of its own; what it prints goes nowhere. The wall
clock covers everything it does, extraction included. When it dies or overruns, the parent lives and says why.
"""

from __future__ import annotations

import contextlib
import ctypes
import dataclasses
import importlib
import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from mebench.errors import UserError

_PR_SET_PDEATHSIG = 1


@dataclasses.dataclass(frozen=True)
class ProcessLimits:
    """What one grading may use.

    Attributes
    ----------
    wall_seconds : time by the clock.
    cpu_seconds : processor time.
    memory_bytes : address space.
    file_bytes : size of any file it writes.
    open_files : files open at once.
    answer_bytes : size of its answer.
    """

    wall_seconds: float = 120.0
    cpu_seconds: int = 60
    memory_bytes: int = 2 << 30
    file_bytes: int = 256 << 20
    open_files: int = 64
    answer_bytes: int = 64 << 20


class LimitExceeded(UserError):
    """The child was stopped; the message says by which limit."""


def run_limited(target: str, request: Mapping[str, Any], limits: ProcessLimits | None = None) -> Any:
    """Call `module:function` with one JSON object in a limited child process and return its JSON answer.

    Raises
    ------
    LimitExceeded : when the child used more time, memory, disk or files than it may.
    UserError : what the function itself raised for the user, with the same message.
    RuntimeError : when the child failed in any other way; the message ends with its own last words.
    """
    limits = limits or ProcessLimits()
    child = subprocess.Popen(
        [sys.executable, "-m", "mebench.challenge.sandbox", target, json.dumps(dataclasses.asdict(limits))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        answer, complaint = child.communicate(json.dumps(request).encode(), timeout=limits.wall_seconds)
    except subprocess.TimeoutExpired as error:
        raise LimitExceeded(
            f"The grading took longer than {limits.wall_seconds:g} s: submit less, or raise the limit."
        ) from error
    finally:
        _end_group(child)
    return _result(child.returncode, answer, complaint, limits)


def _end_group(child: subprocess.Popen[bytes]) -> None:
    """Kill the child with everything it may have started, and close its pipes."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    for pipe in (child.stdin, child.stdout, child.stderr):
        if pipe is not None:
            pipe.close()


def _result(code: int, answer: bytes, complaint: bytes, limits: ProcessLimits) -> Any:
    if code == -signal.SIGXCPU or code == -signal.SIGKILL:
        raise LimitExceeded(f"The grading used more than {limits.cpu_seconds} s of processor time: submit less.")
    if len(answer) > limits.answer_bytes:
        raise LimitExceeded(f"The grading answered with more than {limits.answer_bytes} bytes: submit less.")
    try:
        message = json.loads(answer)
    except ValueError as error:
        last = complaint.decode(errors="replace").strip().splitlines()[-1:] or ["no word"]
        raise RuntimeError(f"the grading process ended with code {code}: {last[0]}") from error
    if message["kind"] == "limit":
        raise LimitExceeded(message["text"])
    if message["kind"] == "user":
        raise UserError(message["text"])
    return message["value"]


def _limit_self(limits: ProcessLimits) -> None:
    """Bind this process; the hard limits cannot be raised again."""
    for which, value in (
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_FSIZE, limits.file_bytes),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(which, (value, value))
    # A write past the limit then fails with an error that can be told, instead of a signal.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


def _die_with_parent() -> None:
    """Ask Linux to kill this process when the grader that started it is killed; elsewhere its own limits end it."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _serve(target: str, limits: ProcessLimits) -> dict[str, Any]:
    """Run the function under the limits and wrap what came of it."""
    module, _, name = target.partition(":")
    request = json.load(sys.stdin)
    _limit_self(limits)
    try:
        return {"kind": "value", "value": getattr(importlib.import_module(module), name)(request)}
    except MemoryError:
        text = f"The grading needs more than {limits.memory_bytes >> 20} MiB of memory: submit less."
        return {"kind": "limit", "text": text}
    except UserError as error:
        return {"kind": "user", "text": str(error)}


def main() -> None:
    """Answer one request; the entry of the child process."""
    _die_with_parent()
    target, limits = sys.argv[1], ProcessLimits(**json.loads(sys.argv[2]))
    # Whatever the work prints must not mix with the answer.
    with os.fdopen(os.dup(1), "w") as out:
        os.dup2(2, 1)
        json.dump(_serve(target, limits), out)


if __name__ == "__main__":
    main()
