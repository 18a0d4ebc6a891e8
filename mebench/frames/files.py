"""Opening whatever a user gives as a video: a folder of images, or a video file."""

from __future__ import annotations

import os
from pathlib import Path

from mebench.errors import UserError
from mebench.frames.folders import FolderFrames
from mebench.frames.names import printable
from mebench.frames.videos import VideoFrames
from mebench.schema.files import kind_of


def open_frames(path: Path | str) -> FolderFrames | VideoFrames:
    """Open a stranger's folder of images or video file.

    Raises
    ------
    UserError : when there is nothing of that name, or neither a file nor a folder.
    """
    path = Path(path)
    if path.is_dir():
        return FolderFrames(path, first=None)
    if path.is_file():
        return VideoFrames(path)
    raise UserError(_neither(path))


def _neither(path: Path) -> str:
    """Return the sentence that refuses what is neither a file nor a folder."""
    name = printable(str(path))
    try:
        return f"{name} is {kind_of(path)} and not a file: write the video to a file, and give that."
    except OSError:
        pass
    if path.is_symlink():
        return f"{name} is a link to {printable(os.readlink(path))}, which does not exist: give what it should lead to."
    return f"There is neither a folder nor a video at {name}: check the path."
