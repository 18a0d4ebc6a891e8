"""A network and an IPC space of its own, with nothing in them; Linux only.

A plain user gets them by way of a user namespace, in which the user keeps the same number.
"""

from __future__ import annotations

import os
from pathlib import Path

from mebench.challenge.safety.system import call

_NEWIPC, _NEWUSER, _NEWNET = 0x08000000, 0x10000000, 0x40000000


def leave_the_network() -> None:
    """Move this process, which may have one thread only, into an empty network.

    Raises
    ------
    OSError : when the system does not let this user do so.
    """
    user, group = os.geteuid(), os.getegid()
    if user == 0:
        call("unshare", _NEWNET | _NEWIPC)
        return
    call("unshare", _NEWUSER | _NEWNET | _NEWIPC)
    own = Path("/proc/self")
    (own / "setgroups").write_text("deny")
    (own / "uid_map").write_text(f"{user} {user} 1")
    (own / "gid_map").write_text(f"{group} {group} 1")
