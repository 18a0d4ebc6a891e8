"""Files of any size that appear whole or not at all, and locks between processes."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
from collections.abc import Iterator
from io import BufferedWriter
from pathlib import Path

TEMPORARY = ".tmp"
"""Suffix of a file that is not whole yet."""


@contextlib.contextmanager
def writing(path: Path, *, durable: bool = True) -> Iterator[BufferedWriter]:
    """Open a file that takes its name only when it is whole; on failure nothing stays behind.

    Parameters
    ----------
    path : where the file goes; its folder is made when it is missing.
    durable : wait until the disk has it, so that not even a power cut leaves half of it.

    Raises
    ------
    OSError : when the folder cannot be written or the disk is full; an older file of that name is left as it was.
    """
    temporary = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}{TEMPORARY}")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with temporary.open("xb") as file:
            yield file
            file.flush()
            if durable:
                os.fsync(file.fileno())
        os.replace(temporary, path)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def locked(path: Path, *, shared: bool = False, wait: bool = True) -> Iterator[None]:
    """Hold a lock, which the system drops however this process ends; the file is made when it is missing.

    A lock whose file was removed or replaced meanwhile keeps nobody out, so it is taken again.

    Raises
    ------
    BlockingIOError : when another process holds it and `wait` is false.
    OSError : when the file cannot be made.
    """
    kind = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB)
    handle = take_lock(path, kind)
    try:
        yield
    finally:
        os.close(handle)


def take_lock(path: Path, kind: int) -> int:
    """Return the open file of a lock that is held; closing it lets go. Raises as `locked` does."""
    while True:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(handle, kind)
            if _is_still(path, handle):
                return handle
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)


def _is_still(path: Path, handle: int) -> bool:
    try:
        return os.path.samestat(os.stat(path), os.fstat(handle))
    except FileNotFoundError:
        return False
