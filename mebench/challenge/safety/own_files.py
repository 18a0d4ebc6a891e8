"""The organisers' own files, read so that nothing in their place can block, fill the memory or never end.

Conventions
-----------
Files that mebench writes (receipts, scorecards, the log) are never links; `challenge.toml`, the truth and a kit are
written by people and may be links to plain files. Whatever else lies there is told in one sentence.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from mebench.challenge.safety.plain_files import FILE, FOLDER, NOT_PLAIN, kind_of
from mebench.errors import UserError
from mebench.plain import plain_text
from mebench.schema.files import LONGEST_FILE

_WITHOUT_WAITING = os.O_CLOEXEC | os.O_NONBLOCK


class NoPlainFile(UserError):
    """Something else lies where a plain file of the organisers belongs."""


def check_plain(path: Path) -> None:
    """Refuse whatever is there and is neither a plain file nor a link to one; what is missing is for the reader.

    Raises
    ------
    NoPlainFile : with what lies there and the fix.
    """
    try:
        status = path.stat()
    except FileNotFoundError:
        return
    except OSError as error:
        raise no_plain_file(path, error.strerror or "an error") from error
    if not stat.S_ISREG(status.st_mode):
        raise no_plain_file(path)


def check_plain_below(folder: Path) -> None:
    """Refuse a folder in which anything is neither a folder nor a plain file, nor a link to one of them.

    Raises
    ------
    NoPlainFile : with the first that is something else.
    """
    for path in _below(folder):
        if not path.is_dir():
            check_plain(path)


def _below(folder: Path) -> Iterator[Path]:
    for place, _, files in os.walk(folder):
        yield from (Path(place) / name for name in sorted(files))


def read_own(path: Path, most: int = LONGEST_FILE) -> bytes:
    """Return the content of a file that mebench wrote.

    Raises
    ------
    NoPlainFile : when something else lies there.
    OSError : when it is missing, may not be read, or is larger.
    """
    with os.fdopen(open_own(path, os.O_RDONLY), "rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, f"it has more than {most} bytes", str(path))
    return content


def open_own(path: Path, flags: int, mode: int = 0o600) -> int:
    """Return a descriptor of a file that mebench wrote; neither a pipe nor a device can make this wait.

    Parameters
    ----------
    path : of the file; a link is refused.
    flags, mode : as of `os.open`.

    Raises
    ------
    NoPlainFile : when something else lies there.
    OSError : when it is missing or may not be opened.
    """
    try:
        descriptor = os.open(path, flags | os.O_NOFOLLOW | _WITHOUT_WAITING, mode)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO, errno.EISDIR, errno.ENODEV):
            raise no_plain_file(path) from error
        raise
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    raise no_plain_file(path)


def no_plain_file(path: Path, found: str = "") -> NoPlainFile:
    """Return what is said of a path where something else lies than the file that belongs there."""
    where = plain_text(str(path), 1000)
    return NoPlainFile(f"{where} is no plain file: {found or _found(path)} lies there; move it away, and repeat.")


def _found(path: Path) -> str:
    try:
        kind = kind_of(path)
        if kind == "link" and path.exists():
            kind = kind_of(path.resolve())
            return f"a link to {'a folder' if kind == FOLDER else 'a file' if kind == FILE else NOT_PLAIN[kind]}"
    except OSError:
        return "something else"
    return "a folder" if kind == FOLDER else NOT_PLAIN.get(kind, "something else")
