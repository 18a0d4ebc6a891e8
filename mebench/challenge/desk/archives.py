"""Accepted submissions as they came, kept for the organisers alone so that they can be graded again.

Conventions
-----------
`organiser/archives/SHA256/NAME` is a folder, an archive or a table; the digest is that of the receipt. A copy appears
whole or not at all, and before the receipt does, so whatever was accepted is kept. Teams that sent the same bytes under
the same name share one.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from mebench.challenge.desk.database import check_way
from mebench.challenge.desk.modes import close_folder
from mebench.challenge.reading.inventory import digest_of_submission
from mebench.errors import UserError
from mebench.schema.files import PRIVATE, make_folder

FOLDER = "organiser/archives"


def keep(folder: Path, copy: Path, digest: str) -> None:
    """Move a copy that was graded to where accepted submissions are kept; one that is there already stays.

    Parameters
    ----------
    folder : of the challenge.
    copy : below the challenge's `.work`, so on the same disk.
    digest : sha256 of the submission before anybody read the copy.

    Raises
    ------
    RuntimeError : when the copy was changed meanwhile, which only a reader that was taken over does.
    UserError : when it cannot be kept.
    """
    place = folder / FOLDER / digest
    if find(folder, digest, copy.name) is not None:
        return
    if digest_of_submission(copy) != digest:
        raise RuntimeError("the copy of the submission was changed while it was read: look at what was sent")
    check_way(folder, f"{FOLDER}/{digest}/x")
    try:
        make_folder(place, PRIVATE)
        _close(copy)
        _write_through(copy)
        _make_room(place / copy.name)
        copy.rename(place / copy.name)
    except OSError as error:
        # Another grader may have kept the same bytes meanwhile.
        if find(folder, digest, copy.name) is None:
            raise UserError(f"{place} cannot be written ({error.strerror}): free some space there.") from error


def find(folder: Path, digest: str, name: str = "") -> Path | None:
    """Return the kept submission of a digest, or None where there is no sound one.

    Parameters
    ----------
    folder : of the challenge.
    digest : of the submission.
    name : that it had, where it is known; the first one of them all otherwise.
    """
    place = folder / FOLDER / digest
    try:
        names = sorted(os.listdir(place))
    except OSError:
        return None
    wanted = [name] if name else names
    return next((place / n for n in wanted if n in names and _is_sound(place / n, digest)), None)


def is_damaged(folder: Path, digest: str) -> bool:
    """Tell whether something is kept under a digest that is not what was sent."""
    place = folder / FOLDER / digest
    return place.is_dir() and any(place.iterdir()) and find(folder, digest) is None


def _is_sound(path: Path, digest: str) -> bool:
    try:
        return digest_of_submission(path) == digest
    except (OSError, UserError):
        return False


def _close(path: Path) -> None:
    """Close a copy to others; the reading process, which may have had an account of its own, was its owner."""
    for own in [path, *path.rglob("*")]:
        os.chown(own, os.geteuid(), os.getegid(), follow_symlinks=False)
    if path.is_dir():
        close_folder(path)
    else:
        path.chmod(PRIVATE)


def _make_room(path: Path) -> None:
    """Take a damaged copy out of the way of a sound one."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)


def _write_through(path: Path) -> None:
    """Make sure that the files are on the disk before the receipt that promises them is."""
    for file in [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file()):
        with file.open("rb") as content:
            os.fsync(content.fileno())
