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
import hashlib
import os
from collections.abc import Callable, Mapping
from io import BufferedWriter
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.frames import in_use, usage
from mebench.frames.content import KnownContent, content_of
from mebench.frames.entries import (
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
    path_of,
    read_array_file,
    read_header,
    signature,
)
from mebench.frames.sealed import sealed
from mebench.frames.store_files import StoreFiles
from mebench.frames.stored import StoredFrames
from mebench.schema.recordings import FrameSource

Write = Callable[[NDArray[np.uint8]], None]
Make = Callable[[Write], Mapping[str, NDArray[Any]]]
"""Hands all frames over in order, (n, height, width) or (n, height, width, 3), and returns the arrays beside them."""

_VERIFIED: dict[tuple[Path, str], Signature] = {}


class FrameStore(StoreFiles):
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
        super().__init__(Path(os.path.abspath(root or usage.default_root())))
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
        with self.entry_locked(key):
            found = self.mended(key, lambda: self._open(key), about)
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
        with self.writing(key, FRAMES) as file:
            pixels = _Pixels(file)
            arrays = make(pixels.write)
            if self.content(source, fresh=True) != before:
                raise UserError(
                    f"Files of {about.video or 'the video'} changed while its frames were read: wait until nobody "
                    "writes there, and run the same command again."
                )
        checksums = {name: self._store_array(key, name, array) for name, array in arrays.items()}
        header = Header(key, about, pixels.shape, pixels.checksum.hexdigest(), checksums)
        with self.writing(key, HEADER) as file:
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
        with self.writing(key, array_suffix(name)) as file:
            file.write(content)
        return hashlib.sha256(content).hexdigest()

    def load_array(self, key: str, name: str) -> NDArray[Any] | None:
        """Return a stored array, None when there is none; one that is damaged is told and removed."""
        in_use.use(self.root, key)
        return self.mended(key, lambda: self._load_array(key, name), About(f"the array {name}"), array_suffix(name))

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
        with self.entry_locked(f"{key}.{name}"):
            found = self.load_array(key, name)
            if found is None:
                found = make()
                self.store_array(key, name, found)
        return found


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
