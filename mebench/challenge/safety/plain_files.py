"""Strangers' folders and files, opened so that nothing in them leads elsewhere, blocks, or never ends.

Conventions
-----------
Folders are opened one below the other by descriptor and links are never followed, so a folder that becomes a link
between listing and opening is refused as one. What is no plain file (a link, a pipe, a socket, a device) is told before
it is opened, and looked at again once it is open. A *stand-in* is a dangling link in a private copy whose target says
why a file was not copied.
"""

from __future__ import annotations

import dataclasses
import errno
import io
import itertools
import os
import stat
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from mebench.challenge.safety.limits import SubmissionLimits

FILE, FOLDER = "file", "folder"
NOT_PLAIN = {
    "link": "a link",
    "hard link": "a hard link to a file outside of the submission",
    "pipe": "a pipe",
    "socket": "a socket",
    "device": "a device",
    "unreadable": "one without the right to read it",
    "changed": "one that changed while it was read",
}
"""What may lie where a plain file or folder should, in the words of a report."""

_EXPECTED = {
    "link": "a plain file (put the file itself there)",
    "hard link": "a plain file (put a copy there)",
    "pipe": "a plain file (write its content to a file)",
    "device": "a plain file (write its content to a file)",
    "unreadable": "a plain file (mend its permissions)",
    "changed": "a plain file (send it again once it is complete)",
}

_STAND_IN = "refused: "
_READ = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW
_LIST = _READ | os.O_DIRECTORY


def problem_of(kind: str) -> tuple[str, str, str]:
    """Return (expected, found, kind of problem) for a key of `NOT_PLAIN`."""
    counted_as = kind if kind in ("unreadable", "changed") else "special"
    return _EXPECTED.get(kind, "a plain file"), NOT_PLAIN[kind], counted_as


class NotPlain(Exception):
    """Something that is no plain file or folder.

    Attributes
    ----------
    kind : a key of `NOT_PLAIN`.
    """

    def __init__(self, kind: str) -> None:
        super().__init__(NOT_PLAIN[kind])
        self.kind = kind


@dataclasses.dataclass(frozen=True)
class Entry:
    """Something that lies in a folder.

    Attributes
    ----------
    path : below the folder that is walked.
    kind : `file`, `folder` or a key of `NOT_PLAIN`.
    status : what the system says about it, None where it was gone again.
    parent : descriptor of the folder in which it lies, open until the next entry is asked for.
    """

    path: PurePosixPath
    kind: str
    status: os.stat_result | None
    parent: int

    def open(self) -> io.BufferedReader:
        """Open the file for reading.

        Raises
        ------
        NotPlain : when it is no plain file, may not be read, or is no longer the one that was listed.
        """
        if self.kind != FILE:
            raise NotPlain(self.kind)
        file = open_plain(self.path.name, self.parent)
        found = os.fstat(file.fileno())
        if self.status is None or (found.st_dev, found.st_ino) != (self.status.st_dev, self.status.st_ino):
            file.close()
            raise NotPlain("changed")
        return file


def kind_of(name: str | Path, parent: int | None = None) -> str:
    """Return `file`, `folder` or a key of `NOT_PLAIN` for what has a name; a link is a link, wherever it leads.

    Raises
    ------
    OSError : when there is nothing of that name, or its folder may not be looked into.
    """
    return _kind(os.stat(name, dir_fd=parent, follow_symlinks=False), name, parent)


def _kind(status: os.stat_result, name: str | Path, parent: int | None) -> str:
    mode = status.st_mode
    if stat.S_ISLNK(mode):
        return _reason(name, parent)
    kinds = {stat.S_IFREG: FILE, stat.S_IFDIR: FOLDER, stat.S_IFIFO: "pipe", stat.S_IFSOCK: "socket"}
    return kinds.get(stat.S_IFMT(mode), "device")


def _reason(name: str | Path, parent: int | None) -> str:
    """Return why a stand-in is there; `link` for any other link."""
    try:
        target = os.readlink(name, dir_fd=parent)
    except OSError:
        return "link"
    kind = target.removeprefix(_STAND_IN)
    return kind if target.startswith(_STAND_IN) and kind in NOT_PLAIN else "link"


def stand_in(place: Path, kind: str) -> None:
    """Put a stand-in where a file was not copied, or only half."""
    place.unlink(missing_ok=True)
    place.symlink_to(_STAND_IN + kind)


def open_plain(name: str, parent: int | None) -> io.BufferedReader:
    """Open a plain file of a folder that is open already; neither a pipe nor a device can make this wait.

    Raises
    ------
    NotPlain : when it is no plain file or may not be read.
    """
    try:
        if (kind := kind_of(name, parent)) != FILE:
            raise NotPlain(kind)
        descriptor = os.open(name, _READ, dir_fd=parent)
    except OSError as error:
        raise NotPlain(_swapped(error)) from error
    file: io.BufferedReader = open(descriptor, "rb")  # noqa: SIM115 - handed to the caller
    # It may have been replaced since the first look.
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        file.close()
        raise NotPlain("changed")
    return file


