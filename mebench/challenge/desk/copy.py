"""A private copy of a submission, so that what is hashed is what is graded.

Conventions
-----------
Copies lie under `.work/`, one folder per grader, whose name tells who made it; those of dead graders are swept.
"""

from __future__ import annotations

import contextlib
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from mebench.challenge.desk.processes import Holder, machine, start_of, this_holder
from mebench.challenge.safety.copies import copy_name, copy_submission
from mebench.challenge.safety.limits import SubmissionLimits
from mebench.errors import UserError

WORK = ".work"
SWEEP_SECONDS = 24 * 3600.0
"""Copies older than this are swept, whoever made them."""


@contextlib.contextmanager
def snapshot(path: Path, folder: Path, limits: SubmissionLimits | None = None) -> Iterator[Path]:
    """Yield a copy of a submission that nobody else changes, and remove it in the end.

    Parameters
    ----------
    path : a file or a folder.
    folder : of the challenge.
    limits : what is larger is not copied.

    Raises
    ------
    UserError : when there is no such submission, or no copy can be written.
    """
    place = folder / WORK / f"{this_holder()}-{secrets.token_hex(4)}"
    copy = place / "copy" / copy_name(path)
    try:
        _make(copy.parent)
        copy_submission(path, copy, limits or SubmissionLimits())
        yield copy
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise UserError(f"{folder} cannot be made ({error.strerror}): free some space, or mend the rights.") from error


def sweep(folder: Path, now: float) -> None:
    """Remove what dead graders of this machine left behind, and what is older than a day.

    Parameters
    ----------
    folder : of the challenge.
    now : seconds since the epoch.
    """
    living = str(this_holder())
    for place in (folder / WORK).glob("*-*-*-*"):
        with contextlib.suppress(OSError):
            is_old = now - place.stat().st_mtime > SWEEP_SECONDS
            if not place.name.startswith(living) and (is_old or _is_orphan(place.name)):
                shutil.rmtree(place, ignore_errors=True)


def _is_orphan(name: str) -> bool:
    where, pid, *_ = name.split("-")
    if where != machine() or not pid.isdigit():
        return False
    started = start_of(int(pid))
    return started is None or not name.startswith(str(Holder(where, int(pid), started)))
