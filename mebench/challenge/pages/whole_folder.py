"""A few files that belong together, in a folder of their own that appears whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from mebench.errors import UserError
from mebench.schema.files import make_folder, write_atomic


def replace_folder(folder: Path, files: Mapping[str, str], mode: int) -> bool:
    """Write the files of a folder together or not at all, and tell whether anything has changed.

    Parameters
    ----------
    folder : missing, empty, or with no other files than these.
    files : texts by name.
    mode : of the files; whoever may read them may enter the folder.

    Raises
    ------
    UserError : when other files lie there, something else has its name, or it cannot be written.
    """
    before = _content(folder)
    if before == {name: text.encode() for name, text in files.items()}:
        return False
    if other := sorted(before.keys() - files.keys()):
        raise UserError(f"{folder} holds other files, such as {other[0]!r}: give a new folder.")
    new, old = (folder.with_name(f".{folder.name}.{word}-{secrets.token_hex(4)}") for word in ("new", "old"))
    try:
        make_folder(new, mode)
        for name, text in files.items():
            write_atomic(new / name, text, mode)
        with _aside(folder, old):
            new.rename(folder)
    except OSError as error:
        raise UserError(
            f"{folder} cannot be written ({error.strerror}): free some space, or mend the rights."
        ) from error
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return True


@contextlib.contextmanager
def _aside(folder: Path, old: Path) -> Iterator[None]:
    """Take a folder out of the way; it comes back when the block fails, and is removed when it succeeds."""
    if not folder.exists():
        yield
        return
    folder.rename(old)
    try:
        yield
    except BaseException:
        old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _content(folder: Path) -> dict[str, bytes]:
    if not os.path.lexists(folder):
        return {}
    if not folder.is_dir() or folder.is_symlink():
        raise UserError(f"{folder} is in the way: a folder belongs there; move it away, or give another --out.")
    files = sorted(folder.iterdir())
    return {file.name: file.read_bytes() if file.is_file() else b"" for file in files}
