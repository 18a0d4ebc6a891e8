"""Which entries of a frame cache running processes use, so that nobody removes them.

Conventions
-----------
Every process that uses a cache has a file `users/<random>.lock` in it, which it holds locked for as long as it lives,
and in which it writes the key of each entry before it opens it. A file that can be locked is that of a process which
has ended. `clean.lock` is held shared while a key is written, and alone while entries are removed.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from mebench.frames.writing import locked, take_lock

FOLDER, CLEANING = "users", "clean.lock"

_HELD: dict[Path, tuple[int, set[str]]] = {}


def use(root: Path, key: str) -> None:
    """Tell other processes that this one uses an entry until it ends; without effect where nothing can be written."""
    handle, keys = _HELD.get(root, (-1, set[str]()))
    if handle >= 0 and os.fstat(handle).st_nlink == 0:  # somebody has removed the whole cache
        os.close(handle)
        handle, keys = -1, set()
    if key in keys:
        return
    with contextlib.suppress(OSError), locked(root / CLEANING, shared=True):
        if handle < 0:
            handle = take_lock(root / FOLDER / f"{secrets.token_hex(8)}.lock", fcntl.LOCK_EX)
        _HELD[root] = (handle, keys)
        os.write(handle, f"{key}\n".encode())
        keys.add(key)


@contextlib.contextmanager
def nobody_else(root: Path) -> Iterator[frozenset[str]]:
    """Keep other processes from opening entries, and return the keys of those that are in use, by this process too.

    Raises
    ------
    OSError : when the folder cannot be written.
    """
    with locked(root / CLEANING):
        yield keys_in_use(root)


def keys_in_use(root: Path) -> frozenset[str]:
    """Return the keys that running processes use, and remove the files of those that have ended.

    The caller holds `clean.lock`, or only wants to look.
    """
    keys: set[str] = set()
    for path in (root / FOLDER).glob("*.lock"):
        with contextlib.suppress(OSError):
            keys |= _keys_of(path)
    return frozenset(keys)


def _keys_of(path: Path) -> set[str]:
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return set(file.read().decode("ascii", "replace").split())
        path.unlink()
        return set()
