"""What code of a stranger would try inside the child process; each probe returns what came of it."""

from __future__ import annotations

import ctypes
import os
import resource
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import mebench
from mebench.challenge.safety.prepared import MATERIAL, prepared_by
from mebench.errors import UserError


def tried(attempt):
    try:
        return {"done": attempt()}
    except (OSError, RuntimeError, ValueError) as error:
        return {"refused": f"{type(error).__name__}: {error}"}


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


def spin_on(request):
    """Take no notice of the signal that comes with the soft limit."""
    import signal

    signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    while True:
        pass


def hoard(request):
    return len(bytearray(4 << 30))


def kill_itself(request):
    os.kill(os.getpid(), 9)


def fall(request):
    ctypes.string_at(0)


def write_much(request):
    Path("f").write_bytes(bytes(1 << 20))


def open_many(request):
    return len([open("f", "a") for _ in range(100)])


def shout(request):
    for _ in range(300):
        sys.stderr.write("x" * 1_000_000)
    return "heard"


def talk_much(request):
    return "x" * 200_000_000


def flood(request):
    """Fill the pipe of the answer itself."""
    while True:
        for number in range(3, 32):
            try:
                os.write(number, b"[" * 100_000)
            except OSError:
                continue


def nest(request):
    value: list = []
    for _ in range(100_000):
        value = [value]
    return value


def say_nan(request):
    return float("nan")


def answer_raw(request):
    """Write an answer of its own to every pipe that is open, and end."""
    for number in range(3, 32):
        try:
            os.write(number, request["raw"].encode())
        except OSError:
            continue
    os._exit(0)


def surroundings(request):
    return {
        "environment": dict(os.environ),
        "folder": sorted(os.listdir()),
        "cwd": os.getcwd(),
        "path": sys.path,
        "isolated": sys.flags.isolated,
        "user": os.getuid(),
        "groups": os.getgroups(),
        "limits": {
            name: resource.getrlimit(getattr(resource, f"RLIMIT_{name}"))[1] for name in ("CORE", "NOFILE", "AS")
        },
        "files": [number for number in range(256) if is_open(number)],
    }


def is_open(number):
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


@prepared_by(lambda _: Path("/proc/self/status").open())  # noqa: SIM115
def rights(request, file):
    """Return what the kernel says of the process; the file is opened while that is allowed."""
    file.seek(0)
    return {key: value.strip() for key, value in (line.split(":", 1) for line in file)}


def origin(request):
    return mebench.__file__


def read(request):
    return {path: tried(lambda path=path: len(Path(path).read_bytes())) for path in request["paths"]}


def write(request):
    own = tried(lambda: Path("own").write_text("x"))
    return {"own": own, **{path: tried(lambda path=path: Path(path).write_text("x")) for path in request["paths"]}}


def connect(request):
    def try_to(family, address):
        with socket.socket(family) as client:
            client.settimeout(2)
            client.connect(address)

    places = {"tcp": (socket.AF_INET, ("127.0.0.1", request["port"])), "unix": (socket.AF_UNIX, request["socket"])}
    return {name: tried(lambda place=place: try_to(*place)) for name, place in places.items()}


def start_processes(request):
    def fork():
        pid = os.fork()
        if pid == 0:
            os.setsid()
            time.sleep(30)
            os._exit(0)
        return pid

    return {
        "fork": tried(fork),
        "program": tried(lambda: subprocess.Popen([sys.executable, "-c", ""]).pid),
        "thread": tried(lambda: threading.Thread(target=time.sleep, args=(5,), daemon=True).start()),
    }


def touch_the_parent(request):
    parent = os.getppid()
    libc = ctypes.CDLL(None, use_errno=True)

    def attach():
        if libc.ptrace(16, ctypes.c_long(parent), None, None) < 0:
            raise OSError(ctypes.get_errno(), "ptrace")

    return {
        "kill": tried(lambda: os.kill(parent, 0)),
        "limit": tried(lambda: resource.prlimit(parent, resource.RLIMIT_CORE, (0, 0))),
        "trace": tried(attach),
        "memory": tried(lambda: Path(f"/proc/{parent}/mem").open("rb").close()),
        "itself": tried(lambda: os.kill(os.getpid(), 0)),
    }


def tell_and_sleep(request):
    Path("pid").write_text(str(os.getpid()))
    time.sleep(60)


def prepare(request):
    return {"saw": sorted(request), "secret": Path(request["truth"]).read_text()}


@prepared_by(prepare)
def in_halves(request, ready):
    late = tried(lambda: Path(request["truth"]).read_text())
    return {"saw": ready["saw"], "secret": ready["secret"], "late": late, "material": request[MATERIAL]}
