"""Writing, locking and mending the files of a store, with one sentence for what the disk refuses."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
from collections.abc import Callable, Iterator
from io import BufferedWriter
from pathlib import Path
from typing import TypeVar

from mebench.errors import UserError
from mebench.frames.entries import (
    ARRAY,
    FRAMES,
    HEADER,
    LOCK,
    About,
    Damaged,
    check_entry,
    discard,
    path_of,
    read_array_file,
    read_header,
)
from mebench.frames.writing import TEMPORARY, locked, writing
from mebench.plain import plain_text

T = TypeVar("T")
_LOG = logging.getLogger("mebench")


class StoreFiles:
    """The files of a store of prepared frames.

    Parameters
    ----------
    root : folder of the store.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def mended(self, key: str, read: Callable[[], T | None], about: About, *suffixes: str) -> T | None:
        """Return what is there; when it is damaged, say so, remove it and return None."""
        try:
            return read()
        except Damaged as damage:
            what = plain_text(str(about))
            _LOG.warning("The cached entry %s (%s) is damaged: %s; it is made again.", key[:12], what, damage)
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
    def entry_locked(self, name: str) -> Iterator[None]:
        """Hold the lock of an entry or array; what a crashed holder left half-written is removed."""
        path = path_of(self.root, name, LOCK)
        with contextlib.ExitStack() as stack:
            try:
                self._mend_folder(path.parent)
                if path.is_dir() or path.is_symlink():
                    discard(path)
                stack.enter_context(locked(path))
                for suffix in (FRAMES, HEADER, ARRAY):
                    for stale in path.parent.glob(f"{name}{suffix}.*{TEMPORARY}"):
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
    def writing(self, key: str, suffix: str) -> Iterator[BufferedWriter]:
        """Open a file of an entry that takes its name only when it is whole.

        Raises
        ------
        UserError : when the disk is full or the folder cannot be written.
        """
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
