"""Landlock: from now on this process opens nothing but what lies below some folders; Linux 5.13 and later.

Conventions
-----------
Files that are open already stay open. Rights that the kernel does not know yet are left out, so an old kernel checks
less: TCP since 6.7, signals to other processes since 6.12.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import struct
from collections.abc import Iterable
from pathlib import Path

from mebench.challenge.safety.system import SET_NO_NEW_PRIVS, call, prctl

_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446
"""Numbers of the system calls, the same on every architecture."""

_WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 1, 1 << 2, 1 << 3
_REMOVE_DIR, _REMOVE_FILE, _MAKE_DIR, _MAKE_REG = 1 << 4, 1 << 5, 1 << 7, 1 << 8
_TRUNCATE = 1 << 14
_READ = _READ_FILE | _READ_DIR
_USE = _READ | _WRITE_FILE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REG | _TRUNCATE
_OF_FILES = _READ_FILE | _WRITE_FILE | _TRUNCATE
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 5: 16}
"""Number of rights over files since a version of the interface."""

_TCP, _SCOPES = 0b11, 0b11
_PATH_BENEATH = 1


def confine(readable: Iterable[Path], usable: Iterable[Path]) -> None:
    """Open nothing any more but what is named here; it cannot be undone.

    Parameters
    ----------
    readable : files and folders that may be read; those that do not exist are passed over.
    usable : folders in which files may be read, made, written and removed.

    Raises
    ------
    OSError : when the kernel has no Landlock, it is switched off, or a usable folder cannot be opened.
    """
    version = call("syscall", _CREATE, None, 0, 1)
    handled = (1 << max(n for since, n in _FILE_RIGHTS.items() if since <= version)) - 1
    attributes = struct.pack("=QQQ", handled, _TCP if version >= 4 else 0, _SCOPES if version >= 6 else 0)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    rules = call("syscall", _CREATE, ctypes.create_string_buffer(attributes, 24), size, 0)
    try:
        for path in readable:
            # Of libraries, those out of reach are not needed any more.
            with contextlib.suppress(OSError):
                _allow(rules, path, _READ)
        for path in usable:
            _allow(rules, path, _USE & handled)
        prctl(SET_NO_NEW_PRIVS, 1)
        call("syscall", _RESTRICT, rules, 0)
    finally:
        os.close(rules)


def _allow(rules: int, path: Path, rights: int) -> None:
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = struct.pack("=Qi", rights if path.is_dir() else rights & _OF_FILES, place)
        call("syscall", _ADD_RULE, rules, _PATH_BENEATH, ctypes.create_string_buffer(rule, len(rule)), 0)
    finally:
        os.close(place)
