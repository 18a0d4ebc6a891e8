"""What a plug-in does besides returning something: files that it writes, datasets that it opens, memory it takes."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import sys
import tempfile
import tracemalloc
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any
from unittest import mock

from mebench.datasets.base import Dataset
from mebench.datasets.catalogue import DATASETS

_PATHS: Mapping[str, Sequence[tuple[int, int | None]]] = {
    "os.mkdir": [(0, 2)],
    "os.rmdir": [(0, 1)],
    "os.remove": [(0, 1)],
    "os.truncate": [(0, None)],
    "os.chmod": [(0, 2)],
    "os.rename": [(0, 2), (1, 3)],
    "os.link": [(0, 2), (1, 3)],
    "os.symlink": [(1, 2)],
    "sqlite3.connect": [(0, None)],
}
"""Audit events that change files: which arguments are paths, and which the open folder that each is relative to."""

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


@dataclasses.dataclass
class Watch:
    """What was noticed.

    Attributes
    ----------
    allowed : folders that may be written.
    names : folders and what they are called in messages.
    written : other files that were written, made, moved or removed.
    opened : datasets that were asked for by their id.
    """

    allowed: tuple[Path, ...]
    names: Mapping[Path, str] = dataclasses.field(default_factory=dict)
    written: list[str] = dataclasses.field(default_factory=list)
    opened: list[str] = dataclasses.field(default_factory=list)

    def note(self, path: Any) -> None:
        """Note that a path was written, unless it may be."""
        if not isinstance(path, str | bytes | os.PathLike):
            return  # a number of an open file, or none
        where = os.path.abspath(os.fsdecode(path))
        inside = any(where == str(folder) or where.startswith(f"{folder}{os.sep}") for folder in self.allowed)
        if inside or where.startswith("/dev/"):
            return
        for folder, name in self.names.items():
            where = where.replace(f"{folder}{os.sep}", name)
        if where not in self.written:
            self.written.append(where)


_WATCHES: list[Watch] = []


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    """Hear of everything that Python does with files; costs nothing while nobody watches."""
    if not _WATCHES:
        return
    if event == "open":
        path, mode, flags = arguments
        writes = any(letter in mode for letter in "wax+") if isinstance(mode, str) else (flags or 0) & _WRITING
        if writes:
            _WATCHES[-1].note(path)
    elif event in _PATHS:
        for path, folder in _PATHS[event]:
            _WATCHES[-1].note(_absolute(arguments[path], -1 if folder is None else arguments[folder]))


def _absolute(path: Any, folder: int) -> Any:
    """Return a path that is relative to an open folder as one that is not; None where the system does not tell."""
    if folder < 0 or not isinstance(path, str | bytes | os.PathLike):
        return path
    try:
        return os.path.join(os.readlink(f"/proc/self/fd/{folder}"), os.fsdecode(path))
    except OSError:
        return None


_hooked: list[bool] = []


@contextlib.contextmanager
def watching(
    allowed: Sequence[Path] = (), looked_at: Sequence[Path] = (), names: Mapping[Path, str] = MappingProxyType({})
) -> Iterator[Watch]:
    """Notice what is written and opened meanwhile; what libraries write beside Python is found in the working folder.

    The working folder, the home folder and the user's configuration are empty folders of their own meanwhile.

    Parameters
    ----------
    allowed : folders that may be written.
    looked_at : folders in which nothing new may lie at the end, whoever wrote it.
    names : folders and what they are called in messages.
    """
    if not _hooked:
        sys.addaudithook(_hook)
        _hooked.append(True)
    with tempfile.TemporaryDirectory() as made:
        place = Path(made).resolve()
        temporary = place / "tmp"
        temporary.mkdir()
        with _at(place / "work"), _environment(place / "home", temporary):
            watch = Watch(
                (*(path.resolve() for path in allowed), temporary), {place / "work": "", place / "home": "~/", **names}
            )
            before = set(_listed(looked_at))
            opening = mock.patch.object(Dataset, "open", classmethod(_opening(watch)))
            try:
                with mock.patch.object(DATASETS, "get", _noting(watch)), opening, _only(watch):
                    yield watch
            finally:
                new = [path for path in _listed(looked_at) if path not in before]
                for path in (*(place / "work").rglob("*"), *(place / "home").rglob("*"), *new):
                    watch.note(path)


def _listed(folders: Sequence[Path]) -> list[Path]:
    """Return what lies in folders, but for what Python compiles."""
    return [path for folder in folders for path in sorted(folder.glob("*")) if path.name != "__pycache__"]


@contextlib.contextmanager
def _only(watch: Watch) -> Iterator[None]:
    _WATCHES.append(watch)
    try:
        yield
    finally:
        _WATCHES.remove(watch)


def _noting(watch: Watch) -> Callable[[str], Any]:
    get = DATASETS.get

    def noted(id: str) -> Any:
        watch.opened.append(id)
        return get(id)

    return noted


def _opening(watch: Watch) -> Callable[..., Any]:
    opened = Dataset.open.__func__  # type: ignore[attr-defined]

    def noted(cls: type[Dataset], *given: Any, **more: Any) -> Any:
        watch.opened.append(cls.id)
        return opened(cls, *given, **more)

    return noted


@contextlib.contextmanager
def _at(folder: Path) -> Iterator[None]:
    folder.mkdir()
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


@contextlib.contextmanager
def _environment(home: Path, temporary: Path) -> Iterator[None]:
    """Set the folders of the user, and let no import write."""
    home.mkdir()
    kept, written = tempfile.tempdir, sys.dont_write_bytecode
    folders = {"HOME": str(home), "TMPDIR": str(temporary), "XDG_CACHE_HOME": str(temporary / "cache")}
    try:
        tempfile.tempdir, sys.dont_write_bytecode = str(temporary), True
        with mock.patch.dict(os.environ, folders):
            yield
    finally:
        tempfile.tempdir, sys.dont_write_bytecode = kept, written


def peak_bytes(work: Callable[[], object]) -> int:
    """Return how many bytes Python and numpy held at most while something was done, above what they held before."""
    if traced := tracemalloc.is_tracing():
        tracemalloc.reset_peak()
    else:
        tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        work()
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        if not traced:
            tracemalloc.stop()
