"""Where the results of each video go: never over those of another one.

Conventions
-----------
A folder of results holds `spotting.json`, which names the content of the video. A folder without it, or with that of
another content, belongs to somebody else.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from mebench.apply.record import read_record
from mebench.errors import UserError
from mebench.schema.files import require_writable

DEFAULT_OUT = Path("spotted")


class Places:
    """Gives every video of one call a folder of its own.

    Parameters
    ----------
    out : folder of the results of a single video, or the folder that holds one folder for each of several; by default
        `spotted/NAME`.
    several : whether there are several videos.
    """

    def __init__(self, out: Path | None, *, several: bool) -> None:
        self._single = out if out is not None and not several else None
        self._parent = out if out is not None else DEFAULT_OUT
        self._given: set[Path] = set()

    def require_writable(self) -> None:
        """See that results can be written before any work is done.

        Raises
        ------
        UserError : when they cannot.
        """
        require_writable(self._single or self._parent)

    def folder(self, name: str, content: str) -> Path:
        """Return the folder for the results of a video.

        Parameters
        ----------
        name : what the video is called.
        content : digest of what its frames are.

        Raises
        ------
        UserError : when the folder that was asked for holds something else.
        """
        if self._single is not None:
            if not _free_for(self._single, content):
                raise UserError(
                    f"{self._single} holds results of another video, or something else: give another --out, or remove "
                    "that folder."
                )
            return self._single
        number = 1
        while True:
            folder = self._parent / (name if number == 1 else f"{name}-{number}")
            if folder not in self._given and _free_for(folder, content):
                self._given.add(folder)
                return folder
            number += 1


def _free_for(folder: Path, content: str) -> bool:
    """Return whether results of this content may go to a folder: it is not there, is empty, or holds older ones."""
    if not folder.is_dir():
        return not os.path.lexists(folder)
    record = read_record(folder)
    return record.video.content == content if record is not None else not any(folder.iterdir())


def without_repeats(paths: Sequence[Path]) -> list[Path]:
    """Return paths in order, those that mean the same file or folder once."""
    seen: dict[Path, Path] = {}
    for path in paths:
        seen.setdefault(path.resolve(), path)
    return list(seen.values())
