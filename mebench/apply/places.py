"""Where the results of each video go: never over those of another one.

Conventions
-----------
A folder of results holds `spotting.json`, which names the content of the video. A folder without it, or with that of
another content, belongs to somebody else. New results are made beside their place and moved there in one step, so that
of two processes none writes into the folder of the other.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from mebench.apply.record import RECORD, read_record
from mebench.errors import UserError
from mebench.frames.names import printable
from mebench.schema.files import advice, require_writable

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
        whole = out.resolve() if out is not None and out.name in ("", "..") else out
        self._single = whole if not several else None
        self._parent = out if out is not None else DEFAULT_OUT
        self._given: set[Path] = set()
        self.placed, self.moved = Path(), ""

    def require_writable(self) -> None:
        """See that results can be written before any work is done.

        Raises
        ------
        UserError : when they cannot.
        """
        require_writable(self._parent if self._single is None else self._single.parent)
        if self._single is not None and self._single.is_dir():
            require_writable(self._single)

    def find(self, name: str, content: str) -> Path | None:
        """Return the folder that holds older results of a video; None when there is none.

        Parameters
        ----------
        name : what the video's folder is called.
        content : digest of what its frames are.

        Raises
        ------
        UserError : when the folder that was asked for holds something else.
        """
        for folder in self._candidates(name):
            if _holds(folder, content):
                self._given.add(folder)
                return folder
            if _is_free(folder):
                return None
            if self._single is not None:
                raise UserError(f"{printable(str(folder))} holds something else already: give another --out.")
        return None

    @contextlib.contextmanager
    def new(self, name: str) -> Iterator[Path]:
        """Yield an empty folder for the results of a video, which is moved to its place when the block ends well.

        Where it went is told by `placed`; `moved` says so in a sentence where it is not what was asked for.

        Raises
        ------
        UserError : when it cannot be made or moved.
        """
        parent = self._parent if self._single is None else self._single.parent
        making = parent / f".spotting.{os.getpid()}.{secrets.token_hex(4)}"
        require_writable(parent)
        try:
            making.mkdir()
            yield making
            self.placed = self._moved(making, name)
            asked = self._single
            self.moved = (
                ""
                if asked in (None, self.placed)
                else (
                    f"another process took {printable(str(asked))} meanwhile, so the results are in {self.placed.name}"
                )
            )
        except OSError as error:
            raise UserError(f"{printable(str(parent))} cannot be written {advice(error)}.") from error
        finally:
            shutil.rmtree(making, ignore_errors=True)

    def _moved(self, making: Path, name: str) -> Path:
        """Move a finished folder to the first place that nobody has, and return it."""
        for folder in self._candidates(name):
            # A folder replaces an empty one, and nothing else.
            with contextlib.suppress(OSError):
                if folder.is_dir() and folder.samefile(Path.cwd()) and _is_free(folder):
                    _move_files(making, folder)  # whoever stands in a folder would be left in one that is gone
                else:
                    os.rename(making, folder)
                self._given.add(folder)
                return folder
        raise AssertionError("there is always another number")

    def _candidates(self, name: str) -> Iterator[Path]:
        """Yield the places that a video may have, the best one first."""
        first = self._single or self._parent / name
        number = 1
        while True:
            folder = first if number == 1 else first.with_name(f"{first.name}-{number}")
            if folder not in self._given:
                yield folder
            number += 1


def _move_files(making: Path, folder: Path) -> None:
    for path in sorted(making.iterdir(), key=lambda path: path.name == RECORD):
        os.rename(path, folder / path.name)


def _holds(folder: Path, content: str) -> bool:
    record = read_record(folder)
    return record is not None and record.video.content == content


def _is_free(folder: Path) -> bool:
    """Return whether a folder is not there, or is empty."""
    if not folder.is_dir():
        return not os.path.lexists(folder)
    return not any(folder.iterdir())


def without_repeats(paths: Sequence[Path]) -> list[Path]:
    """Return paths in order, those that mean the same file or folder once."""
    seen: dict[Path, Path] = {}
    for path in paths:
        seen.setdefault(path.resolve(), path)
    return list(seen.values())
