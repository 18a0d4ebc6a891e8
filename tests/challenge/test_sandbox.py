from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from mebench.challenge.sandbox import LimitExceeded, ProcessLimits, run_limited
from mebench.errors import UserError

HERE = "tests.challenge.test_sandbox"
QUICK = ProcessLimits(wall_seconds=20, cpu_seconds=5, memory_bytes=1 << 30, file_bytes=1 << 16, open_files=32)


def double(request):
    print("noise on stdout does not spoil the answer")
    return {"twice": request["n"] * 2}


def refuse(request):
    raise UserError("The column 'onset' is missing: add it.")


def crash(request):
    raise KeyError("surprise")


def die(request):
    os._exit(3)


def sleep(request):
    time.sleep(60)


def spin(request):
    while True:
        pass


def hoard(request):
    return len(bytearray(4 << 30))


def write_much(request):
    with open(request["path"], "wb") as file:
        file.write(bytes(1 << 20))


def open_many(request):
    return len([open(os.devnull) for _ in range(100)])


def test_the_answer_comes_back_whole():
    assert run_limited(f"{HERE}:double", {"n": 21}, QUICK) == {"twice": 42}


def test_what_the_user_should_know_keeps_its_words():
    with pytest.raises(UserError, match="The column 'onset' is missing: add it"):
        run_limited(f"{HERE}:refuse", {}, QUICK)


@pytest.mark.parametrize(("name", "message"), [("crash", "KeyError: 'surprise'"), ("die", "code 3")])
def test_a_crash_of_the_child_is_no_crash_of_the_parent(name, message):
    with pytest.raises(RuntimeError, match=message):
        run_limited(f"{HERE}:{name}", {}, QUICK)


@pytest.mark.parametrize(
    ("name", "limits", "message"),
    [
        ("sleep", ProcessLimits(wall_seconds=1.0), "longer than 1 s"),
        ("spin", ProcessLimits(wall_seconds=20, cpu_seconds=1), "more than 1 s of processor time"),
        ("hoard", QUICK, "more than 1024 MiB of memory"),
    ],
)
def test_time_and_memory_have_limits(name, limits, message):
    with pytest.raises(LimitExceeded, match=message):
        run_limited(f"{HERE}:{name}", {}, limits)


def test_files_cannot_grow_past_their_limit(tmp_path):
    with pytest.raises(RuntimeError, match="File too large"):
        run_limited(f"{HERE}:write_much", {"path": str(tmp_path / "f")}, QUICK)
    assert (tmp_path / "f").stat().st_size <= 1 << 16


def test_open_files_have_a_limit():
    with pytest.raises(RuntimeError, match="Too many open files"):
        run_limited(f"{HERE}:open_many", {}, QUICK)


def test_a_child_of_the_child_ends_with_it(tmp_path):
    with pytest.raises(LimitExceeded):
        run_limited(f"{HERE}:leave_a_child", {"path": str(tmp_path / "pid")}, ProcessLimits(wall_seconds=2.0))
    assert_ends(int((tmp_path / "pid").read_text()))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent has died")
def test_a_child_ends_when_its_grader_is_killed(tmp_path):
    pid = tmp_path / "pid"
    code = f"from mebench.challenge.sandbox import run_limited; run_limited('{HERE}:tell_and_sleep', {{'path': {str(pid)!r}}})"
    grader = subprocess.Popen([sys.executable, "-c", code])
    deadline = time.monotonic() + 20
    while not (pid.exists() and pid.read_text()) and time.monotonic() < deadline:
        time.sleep(0.05)
    grader.kill()
    grader.wait()
    assert_ends(int(pid.read_text()))


def assert_ends(pid):
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            with open(f"/proc/{pid}/stat") as file:
                if file.read().split(")")[1].split()[0] == "Z":
                    return
        except FileNotFoundError:
            return
        time.sleep(0.05)
    pytest.fail(f"process {pid} lives on")


def tell_and_sleep(request):
    with open(request["path"], "w") as file:
        file.write(str(os.getpid()))
    time.sleep(60)


def leave_a_child(request):
    child = subprocess.Popen(["sleep", "60"])
    with open(request["path"], "w") as file:
        file.write(str(child.pid))
    time.sleep(60)
