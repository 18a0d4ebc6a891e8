"""A private copy of a submission, so that what is hashed is what is graded.

Conventions
-----------
Links, pipes and devices are never opened: a dangling link takes their place, which the reader then refuses. Copies lie
under `.work/`, one folder per grader, whose name tells who made it; those of dead graders are swept.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from mebench.challenge.kit.holders import Holder, machine, start_of, this_holder
from mebench.challenge.limits import SubmissionLimits
from mebench.errors import UserError

WORK = ".work"
SWEEP_SECONDS = 24 * 3600.0
"""Copies older than this are swept, whoever made them."""

_CHUNK = 1 << 20


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
    UserError : when there is no such submission, it cannot be read, or it is larger than any honest one.
    """
    limits = limits or SubmissionLimits()
    place = folder / WORK / f"{this_holder()}-{secrets.token_hex(4)}"
    # The copy keeps its name, which messages quote and formats are told by.
    copy = place / "copy" / (path.name or "submission")
    copy.parent.mkdir(parents=True)
    try:
        try:
            _copy(path, copy, limits)
        except OSError as error:
            raise UserError(f"{path} cannot be read ({error.strerror}): check the name of the submission.") from error
        yield copy
    finally:
        shutil.rmtree(place, ignore_errors=True)


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


def _copy(source: Path, target: Path, limits: SubmissionLimits) -> None:
    # The name that the user gave may be a link of the organiser's own; those inside a submission may not.
    if not source.is_dir():
        longest = max(limits.file_bytes, limits.archive.archive_bytes)
        if not stat.S_ISREG(source.stat().st_mode):
            raise UserError(f"{source} is no plain file: give a folder, a zip archive or a table.")
        _copy_file(source.resolve(), target, longest)
        return
    target.mkdir()
    files, budget = 0, limits.total_bytes + limits.manifest_bytes
    for place, folders, names in os.walk(source):
        here = target / Path(place).relative_to(source)
        links = [name for name in folders if (Path(place) / name).is_symlink()]
        for name in set(folders) - set(links):
            (here / name).mkdir()
        for name in names + links:
            files += 1
            if files > limits.files + 1:
                # One more than allowed is copied, so that the reader refuses it in its own words.
                return
            budget -= _copy_entry(Path(place) / name, here / name, min(limits.file_bytes, budget))


def _copy_entry(source: Path, target: Path, longest: int) -> int:
    if not stat.S_ISREG(source.lstat().st_mode):
        target.symlink_to("no-plain-file")
        return 0
    return _copy_file(source, target, longest)


def _copy_file(source: Path, target: Path, longest: int) -> int:
    """Copy at most one byte more than allowed, which the reader then refuses, and return the number of bytes."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    left = max(longest, 0) + 1
    with open(os.open(source, flags), "rb") as file, target.open("xb") as out:
        while left > 0 and (chunk := file.read(min(_CHUNK, left))):
            left -= len(chunk)
            out.write(chunk)
    return max(longest, 0) + 1 - left
