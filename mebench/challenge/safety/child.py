"""The child process: it prepares, builds the walls around itself, works, and answers once.

It reads two lines of JSON from stdin: what is asked, and what strangers wrote. The answer goes to the stdout it was
started with; whatever is printed goes to stderr.
"""

from __future__ import annotations

import codecs
import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any

import mebench
from mebench.challenge.safety.prepared import MATERIAL
from mebench.challenge.safety.walls import Missing, ProcessLimits, build_inner, build_outer
from mebench.errors import UserError, lack_of_memory

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
_CODECS = ("ascii", "latin-1", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp437")
"""What texts and names in archives are read with; Python loads each of them on first use."""

_ENVIRONMENT = ("PATH", "LANG", "TMPDIR")


def main() -> None:
    """Answer one request."""
    with os.fdopen(os.dup(1), "w", encoding="ascii") as out:
        # Whatever the work prints must not mix with the answer.
        os.dup2(2, 1)
        order = json.loads(sys.stdin.buffer.readline())
        missing = build_outer(ProcessLimits(**order["limits"]), order["parent"])
        out.write(_answer(order, missing))


def _answer(order: dict[str, Any], missing: Missing) -> str:
    """Return the answer as JSON; a fault of the code ends the process instead, with its last words on stderr."""
    try:
        value = _work(order, missing)
        return json.dumps({"kind": "value", "value": value, "missing": missing}, allow_nan=False)
    except UserError as error:
        return json.dumps({"kind": "user", "text": str(error), "missing": missing})
    except Exception as error:
        if lack_of_memory(error):
            return json.dumps({"kind": "memory", "missing": missing})
        raise


def _work(order: dict[str, Any], missing: Missing) -> Any:
    function, ready = _prepare(order)
    build_inner(Path(), Path(mebench.__file__).parent, order["parent"], missing)
    request = order["request"] | {MATERIAL: json.loads(sys.stdin.buffer.readline())}
    return function(request, *ready)


def _prepare(order: dict[str, Any]) -> tuple[Any, tuple[Any, ...]]:
    """Import the function and do the first half of its work, with one thread: a second one would forbid some walls."""
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    module, _, name = order["target"].partition(":")
    function = getattr(importlib.import_module(module), name)
    prepare = getattr(function, "prepare", None)
    ready = () if prepare is None else (prepare(order["request"]),)
    _load_codecs()
    for key in set(os.environ) - set(_ENVIRONMENT):
        del os.environ[key]
    return function, ready


def _load_codecs() -> None:
    for codec in _CODECS:
        codecs.lookup(codec)
