"""A filter of system calls: no process, no thread, no program, no socket, no hand on other processes; Linux only.

Conventions
-----------
What is refused fails with EPERM, which the program sees as an error. Calls of another architecture end the process.
Calls about a process, such as `kill`, go through for the process itself.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
from typing import NamedTuple

from mebench.challenge.safety.system import SET_NO_NEW_PRIVS, SET_SECCOMP, prctl


class _Machine(NamedTuple):
    """What a filter must know of an architecture: its number, and which column of the tables is its own."""

    audit: int
    column: int


_MACHINES = {"x86_64": _Machine(0xC000003E, 0), "aarch64": _Machine(0xC00000B7, 1)}
_X32 = 0x40000000
"""Calls from here on are those of the x32 interface, which has its own numbers for the same things."""

_REFUSED: dict[str, tuple[int | None, int | None]] = {
    "clone": (56, 220),
    "fork": (57, None),
    "vfork": (58, None),
    "clone3": (435, 435),
    "execve": (59, 221),
    "execveat": (322, 281),
    "socket": (41, 198),
    "socketpair": (53, 199),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "kcmp": (312, 272),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "setpriority": (141, 140),
    "ioprio_set": (251, 30),
    "migrate_pages": (256, 238),
    "move_pages": (279, 239),
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsmount": (432, 432),
    "mount_setattr": (442, 442),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "mknod": (133, None),
    "mknodat": (259, 33),
    "shmget": (29, 194),
    "semget": (64, 190),
    "msgget": (68, 186),
    "mq_open": (240, 180),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "personality": (135, 92),
    "syslog": (103, 116),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "kexec_load": (246, 104),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "acct": (163, 89),
    "quotactl": (179, 60),
}
_OWN_ONLY: dict[str, tuple[int, int]] = {
    "kill": (62, 129),
    "tkill": (200, 130),
    "tgkill": (234, 131),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "prlimit64": (302, 261),
    "sched_setparam": (142, 118),
    "sched_setscheduler": (144, 119),
    "sched_setaffinity": (203, 122),
    "sched_setattr": (314, 274),
}
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
"""Where the filter finds things in `struct seccomp_data`; the low half of an argument comes first."""

_ALLOW, _KILL, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050000 | errno.EPERM
_MODE_FILTER = 2


def filter_calls() -> None:
    """Refuse dangerous system calls from now on; it cannot be undone.

    Raises
    ------
    OSError : when the kernel has no filters, or its architecture is unknown here.
    """
    name = platform.machine()
    if name not in _MACHINES:
        raise OSError(f"the numbers of the system calls of {name} are not known here")
    code = program(_MACHINES[name], os.getpid())
    program_text = ctypes.create_string_buffer(code, len(code))

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]

    whole = Program(len(code) // 8, ctypes.addressof(program_text))
    prctl(SET_NO_NEW_PRIVS, 1)
    prctl(SET_SECCOMP, _MODE_FILTER, ctypes.addressof(whole))


def program(machine: _Machine, own: int) -> bytes:
    """Return the filter as instructions of 8 bytes.

    Parameters
    ----------
    machine : the architecture.
    own : number of the process itself.
    """
    lines = [
        _line(_LOAD, _ARCHITECTURE),
        _line(_EQUAL, machine.audit, yes=1),
        _line(_RETURN, _KILL),
        _line(_LOAD, _NUMBER),
        _line(_AT_LEAST, _X32, no=1),
        _line(_RETURN, _REFUSE),
    ]
    for numbers in _REFUSED.values():
        number = numbers[machine.column]
        if number is not None:
            lines += [_line(_EQUAL, number, no=1), _line(_RETURN, _REFUSE)]
    for own_numbers in _OWN_ONLY.values():
        lines += [
            _line(_EQUAL, own_numbers[machine.column], no=5),
            _line(_LOAD, _FIRST_ARGUMENT),
            _line(_EQUAL, own, yes=1),
            _line(_EQUAL, 0, no=1),
            _line(_RETURN, _ALLOW),
            _line(_RETURN, _REFUSE),
        ]
    return b"".join([*lines, _line(_RETURN, _ALLOW)])


def _line(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    """Return one instruction; `yes` and `no` say how many lines a comparison passes over."""
    return struct.pack("=HBBI", code, yes, no, value)
