"""Calls of the Linux kernel that Python has no name for."""

from __future__ import annotations

import ctypes
import functools
import os
import sys
from typing import Any

SET_PDEATHSIG, SET_DUMPABLE, SET_SECCOMP, SET_NO_NEW_PRIVS = 1, 4, 22, 38
"""Options of `prctl`."""

_CAPABILITY_VERSION = 0x20080522


@functools.cache
def _libc() -> Any:
    return ctypes.CDLL(None, use_errno=True)


def call(name: str, *arguments: int | ctypes.Array[Any] | None) -> int:
    """Call a function of the C library that returns -1 on failure.

    Raises
    ------
    OSError : when the call fails, the library has no such function, or this is not Linux.
    """
    if sys.platform != "linux":
        # Elsewhere the same numbers and names mean other things.
        raise OSError("this system is not Linux")
    function = getattr(_libc(), name, None)
    if function is None:
        raise OSError(f"this system has no {name}")
    # Arguments of variadic functions are as wide as a register.
    result = int(function(*(ctypes.c_long(a) if isinstance(a, int) else a for a in arguments)))
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


def prctl(option: int, *arguments: int) -> None:
    """Change a trait of this process.

    Raises
    ------
    OSError : when the kernel refuses, or this is not Linux.
    """
    call("prctl", option, *(*arguments, 0, 0, 0, 0)[:4])


def drop_capabilities() -> None:
    """Give up every capability that this process holds.

    Raises
    ------
    OSError : when the kernel refuses, or this is not Linux.
    """
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    call("capset", header, (ctypes.c_uint32 * 6)())
