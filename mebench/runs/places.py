"""Paths that stay what they are: a plug-in may change the working folder, and a relative path would then be another."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from mebench.errors import UserError


def here() -> Path:
    """Return the working folder.

    Raises
    ------
    UserError : when it has been removed.
    """
    try:
        return Path.cwd()
    except OSError as error:
        raise UserError("The working folder is gone: change into another one, and give the command again.") from error


def fixed(path: Path) -> Path:
    """Return a path that no longer depends on the working folder; links are kept as they are.

    Raises
    ------
    UserError : see `here`.
    """
    with contextlib.suppress(RuntimeError):  # a user that nobody knows is a name like any other
        path = path.expanduser()
    return path if path.is_absolute() else Path(os.path.normpath(here() / path))


@contextlib.contextmanager
def same_folder() -> Iterator[None]:
    """Come back to the working folder, whatever a plug-in has changed it to."""
    before = os.open(".", os.O_RDONLY)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            os.fchdir(before)
        os.close(before)
