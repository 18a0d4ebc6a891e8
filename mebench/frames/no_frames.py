"""What to give instead of a folder that holds no frames."""

from __future__ import annotations

import os
from pathlib import Path

from mebench.frames.names import printable
from mebench.frames.no_video import IMAGE_SUFFIXES

_OTHER_PICTURES = frozenset(
    {".tif", ".tiff", ".webp", ".gif", ".heic", ".heif", ".avif", ".jp2", ".ppm", ".pgm", ".dng"}
)
_VIDEOS = frozenset(
    {".mp4", ".m4v", ".mov", ".avi", ".mkv", ".webm", ".mpg", ".mpeg", ".ts", ".mts", ".m2ts", ".wmv", ".flv", ".3gp"}
)


def instead_of_frames(folder: Path) -> str:
    """Return what a user should give or do, as the end of a sentence.

    Raises
    ------
    OSError : when the folder cannot be listed.
    """
    names = sorted(name for name in os.listdir(folder) if not name.startswith("."))
    place = printable(str(folder))
    if videos := _of(names, _VIDEOS):
        return f"give its videos, such as {place}/{printable(videos[0])}"
    if others := _of(names, _OTHER_PICTURES):
        return f"pictures such as {printable(others[0])} are not read, so convert them"
    if pictures := _of(names, IMAGE_SUFFIXES):
        return f"number its pictures in their order, {printable(pictures[0])} as 00001 and so on"
    if inner := [name for name in names if (folder / name).is_dir()]:
        return f"give a folder with frames, perhaps {place}/{printable(inner[0])}"
    return "give a folder with frames"


def _of(names: list[str], suffixes: frozenset[str]) -> list[str]:
    return [name for name in names if os.path.splitext(name)[1].lower() in suffixes]