def open_below(root: Path, path: PurePosixPath) -> io.BufferedReader:
    """Open a plain file below a folder, one component after the other.

    Raises
    ------
    NotPlain : when it, or a folder on the way to it, is a link or anything else that is not plain.
    OSError : when `root` cannot be opened.
    """
    parent = os.open(root, _LIST & ~os.O_NOFOLLOW)
    try:
        for part in path.parts[:-1]:
            below = _open_folder(part, parent)
            os.close(parent)
            parent = below
        return open_plain(path.name, parent)
    finally:
        os.close(parent)


def _open_folder(name: str, parent: int) -> int:
    try:
        return os.open(name, _LIST, dir_fd=parent)
    except OSError as error:
        raise NotPlain(_swapped(error)) from error


def _swapped(error: OSError) -> str:
    """Return what an error on opening says about what was a plain file or folder a moment ago."""
    if error.errno in (errno.ELOOP, errno.ENOTDIR):
        return "link"
    return "changed" if error.errno in (errno.ENOENT, errno.ENXIO) else "unreadable"


def walk(folder: Path, limits: SubmissionLimits) -> Iterator[Entry]:
    """Yield everything below a folder, of each folder the files before the folders, sorted by name.

    At most one file, one folder and one level more than the limits allow is yielded: `overrun` then says so.

    Raises
    ------
    OSError : when the folder itself cannot be opened; what cannot be opened below it is an entry of its own.
    """
    descriptor = os.open(folder, _LIST)
    try:
        yield from _Walk(limits).inside(descriptor, PurePosixPath())
    finally:
        os.close(descriptor)


class _Walk:
    def __init__(self, limits: SubmissionLimits) -> None:
        self._limits = limits
        self._counts = {FILE: 0, FOLDER: 0}

    def inside(self, folder: int, here: PurePosixPath) -> Iterator[Entry]:
        """Yield what lies in an open folder."""
        found = [look(here / name, folder) for name in self._names(folder)]
        for entry in sorted(found, key=lambda entry: (entry.kind == FOLDER, entry.path.name)):
            if self._is_full():
                return
            yield from self._one(entry)

    def _names(self, folder: int) -> list[str]:
        with os.scandir(folder) as names:
            return [name.name for name in itertools.islice(names, self._limits.files + self._limits.folders + 2)]

    def _is_full(self) -> bool:
        return self._counts[FILE] > self._limits.files or self._counts[FOLDER] > self._limits.folders

    def _one(self, entry: Entry) -> Iterator[Entry]:
        self._counts[FOLDER if entry.kind == FOLDER else FILE] += 1
        if entry.kind != FOLDER:
            yield entry
            return
        try:
            below = _open_folder(entry.path.name, entry.parent)
        except NotPlain as error:
            yield dataclasses.replace(entry, kind=error.kind)
            return
        try:
            yield entry
            if len(entry.path.parts) <= self._limits.depth:
                yield from self.inside(below, entry.path)
        finally:
            os.close(below)


def look(path: PurePosixPath, parent: int) -> Entry:
    """Return what lies at the last part of a path in an open folder; nothing is opened."""
    try:
        status = os.stat(path.name, dir_fd=parent, follow_symlinks=False)
    except OSError:
        return Entry(path, "changed", None, parent)
    return Entry(path, _kind(status, path.name, parent), status, parent)


def overrun(entries: Iterable[Entry], limits: SubmissionLimits) -> list[tuple[str, str, str]]:
    """Return (expected, found, kind) for each limit on a folder as a whole that its entries exceed."""
    everything = list(entries)
    folders = [entry for entry in everything if entry.kind == FOLDER]
    deepest = max((len(entry.path.parts) for entry in folders), default=0)
    size = sum(entry.status.st_size for entry in everything if entry.kind == FILE and entry.status is not None)
    rules = (
        (len(everything) - len(folders), limits.files, "files", "too_many_files"),
        (len(folders), limits.folders, "folders", "too_many_folders"),
        (deepest, limits.depth, "folders inside each other", "too_deep"),
        (size, limits.total_bytes, "bytes", "total_size"),
    )
    return [(f"at most {most} {what}", "more", kind) for found, most, what, kind in rules if found > most]


def foreign_links(entries: Iterable[Entry]) -> set[PurePosixPath]:
    """Return the files that have a name outside of the folder as well, through which others may be read or written."""
    names: defaultdict[tuple[int, int], list[PurePosixPath]] = defaultdict(list)
    links: dict[tuple[int, int], int] = {}
    for entry in entries:
        if entry.kind == FILE and entry.status is not None and entry.status.st_nlink > 1:
            key = (entry.status.st_dev, entry.status.st_ino)
            names[key].append(entry.path)
            links[key] = entry.status.st_nlink
    return {path for key, paths in names.items() if links[key] > len(paths) for path in paths}
