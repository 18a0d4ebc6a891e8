"""Files that appear whole or not at all, and are read to a bound."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from pathlib import Path

from mebench.errors import UserError

LONGEST_FILE = 256 << 20
"""Bytes of the largest table or scorecard that is read; those of thousands of videos are a hundred times smaller."""


def read_bounded(path: Path, most: int = LONGEST_FILE) -> bytes:
    """Return the content of a file, or of a pipe, without ever holding more than its bound.

    Raises
    ------
    OSError : when it cannot be read, or is larger.
    """
    with path.open("rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, f"it has more than {most} bytes", str(path))
    return content


def write_atomic(path: Path, data: bytes | str) -> None:
    """Write a file by way of a temporary one in the same folder; text is stored as UTF-8.

    Parameters
    ----------
    path : where the file goes; its folder is made when it is missing.
    data : the whole content.

    Raises
    ------
    UserError : when the folder cannot be written or the disk is full; an older file of that name is left as it was.
    """
    content = data.encode() if isinstance(data, str) else data
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        raise UserError(
            f"{path} cannot be written ({error.strerror or error}): free some space or choose another folder."
        ) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()
