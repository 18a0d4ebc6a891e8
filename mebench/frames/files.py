"""Opening whatever a user gives as a video: a folder of images, or a video file."""

from __future__ import annotations

from pathlib import Path

from mebench.errors import UserError
from mebench.frames.folders import FolderFrames
from mebench.frames.videos import VideoFrames


def open_frames(path: Path | str) -> FolderFrames | VideoFrames:
    """Open a stranger's folder of images or video file.

    Raises
    ------
    UserError : when there is nothing of that name.
    """
    path = Path(path)
    if path.is_dir():
        return FolderFrames(path, first=None)
    if path.is_file():
        return VideoFrames(path)
    raise UserError(f"There is neither a folder nor a video at {path}: check the path.")
