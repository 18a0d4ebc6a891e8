"""The store of prepared frames and small arrays, shared by all runs and processes of a user.

Conventions
-----------
An entry is addressed by the digest of what it is made from (`content.py`) and how; `entries.py` says how it lies on
disk. Every entry is read and compared with its checksums once in each process before it is believed, and mapped only
then; one that is damaged is told in one line and made again. One process at a time makes an entry, others wait for it.
What is in use by a running process is never removed; when the store is larger than its limit, what was not used for
longest goes first.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from io import BufferedWriter
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.frames import in_use, usage
from mebench.frames.content import KnownContent, content_of
from mebench.frames.entries import (
    ARRAY,
    FRAMES,
    HEADER,
    LOCK,
    About,
    Damaged,
    Header,
    Signature,
    array_bytes,
    array_of,
    array_suffix,
    check_entry,
    discard,
    path_of,
    read_array_file,
    read_header,
    signature,
)
from mebench.frames.sealed import sealed
from mebench.frames.stored import StoredFrames
from mebench.frames.writing import TEMPORARY, locked, writing
from mebench.schema.video import FrameSource

T = TypeVar("T")
Write = Callable[[NDArray[np.uint8]], None]
Make = Callable[[Write], Mapping[str, NDArray[Any]]]
"""Hands all frames over in order, (n, height, width) or (n, height, width, 3), and returns the arrays beside them."""

_LOG = logging.getLogger("mebench")
_VERIFIED: dict[tuple[Path, str], Signature] = {}


class FrameStore:
    """Prepared frames and arrays by content, made on first use.

    Parameters
    ----------
    root : folder of the store, made when needed; default `usage.default_root()`.
    limit : bytes that it may take, None for no limit; default $MEBENCH_CACHE_SIZE.

    Raises
    ------
    UserError : when $MEBENCH_CACHE_SIZE is no size.
    """

    def __init__(self, root: Path | None = None, *, limit: int | None = None) -> None:
        self.root = Path(os.path.abspath(root or usage.default_root()))
        self.limit = limit if limit is not None else usage.limit_from_environment()
        self.known = KnownContent(self.root)

    def content(self, source: FrameSource, *, fresh: bool = False) -> str:
        """Return the digest of what a source's frames are; see `content_of`."""
        return content_of(source, self.known, fresh=fresh)

    def frames(self, key: str, about: About, source: FrameSource, make: Make) -> StoredFrames:
        """Return the frames of an entry; when there are none, one process makes them while others wait.

        Parameters
        ----------
        key : address; a digest of the source's content and of everything else that the frames depend on.
        about : what it is, for messages and lists.
        source : what the frames are made from; must not change meanwhile.
        make : makes them.

        Raises
        ------
        UserError : when the source changes while it is read, or the disk is full or cannot be written.
        """
        in_use.use(self.root, key)
        with contextlib.suppress(Damaged):
            if (found := self._open(key)) is not None:
                return found
        with self._locked(key):
            found = self._mended(key, lambda: self._open(key), about)
            if found is None:
                found = self._make(key, about, source, make)
        usage.hold_limit(self.root, self.limit)
        return found

    def _open(self, key: str) -> StoredFrames | None:
        """Return an entry whose checksums were compared by this process, None when there is none."""
        header = read_header(self.root, key)
        if header is None:
            return None
        now = signature(self.root, header)
        if _VERIFIED.get((self.root, key)) != now:
            check_entry(self.root, header)
            _VERIFIED[self.root, key] = now
            self._touch(key)
        return StoredFrames(path_of(self.root, key, FRAMES), header.shape, key)

    def _touch(self, key: str) -> None:
        """Note the time of use; a cache that cannot be written has no need of it."""
        with contextlib.suppress(OSError):
            path = path_of(self.root, key, LOCK)
            path.touch()
            os.utime(path)

    def _make(self, key: str, about: About, source: FrameSource, make: Make) -> StoredFrames:
        before = self.content(source)
        with self._writing(key, FRAMES) as file:
            pixels = _Pixels(file)
            arrays = make(pixels.write)
            if self.content(source, fresh=True) != before:
                raise UserError(
                    f"Files of {about.video or 'the video'} changed while its frames were read: wait until nobody "
                    "writes there, and run the same command again."
                )
        checksums = {name: self._store_array(key, name, array) for name, array in arrays.items()}
        header = Header(key, about, pixels.shape, pixels.checksum.hexdigest(), checksums)
        with self._writing(key, HEADER) as file:
            file.write(sealed(header.plain()))
        _VERIFIED[self.root, key] = signature(self.root, header)
        self._touch(key)
        return StoredFrames(path_of(self.root, key, FRAMES), header.shape, key)

    # -- arrays ---------------------------------------------------------------------------------------------------

    def store_array(self, key: str, name: str, array: NDArray[Any]) -> None:
        """Keep a small array under a key and a name, atomically.

        Raises
        ------
        UserError : when the disk is full or the folder cannot be written.
        """
        in_use.use(self.root, key)
        self._store_array(key, name, array)

    def _store_array(self, key: str, name: str, array: NDArray[Any]) -> str:
        content = array_bytes(key, name, array)
        with self._writing(key, array_suffix(name)) as file:
            file.write(content)
        return hashlib.sha256(content).hexdigest()

    def load_array(self, key: str, name: str) -> NDArray[Any] | None:
        """Return a stored array, None when there is none; one that is damaged is told and removed."""
        in_use.use(self.root, key)
        return self._mended(key, lambda: self._load_array(key, name), About(f"the array {name}"), array_suffix(name))

    def _load_array(self, key: str, name: str) -> NDArray[Any] | None:
        content = read_array_file(self.root, key, name)
        return None if content is None else array_of(content, name)

    def array(self, key: str, name: str, make: Callable[[], NDArray[Any]]) -> NDArray[Any]:
        """Return a stored array; when there is none, one process makes and stores it while others wait.

        Raises
        ------
        UserError : when the disk is full or the folder cannot be written.
        """
        found = self.load_array(key, name)
        if found is not None:
            return found
        with self._locked(f"{key}.{name}"):
            found = self.load_array(key, name)
            if found is None:
                found = make()
                self.store_array(key, name, found)
        return found

    # -- damage, locks, errors ------------------------------------------------------------------------------------

    def _mended(self, key: str, read: Callable[[], T | None], about: About, *suffixes: str) -> T | None:
        """Return what is there; when it is damaged, say so, remove it and return None."""
        try:
            return read()
        except Damaged as damage:
            _LOG.warning("The cached entry %s (%s) is damaged: %s; it is made again.", key[:12], about, damage)
        for suffix in suffixes or (HEADER, FRAMES):
            path = path_of(self.root, key, suffix)
            try:
                discard(path)
            except OSError as error:
                raise self._explain(error, path) from error
        return None

    def verify(self, *, remove: bool = False) -> list[str]:
        """Read every entry and compare it with its checksums.

        Parameters
        ----------
        remove : also delete what is damaged, so that it is made anew when it is needed.

        Returns
        -------
        The names of damaged files.
        """
        damaged = []
        for path in sorted(self.root.glob(f"??/*{FRAMES}")):
            if self._is_damaged(path.stem):
                damaged.append(path)
        for path in sorted(self.root.glob(f"??/*{ARRAY}")):
            key, _, name = path.name.removesuffix(ARRAY).partition(".")
            with contextlib.suppress(Damaged):
                if read_array_file(self.root, key, name) is not None:
                    continue
            damaged.append(path)
        for path in damaged if remove else ():
            discard(path)
            if path.suffix == FRAMES:
                discard(path.with_suffix(HEADER))
        return [path.name for path in damaged]

    def _is_damaged(self, key: str) -> bool:
        try:
            header = read_header(self.root, key)
            if header is not None:
                check_entry(self.root, header)
        except Damaged:
            return True
        return False

    @contextlib.contextmanager
    def _locked(self, name: str) -> Iterator[None]:
        """Hold the lock of an entry or array; what a crashed holder left half-written is removed."""
        path = path_of(self.root, name, LOCK)
        with contextlib.ExitStack() as stack:
            try:
                self._mend_folder(path.parent)
                if path.is_dir() or path.is_symlink():
                    discard(path)
                stack.enter_context(locked(path))
                for stale in path.parent.glob(f"{name}*{TEMPORARY}"):
                    discard(stale)
            except OSError as error:
                raise self._explain(error, path) from error
            yield

    def _mend_folder(self, folder: Path) -> None:
        """Remove a file that lies where a folder of entries should be."""
        if os.path.lexists(folder) and not folder.is_dir():
            _LOG.warning("%s is not a folder of the frame cache: it is removed and made again.", folder)
            folder.unlink()

    @contextlib.contextmanager
    def _writing(self, key: str, suffix: str) -> Iterator[BufferedWriter]:
        path = path_of(self.root, key, suffix)
        try:
            if path.is_dir() and not path.is_symlink():
                discard(path)
            with writing(path) as file:
                yield file
        except OSError as error:
            if error.filename is not None and not str(error.filename).startswith(str(self.root)):
                raise  # a file that the caller was reading
            raise self._explain(error, path) from error

    def _explain(self, error: OSError, path: Path) -> UserError:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return UserError(f"The disk of the frame cache {self.root} is full: free space or set MEBENCH_CACHE.")
        return UserError(
            f"The frame cache cannot write {path} ({error.strerror}): set MEBENCH_CACHE to a writable folder."
        )

    def check_root(self) -> None:
        """Refuse a root that can neither be read nor made, before any work is begun.

        Raises
        ------
        UserError : when there is something else of that name, or it cannot be made.
        """
        try:
            self.root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._explain(error, self.root) from error


class _Pixels:
    """Writes frames and keeps count, shape and checksum."""

    def __init__(self, file: BufferedWriter) -> None:
        self._file = file
        self._frame: tuple[int, ...] = (0, 0)
        self._count = 0
        self.checksum = hashlib.sha256()

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of all that was written."""
        return (self._count, *self._frame)

    def write(self, frames: NDArray[np.uint8]) -> None:
        """Append frames.

        Raises
        ------
        ValueError : for frames of another size than those before.
        """
        if self._count and frames.shape[1:] != self._frame:
            raise ValueError(f"frames of shape {frames.shape[1:]} follow frames of {self._frame}")
        if frames.dtype != np.uint8 or frames.ndim not in (3, 4):
            raise ValueError(f"frames must be uint8 of 3 or 4 dimensions, not {frames.dtype} of {frames.ndim}")
        self._frame = frames.shape[1:]
        self._count += len(frames)
        data = np.ascontiguousarray(frames).data
        self._file.write(data)
        self.checksum.update(data)
