"""Who may read what in the folder of a challenge, whatever the umask.

Conventions
-----------
For the organiser alone (files 600, folders 700): `challenge.toml`, which names the hidden items, `truth/`,
`organiser/`, `state.sqlite` with what SQLite lays beside it, and `.work/`. For everybody to read and for nobody else
to write: the folder itself, `receipts/`, `board.html` and the published `final/`. `submissions/` is made for the
organiser alone and is never looked at again, for other programs may fill it.
"""

from __future__ import annotations

import os
import pwd
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from mebench.challenge.safety.own_files import check_plain
from mebench.errors import UserError
from mebench.schema.files import PRIVATE, make_folder

WORK = ".work"
_SECRET = ("challenge.toml", "truth", "organiser", "state.sqlite*", "state.damaged*", WORK)
_READABLE = ("", "receipts", "board.html", "final")
"""What others may read but not write; the empty name is the folder itself."""

_OWN_FOLDERS = ("truth", "organiser", "submissions", "receipts", WORK)
"""Folders of a challenge that hold what it keeps, and nothing that is handed out."""

_OTHERS, _WRITERS = 0o077, 0o022


def close_to_others(folder: Path) -> tuple[str, ...]:
    """Take the permissions of others away where a challenge's files have too many.

    Parameters
    ----------
    folder : of the challenge.

    Returns
    -------
    What organisers must know: at most two sentences.

    Raises
    ------
    UserError : for what cannot be closed: files of another account, links out of the folder, disks without modes.
    """
    check_owner(folder)
    make_private(folder / WORK)
    read = [path for path in _secrets(folder) if _tighten(path, _OTHERS)]
    written = [folder / name for name in _READABLE if _tighten(folder / name, _WRITERS)]
    return (
        *_told(folder, read, "read", "are for this account alone now"),
        *_told(folder, written, "write to", "are for this account alone to write to now"),
    )


def require_outside(folder: Path, path: Path) -> None:
    """Refuse to write what is handed out into a folder in which the challenge keeps its own files.

    Parameters
    ----------
    folder : of the challenge.
    path : what is written.

    Raises
    ------
    UserError : when it lies in such a folder, or is one.
    """
    target = path.resolve()
    for name in _OWN_FOLDERS:
        place = (folder / name).resolve()
        if place == target or place in target.parents:
            raise UserError(f"{path} lies in {place}, where the challenge keeps its own files: write it elsewhere.")


def require_not_for_teams(folder: Path, path: Path, what: str) -> None:
    """Refuse to write what is for the organisers alone into the folder that the teams get.

    Parameters
    ----------
    folder : of the challenge.
    path : what is written.
    what : it is, in words such as `the organisers' board`.

    Raises
    ------
    UserError : when it lies in that folder, or is the folder.
    """
    teams, target = (folder / "receipts").resolve(), path.resolve()
    if teams in (target, *target.parents):
        raise UserError(f"{path} is in the folder for the teams: write {what} elsewhere.")


def check_owner(folder: Path) -> None:
    """Refuse to work in a challenge of another account: it could not open what is left behind there.

    Raises
    ------
    UserError : when the folder belongs to another account; root is no exception.
    """
    try:
        owner = folder.stat().st_uid
    except OSError as error:
        raise UserError(f"{folder} cannot be read ({error.strerror}): let its owner run the command.") from error
    if owner != (me := os.geteuid()):
        raise UserError(
            f"{folder} belongs to the account {_name_of(owner)} and this is {_name_of(me)}: let its owner run the "
            "command, for what this account would write there is closed to the owner."
        )


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"number {uid}"


def make_private(folder: Path) -> None:
    """Make a folder for this account alone; one that is there is closed to others.

    Raises
    ------
    UserError : when it cannot be made or closed.
    """
    if os.path.lexists(folder) and not folder.is_dir():
        raise UserError(f"{folder} is in the way: a folder belongs there; move it away, and repeat.")
    try:
        make_folder(folder, PRIVATE)
    except OSError as error:
        raise UserError(
            f"{folder} cannot be made ({error.strerror}): choose a place that this account may write to."
        ) from error
    _tighten(folder, _OTHERS)


def close_folder(folder: Path) -> None:
    """Close a folder and all that is in it to others.

    Raises
    ------
    UserError : for what cannot be closed.
    """
    for path in (folder, *_below(folder)):
        _tighten(path, _OTHERS)


def _secrets(folder: Path) -> Iterator[Path]:
    for pattern in _SECRET:
        for path in sorted(folder.glob(pattern)):
            yield path
            # Graders come and go in there, and nobody else may enter.
            if path.name != WORK and path.is_dir():
                yield from _below(path)


def _below(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder, onerror=_tell):
        yield from (Path(place) / name for name in (*folders, *files))


def _tell(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise UserError(f"{error.filename} cannot be read ({error.strerror}): let its owner run the command.")


def _tighten(path: Path, mask: int) -> bool:
    """Take the permissions in `mask` away and tell whether there were any."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError:
        # A grader that works beside this one has removed it, or it is a link to nothing.
        return False
    if not mode & mask:
        return False
    if path.is_symlink():
        if not path.is_dir():
            check_plain(path)
        raise UserError(
            f"{path} leads to {path.resolve()}, which others can read (mode {mode:o}): close that, or put a copy here."
        )
    try:
        path.chmod(mode & ~mask)
        if not path.stat().st_mode & mask:
            return True
        why = "this disk keeps no permissions"
    except OSError as error:
        why = str(error.strerror)
    raise UserError(
        f"{path} is open to others (mode {mode:o}) and cannot be closed ({why}): let its owner run "
        f"`chmod {mode & ~mask:o} {path}`, or move the challenge to a disk that keeps permissions."
    )


def _told(folder: Path, paths: Iterable[Path], verb: str, now: str) -> Iterator[str]:
    names = [str(path.relative_to(folder)) if path != folder else str(folder) for path in paths]
    if names:
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        yield f"Others could {verb} {', '.join(names[:3])}{more}: these {now}."
