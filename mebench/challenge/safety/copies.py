"""A copy of a submission that its sender cannot change any more.

Conventions
-----------
Nothing that is no plain file or folder is opened: a stand-in takes its place, which the reader then refuses in its own
words. Of too many files, folders, levels or bytes one more than allowed is copied, to the same end; a file that is too
large is not even read.
"""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from mebench.challenge.safety.limits import SubmissionLimits
from mebench.challenge.safety.plain_files import FOLDER, Entry, NotPlain, foreign_links, kind_of, look, stand_in, walk
from mebench.errors import UserError
from mebench.plain import plain_text

_CHUNK = 1 << 20


def copy_name(source: Path) -> str:
    """Return the name that a copy gets: the submission's own, which messages quote and formats are told by."""
    return (source.name if source.name != ".." else source.resolve().name) or "submission"


def copy_submission(source: Path, target: Path, limits: SubmissionLimits) -> None:
    """Copy a file or folder to a place where there is nothing yet.

    Parameters
    ----------
    source : what was handed in; of the way to it links are followed, but it may not be one itself.
    target : in a folder that is there.
    limits : what is larger is not copied.

    Raises
    ------
    UserError : when there is no such submission, or the copy cannot be written.
    """
    try:
        if kind_of(source) == FOLDER:
            _copy_folder(source, target, limits)
        else:
            _copy_single(source, target, limits)
    except OSError as error:
        where = plain_text(str(source))
        raise UserError(f"{where} cannot be read ({error.strerror}): check the name of the submission.") from error


def _copy_single(source: Path, target: Path, limits: SubmissionLimits) -> None:
    parent = os.open(source.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        entry = look(PurePosixPath(source.name), parent)
        _copy_file(entry, target, max(limits.file_bytes, limits.archive.archive_bytes))
        if foreign_links([entry]):
            with _writing(target):
                stand_in(target, "hard link")
    finally:
        os.close(parent)


def _copy_folder(source: Path, target: Path, limits: SubmissionLimits) -> None:
    with _writing(target):
        target.mkdir()
    entries: list[Entry] = []
    budget = limits.total_bytes
    for entry in walk(source, limits):
        place = target / entry.path
        entries.append(entry)
        if entry.kind == FOLDER:
            with _writing(target):
                place.mkdir()
        else:
            budget -= _copy_file(entry, place, min(limits.file_bytes, budget))
    for path in foreign_links(entries):
        with _writing(target):
            stand_in(target / path, "hard link")


def _copy_file(entry: Entry, target: Path, longest: int) -> int:
    """Copy one byte more than allowed at most, which the reader then refuses, and return the number of bytes."""
    try:
        with entry.open() as file:
            return _copy_open(file, target, max(longest, 0))
    except NotPlain as error:
        with _writing(target):
            stand_in(target, error.kind)
        return 0


def _copy_open(file: io.BufferedReader, target: Path, longest: int) -> int:
    before = os.fstat(file.fileno())
    with _writing(target), target.open("xb") as out:
        if before.st_size > longest:
            # What stands for it is as large as to be refused, and takes neither time nor space.
            out.truncate(longest + 1)
            return longest + 1
        # Of a file that grows as it is read no more is wanted than it said it had.
        copied = _stream(file, out, before.st_size)
    after = os.fstat(file.fileno())
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or copied != after.st_size:
        raise NotPlain("changed")
    return copied


def _stream(file: io.BufferedReader, out: BinaryIO, longest: int) -> int:
    """Copy until the end or one byte past the bound, and return the number of bytes."""
    copied = 0
    while copied <= longest and (chunk := _read(file, min(_CHUNK, longest + 1 - copied))):
        out.write(chunk)
        copied += len(chunk)
    return copied


def _read(file: io.BufferedReader, most: int) -> bytes | None:
    try:
        return file.read(most)
    except OSError as error:
        raise NotPlain("unreadable") from error


@contextlib.contextmanager
def _writing(target: Path) -> Iterator[None]:
    """Turn an error of writing into a sentence that does not blame the submission."""
    try:
        yield
    except OSError as error:
        where = plain_text(str(target.parent))
        raise UserError(f"No copy can be written to {where} ({error.strerror}): free some space there.") from error
