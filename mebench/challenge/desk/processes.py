"""Who holds a reservation, and whether that process still lives.

Conventions
-----------
A process is known by machine, number and start time, for numbers are given again. Of a process on another machine, or
in another container, nothing can be known: there the lease decides.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import os
import socket
import subprocess
from pathlib import Path

_STATE, _START = 0, 19
"""Positions after the name in `/proc/PID/stat`: the state, and the start in clock ticks since boot."""


@dataclasses.dataclass(frozen=True)
class Holder:
    """A process.

    Attributes
    ----------
    machine : digest of host, boot and process namespace.
    pid : its number there.
    started : when it began, in the words of that machine.
    """

    machine: str
    pid: int
    started: str

    def __str__(self) -> str:
        """Return a form that is fit for a file's name."""
        return f"{self.machine}-{self.pid}-{hashlib.sha256(self.started.encode()).hexdigest()[:8]}"


def this_holder() -> Holder:
    """Return the present process."""
    return Holder(machine(), os.getpid(), start_of(os.getpid()) or "unknown")


def is_dead(holder: Holder) -> bool:
    """Tell whether a process has certainly ended; never true of one on another machine."""
    return is_here(holder) and start_of(holder.pid) != holder.started


def is_here(holder: Holder) -> bool:
    """Tell whether a process belongs to this machine, this boot and this process namespace."""
    return holder.machine == machine()


@functools.cache
def machine() -> str:
    """Return what tells this machine, its boot and its process namespace from others."""
    parts = [socket.gethostname()]
    for read in (
        lambda: Path("/proc/sys/kernel/random/boot_id").read_text(),
        lambda: os.readlink("/proc/self/ns/pid"),
    ):
        try:
            parts.append(read().strip())
        except OSError:
            parts.append("")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def start_of(pid: int) -> str | None:
    """Return when a living process of this machine began, or None when there is none; the undead do not live."""
    if not Path("/proc/self/stat").exists():
        return _start_by_ps(pid)
    try:
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return None
    return None if fields[_STATE] in (b"Z", b"X") else fields[_START].decode()


def _start_by_ps(pid: int) -> str | None:
    found = subprocess.run(
        ["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.split(maxsplit=1)
    return None if len(found) < 2 or found[0].startswith("Z") else found[1].strip()
