"""Files that appear whole or not at all, and are read to a bound."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path
from stat import S_ISDIR, S_ISFIFO, S_ISREG, S_ISSOCK

from mebench.errors import UserError

PRIVATE, PUBLIC, USUAL = 0o600, 0o644, 0o666
"""Modes of files for their owner alone, for everybody to read, and for whomever the umask lets."""

FILE = "a file"

LONGEST_FILE = 256 << 20
"""Bytes of the largest table or scorecard that is read; those of thousands of videos are a hundred times smaller."""


def read_bounded(path: Path, most: int = LONGEST_FILE) -> bytes:
    """Return the content of a file, without ever holding more than its bound.

    Only files are read: a pipe that nobody writes to would be waited for without end.

    Raises
    ------
    OSError : when it cannot be read, is larger, or is a folder, a pipe or a device.
    """
    # Without O_NONBLOCK the opening itself would wait for whoever writes to a pipe.
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        kind = _kind(os.fstat(descriptor).st_mode)
        if kind != FILE:
            first = "" if kind == "a folder" else "; write its content to a file first"
            raise OSError(errno.EINVAL, f"it is {kind} and not a file{first}", str(path))
        with open(descriptor, "rb", closefd=False) as file:
            content = file.read(most + 1)
    finally:
        os.close(descriptor)
    if len(content) > most:
        raise OSError(errno.EFBIG, f"it has more than {most} bytes", str(path))
    return content


def kind_of(path: Path) -> str:
    """Return what has a name, in words: `a file`, `a folder`, `a pipe`, `a socket` or `a device`.

    Raises
    ------
    OSError : when there is nothing of that name.
    """
    return _kind(path.stat().st_mode)


def _kind(mode: int) -> str:
    if S_ISREG(mode):
        return FILE
    if S_ISDIR(mode):
        return "a folder"
    return "a pipe" if S_ISFIFO(mode) else "a socket" if S_ISSOCK(mode) else "a device"


def write_atomic(path: Path, data: bytes | str, mode: int = USUAL) -> None:
    """Write a file by way of a temporary one in the same folder; text is stored as UTF-8.

    Parameters
    ----------
    path : where the file goes; its folder is made when it is missing.
    data : the whole content.
    mode : of the file, less what the umask takes away; folders that are made are open to the same people.

    Raises
    ------
    UserError : when the folder cannot be written, the disk is full, or a device has that name; an older file is left
        as it was.
    """
    content = data.encode() if isinstance(data, str) else data
    with writing_path(path, mode) as temporary, temporary.open("wb") as file:
        file.write(content)


@contextlib.contextmanager
def writing_path(path: Path, mode: int = USUAL) -> Iterator[Path]:
    """Yield the path of an empty temporary file that takes the name `path` when the block ends without an error.

    For files that are too large to be held in memory, or that a library writes.

    Parameters
    ----------
    path, mode : see `write_atomic`.

    Raises
    ------
    UserError : when the folder cannot be written, the disk is full, or a device has that name; an older file is left
        as it was.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        _require_no_device(path)
        make_folder(path.parent, mode)
        os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode))
        yield temporary
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        if error.filename is not None and Path(error.filename) not in (path, temporary, *path.parents):
            raise  # another file, which the block was reading
        raise UserError(f"{path} cannot be written {advice(error)}.") from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def _require_no_device(path: Path) -> None:
    """Refuse to put a file in the place of a device such as /dev/null, which other programs need."""
    with contextlib.suppress(OSError):
        if kind_of(path) == "a device":
            raise UserError(f"{path} is a device and not a file: give the name of a new file.")


def advice(error: OSError) -> str:
    """Return why something cannot be written and what helps, such as `(Permission denied): choose another folder`."""
    reason = error.strerror or str(error)
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"({reason}): free some space or choose another folder"
    if error.errno in (errno.ENOTDIR, errno.EEXIST, errno.EISDIR):
        return f"({reason}): a file and a folder of one name are in each other's way, choose another name"
    if error.errno == errno.ENAMETOOLONG:
        return f"({reason}): choose a shorter name"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"({reason}): choose a folder that you may write to"
    return f"({reason}): choose another folder"


def require_writable(folder: Path) -> None:
    """Make a folder, and see that files can be written there, before work is begun whose results go there.

    Raises
    ------
    UserError : when it cannot be made or written.
    """
    try:
        make_folder(folder)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise UserError(f"{folder} cannot be written {advice(error)}.") from error


def make_folder(folder: Path, mode: int = USUAL) -> None:
    """Make a folder and those above it, where they are missing.

    Parameters
    ----------
    folder : what is made.
    mode : of the files that will lie in it; whoever may read them may enter the folder.

    Raises
    ------
    OSError : when a folder cannot be made.
    """
    if folder.is_dir():
        return
    make_folder(folder.parent, mode)
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode | (mode & 0o444) >> 2)
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
