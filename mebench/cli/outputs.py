"""Where the files go that a verb is asked to write: never over what it reads, and never in place of a device.

Conventions
-----------
An older result is replaced, as is an empty file; what is plainly something else is not, for a name that was mistyped
would cost a file of the user's.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from mebench.errors import UserError
from mebench.schema.files import kind_of, read_bounded, require_writable

RESULTS = (b'"fingerprint"', b'"false_positives"')
"""What scorecards and error analyses hold, and hardly another file."""

PAGES = (b'"eyebrow">mebench ',)
"""What the pages of mebench hold."""


def output_file(
    path: str | Path, inputs: Sequence[Path], option: str = "--output", marks: Sequence[bytes] = RESULTS
) -> Path:
    """Return where an output is written, which is behind a link when its name is one.

    Parameters
    ----------
    path : the name that was given.
    inputs : files and folders that the command reads.
    option : that the name was given with, for messages.
    marks : what an older result holds, one of these; a file without is another.

    Raises
    ------
    UserError : when something other than a file or an older result lies there, or it is an input or inside of one.
    """
    if str(path) in ("", "-", "."):
        raise UserError(f"{str(path)!r} is no name of a file: give one with {option}.")
    target = Path(os.path.realpath(path))
    if target.exists() and (kind := kind_of(target)) != "a file":
        raise UserError(f"{path} is {kind} and not a file: give the name of a new file with {option}.")
    for place in inputs:
        if _is_or_holds(place, target):
            where = f"lies in {place}, which is" if place.is_dir() else f"is {place}, which is"
            said = "is" if Path(path) == place else where
            raise UserError(f"{path} {said} read by this command: give another name with {option}.")
    if target.exists() and not _is_older(target, marks):
        raise UserError(f"{path} is a file of another kind: remove it, or give another name with {option}.")
    return target


def _is_older(target: Path, marks: Sequence[bytes]) -> bool:
    """Tell whether a file is an older result, or empty, as one that a script has made beforehand."""
    try:
        content = read_bounded(target)
    except OSError:
        return False
    return not content.strip() or any(mark in content for mark in marks)


def require_place(folder: Path, inputs: Sequence[Path], option: str = "--out") -> None:
    """See that files can be written into a folder, which is not made yet, before work is begun that ends in them.

    Parameters
    ----------
    folder : where they go.
    inputs, option : as in `output_file`.

    Raises
    ------
    UserError : when they cannot be written, or the folder is an input or inside of one.
    """
    target = Path(os.path.realpath(folder))
    for place in inputs:
        if place.is_dir() and Path(os.path.realpath(place)) in (target, *target.parents):
            raise UserError(f"{folder} lies in {place}, which this command reads: give another folder with {option}.")
    existing = next(place for place in (target, *target.parents) if os.path.lexists(place))
    if existing == target and not target.is_dir():
        raise UserError(f"{folder} is no folder: give the name of one with {option}.")
    require_writable(existing)


def _is_or_holds(place: Path, target: Path) -> bool:
    if place.is_dir():
        return Path(os.path.realpath(place)) in target.parents
    return place.exists() and (place.samefile(target) if target.exists() else False)
