"""Every wall that a system may offer, built in order; one that cannot be built is named with the reason.

Conventions
-----------
Outer walls stand before the process prepares its work with material of the organisers, inner ones before it touches
that of strangers. Both leave the reasons of missing walls in a mapping, and never raise.
"""

from __future__ import annotations

import dataclasses
import os
import resource
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from mebench.challenge.safety.landlock import confine
from mebench.challenge.safety.namespaces import leave_the_network
from mebench.challenge.safety.seccomp import filter_calls
from mebench.challenge.safety.system import SET_DUMPABLE, SET_NO_NEW_PRIVS, SET_PDEATHSIG, drop_capabilities, prctl

WALLS: Mapping[str, str] = {
    "death": "the process ends with the one that started it",
    "network": "it has an empty network of its own",
    "user": "it is not root, and where it was started as root it has a user number of its own",
    "privileges": "no program can give it rights again, and it has no capability",
    "files": "it opens nothing but its own folder and the libraries of Python",
    "processes": "it starts no process and no thread",
    "calls": "it makes no socket, and touches no other process",
}
"""What each wall does, by name."""

Missing = dict[str, str]
"""Why a wall is not there, by its name."""

_OWN_USERS, _NOBODY = 1_879_048_192, 65_534
"""The first of the user numbers that nobody is given, and the number that stands for nobody."""

_GRACE_SECONDS = 5
_SHARED = (
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/etc/ld.so.cache",
    "/dev/null",
    "/dev/urandom",
)
_LIBRARIES = ("site-packages", "dist-packages", "lib-dynload")


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


def build_outer(limits: ProcessLimits, parent: int) -> Missing:
    """Bind what the process may use, and take the network from it.

    Parameters
    ----------
    limits : what it may use; where the system already allows less, that holds.
    parent : number of the process that started it.
    """
    missing: Missing = {}
    _bind(limits)
    _attempt("death", lambda: _die_with(parent), missing)
    _attempt("network", leave_the_network, missing)
    return missing


def build_inner(folder: Path, package: Path, parent: int, missing: Missing) -> None:
    """Give up what is left, so that nothing but the own folder can be used and the libraries read.

    Parameters
    ----------
    folder : the own folder.
    package : the folder or archive of mebench itself.
    parent : number of the process that started it.
    missing : gets the reasons of the walls that are not there.
    """
    _attempt("user", lambda: _become_nobody(folder), missing)
    # A change of the user number makes the kernel forget it.
    _attempt("death", lambda: _die_with(parent), missing)
    _attempt("privileges", _give_up_privileges, missing)
    _attempt("files", lambda: confine([*_libraries(), package], [folder]), missing)
    _attempt("processes", _start_nothing, missing)
    _attempt("calls", filter_calls, missing)
    if "calls" not in missing:
        # The filter refuses processes and threads even to root.
        missing.pop("processes", None)


def _attempt(name: str, build: Callable[[], None], missing: Missing) -> None:
    try:
        build()
    except (OSError, ValueError) as error:
        missing[name] = str(getattr(error, "strerror", None) or error)


def _bind(limits: ProcessLimits) -> None:
    """Set the limits; the hard ones cannot be raised again."""
    for which, value, grace in (
        # The signal of the soft limit tells the end by processor time from any other.
        (resource.RLIMIT_CPU, limits.cpu_seconds, _GRACE_SECONDS),
        (resource.RLIMIT_AS, limits.memory_bytes, 0),
        (resource.RLIMIT_FSIZE, limits.file_bytes, 0),
        (resource.RLIMIT_NOFILE, limits.open_files, 0),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        highest = resource.getrlimit(which)[1]
        bound = [v if highest == resource.RLIM_INFINITY else min(v, highest) for v in (value, value + grace)]
        resource.setrlimit(which, (bound[0], bound[1]))
    # A write past the limit then fails with an error that can be told, instead of a signal.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


def _die_with(parent: int) -> None:
    prctl(SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        # It died before it could be watched.
        os._exit(1)


def _become_nobody(folder: Path) -> None:
    """Leave root behind, and take the own folder along."""
    if os.geteuid() != 0:
        return
    for user in (_OWN_USERS + os.getpid(), _NOBODY):
        try:
            _hand_over(folder, user)
            os.setgroups([])
            os.setgid(user)
            os.setuid(user)
        except OSError:
            if user == _NOBODY:
                raise
        else:
            return


def _hand_over(folder: Path, user: int) -> None:
    """Make a user the owner of a folder and all that lies in it, following no link."""
    os.chown(folder, user, user, follow_symlinks=False)
    for place, folders, files in os.walk(folder):
        for name in folders + files:
            os.chown(os.path.join(place, name), user, user, follow_symlinks=False)


def _give_up_privileges() -> None:
    prctl(SET_NO_NEW_PRIVS, 1)
    drop_capabilities()
    # Its memory is nobody's to read, not even another's with the same user number.
    prctl(SET_DUMPABLE, 0)


def _start_nothing() -> None:
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    if os.geteuid() == 0:
        raise OSError("the limit on processes does not bind root")


def _libraries() -> list[Path]:
    """Return where the interpreter finds modules and shared libraries."""
    python = [os.path.dirname(os.__file__)]
    found = [place for place in sys.path if Path(place).name in _LIBRARIES or place.endswith(".zip")]
    return [Path(place) for place in (*python, *found, os.path.join(sys.base_prefix, "lib"), *_SHARED)]
