"""Writing strangers' files below a folder, without a way out of it."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path, PurePosixPath
from typing import BinaryIO


def create_below(folder: Path, target: PurePosixPath) -> BinaryIO:
    """Create a new file below a folder, with the folders that lead to it, for its owner alone.

    Each part of the way is opened from the one before it and never through a link, so that not even a folder that
    somebody exchanges in between leads out.

    Parameters
    ----------
    folder : where everything must stay; it must exist.
    target : the way from there.

    Raises
    ------
    ValueError : for an absolute or empty path, and for one with `..`, which no audited name has.
    OSError : when a part of the way is no folder, the file exists already, or the disk refuses it.
    """
    if not target.parts or target.is_absolute() or ".." in target.parts:
        raise ValueError(f"{target} does not lie below a folder")
    at = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in target.parts[:-1]:
            with contextlib.suppress(FileExistsError):
                os.mkdir(part, 0o700, dir_fd=at)
            inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=at)
            os.close(at)
            at = inner
        made = os.open(target.name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600, dir_fd=at)
        return os.fdopen(made, "wb")
    finally:
        os.close(at)
