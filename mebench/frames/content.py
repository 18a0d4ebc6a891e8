"""What files hold, told by their content: the digests that address prepared frames and that runs keep.

Conventions
-----------
A digest covers every byte of every file, so that frames which were replaced under the same name, size and time of
modification are other frames, and a copy of a dataset elsewhere is the same one. Reading all bytes costs a twentieth of
decoding them; it is done once: a *record* keeps the digest beside a signature of the files, which is name, size, times
of modification and of change, inode and device of each. The system sets the time of change itself, whatever `touch`,
`tar` or `cp -p` do to the other one. A record is believed when the signature is the same and no file had changed within
`YOUNG` before it was read: a clock that ticks slowly could hide a second change.

Records are `content/<2 digits>/<sha256 of the path>.known` in the folder of the frame cache, one for each folder of
frames or video file, sealed with a checksum. A record that is damaged is made again. What else takes long to find out
of a file, such as the time stamps of a video, is kept in the same way.
"""

from __future__ import annotations

import abc
import hashlib
import os
import stat
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from mebench.errors import UserError
from mebench.frames.sealed import SealBroken, read_sealed, sealed
from mebench.frames.writing import writing
from mebench.schema.recordings import FrameSource
from mebench.settings import digest_of

RECORDS, SUFFIX = "content", ".known"
YOUNG = 2_000_000_000
"""Nanoseconds for which a file may change again without a sign of it."""

Progress = Callable[[int, int], None]


@runtime_checkable
class ReadsFiles(Protocol):
    """A source whose frames lie in files, which may change while it is open."""

    def content(
        self, known: KnownContent | None = None, *, fresh: bool = False, progress: Progress | None = None
    ) -> str:
        """Return the digest of the files; see `content_of`."""
        ...


class FromFiles(abc.ABC):
    """A source of frames that lie in files: its digest is that of their content, read when first asked for."""

    _content: str | None = None

    @property
    def digest(self) -> str:
        """Hex digest of the name and content of every file, and of how frames follow from them."""
        return self.content()

    def content(
        self, known: KnownContent | None = None, *, fresh: bool = False, progress: Progress | None = None
    ) -> str:
        """Return `digest`, reading no file whose content is known; see `content_of`."""
        if self._content is None or fresh:
            self._content = self._read_content(known, progress)
        return self._content

    @abc.abstractmethod
    def _read_content(self, known: KnownContent | None, progress: Progress | None) -> str:
        """Return the digest of the files as they are now."""


def content_of(
    source: FrameSource, known: KnownContent | None = None, *, fresh: bool = False, progress: Progress | None = None
) -> str:
    """Return the digest of what a source's frames are.

    Parameters
    ----------
    source : the frames.
    known : digests of files that were read before, to read only what is new.
    fresh : look at the files again; else what this source has said before holds.
    progress : called with (files read, files in all) while files are read.

    Raises
    ------
    UserError : when a file is missing or cannot be read.
    """
    if isinstance(source, ReadsFiles):
        return source.content(known, fresh=fresh, progress=progress)
    return source.digest


class KnownContent:
    """Digests of files, each of which is read once.

    Parameters
    ----------
    root : folder of the frame cache.
    """

    def __init__(self, root: Path) -> None:
        self._folder = root / RECORDS

    def digest(self, place: Path, files: Sequence[Path], progress: Progress | None = None) -> str:
        """Return the digest of the names and contents of files.

        Parameters
        ----------
        place : the folder or file under whose path the digest is remembered.
        files : the files, in an order that does not change.

        Raises
        ------
        UserError : when a file is missing or cannot be read.
        """
        found = self.kept(place, files, "content", lambda: {"content": digest_of_files(files, progress)})
        return str(found["content"])

    def kept(
        self, place: Path, files: Sequence[Path], what: str, make: Callable[[], dict[str, Any]]
    ) -> Mapping[str, Any]:
        """Return what was found out about files before while they are the same; else find it out and remember it.

        Parameters
        ----------
        place, files : as in `digest`.
        what : name of what is found out, and the key of its record.
        make : finds it out; plain JSON.

        Raises
        ------
        UserError : when a file is missing or cannot be read.
        """
        signature, newest = _signature(files)
        path = self._record(place, what)
        if (found := _remembered(path, signature, what)) is not None:
            return found
        read_at = time.time_ns()
        made = make()
        if newest < read_at - YOUNG:
            _remember(path, {"place": ascii(str(place)), "signature": signature, **made})
        return made

    def _record(self, place: Path, what: str) -> Path:
        key = os.path.abspath(place) + ("" if what == "content" else f"\0{what}")
        name = hashlib.sha256(key.encode(errors="surrogateescape")).hexdigest()
        return self._folder / name[:2] / f"{name}{SUFFIX}"


def digest_of_files(files: Sequence[Path], progress: Progress | None = None) -> str:
    """Return the digest of the names and contents of files, reading all of them.

    Raises
    ------
    UserError : when a file is missing or cannot be read.
    """
    total = hashlib.sha256()
    for done, path in enumerate(files, 1):
        try:
            with path.open("rb") as file:
                content = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise _unreadable(path, error) from error
        total.update(digest_of(path.name, content).encode())
        if progress is not None:
            progress(done, len(files))
    return total.hexdigest()


def _signature(files: Sequence[Path]) -> tuple[str, int]:
    """Return a digest of what the system says about files, and when the newest of them was changed."""
    rows, newest = [], 0
    for path in files:
        try:
            found = os.stat(path)
        except OSError as error:
            raise _unreadable(path, error) from error
        if not stat.S_ISREG(found.st_mode):
            raise UserError(f"{path} is not a file: replace it by the frame, or remove it.")
        newest = max(newest, found.st_ctime_ns)
        rows.append(
            [path.name, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_dev],
        )
    return digest_of(rows), newest


def _remembered(path: Path, signature: str, what: str) -> dict[str, Any] | None:
    try:
        record = read_sealed(path)
    except (OSError, SealBroken):
        return None
    return record if record.get("signature") == signature and what in record else None


def _remember(path: Path, record: Mapping[str, Any]) -> None:
    """Keep a record; where the folder cannot be written, the files are read again the next time."""
    try:
        with writing(path, durable=False) as file:
            file.write(sealed(record))
    except OSError:
        return


def _unreadable(path: Path, error: OSError) -> UserError:
    if isinstance(error, FileNotFoundError):
        return UserError(f"The file {path} is gone: put it back, and run the same command again.")
    return UserError(f"The file {path} cannot be read ({error.strerror}): restore it or change its permissions.")
