from __future__ import annotations

import os
import resource
import subprocess
import sys

import pytest

from mebench.challenge.safety import walls
from mebench.challenge.safety.system import call, prctl


def test_a_wall_that_cannot_be_built_is_named_with_the_reason():
    missing: walls.Missing = {}

    def refuse():
        raise PermissionError(1, "Operation not permitted")

    def not_here():
        raise OSError("this system has no prctl")

    for name, build in (("network", refuse), ("death", not_here), ("user", lambda: None)):
        walls._attempt(name, build, missing)
    assert missing == {"network": "Operation not permitted", "death": "this system has no prctl"}


def test_calls_that_the_system_lacks_or_refuses_are_errors():
    with pytest.raises(OSError, match="this system has no no_such_call"):
        call("no_such_call")
    if sys.platform == "linux":
        with pytest.raises(OSError, match="Invalid argument"):
            prctl(-1)


def test_without_any_wall_of_linux_the_limits_still_hold(tmp_path):
    """A kernel that refuses every wall: the work is done, and each wall has its reason."""
    code = """if True:
        import json, os, sys
        from mebench.challenge.safety import walls
        def refuse(*_):
            raise OSError(1, "refused")
        for name in ("prctl", "leave_the_network", "confine", "filter_calls", "drop_capabilities", "_become_nobody"):
            setattr(walls, name, refuse)
        missing = walls.build_outer(walls.ProcessLimits(open_files=20), os.getppid())
        walls.build_inner(walls.Path(), walls.Path(), os.getppid(), missing)
        import resource
        print(json.dumps([sorted(missing), resource.getrlimit(resource.RLIMIT_NOFILE)]))
    """
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    names = sorted(set(walls.WALLS) - (set() if os.geteuid() == 0 else {"processes"}))
    assert done.stdout.strip() == f"[{str(names).replace(chr(39), chr(34))}, [20, 20]]"


def test_a_lower_limit_of_the_system_is_kept(monkeypatch):
    asked = {}
    monkeypatch.setattr(resource, "getrlimit", lambda which: (1000, 1000))
    monkeypatch.setattr(resource, "setrlimit", lambda which, pair: asked.update({which: pair}))
    monkeypatch.setattr("signal.signal", lambda *_: None)
    walls._bind(walls.ProcessLimits(memory_bytes=5000, cpu_seconds=60))
    assert asked[resource.RLIMIT_AS] == (1000, 1000)
    assert asked[resource.RLIMIT_CPU] == (60, 65)
