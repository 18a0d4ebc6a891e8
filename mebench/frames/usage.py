"""Where the frame cache lies, what it holds, how much, and taking away what is not needed.

Conventions
-----------
Sizes are bytes of file content. A day has 86,400 seconds. An entry is everything under one key: frames, header, arrays.
Entries that a running process uses, or is making, are never taken away.
"""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import os
import re
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from mebench.errors import UserError
from mebench.frames import in_use
from mebench.frames.content import RECORDS, SUFFIX
from mebench.frames.entries import ARRAY, HEADER, LOCK, About, Damaged, discard, path_of, read_header
from mebench.frames.writing import locked

DAY = 86_400.0
LIMIT = "MEBENCH_CACHE_SIZE"
_SIZE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]?)(I?)B?\s*", re.IGNORECASE)
_KEY = re.compile(r"[0-9a-f]{64}")
_LOG = logging.getLogger("mebench")


@dataclasses.dataclass(frozen=True)
class Held:
    """One entry of the cache.

    Attributes
    ----------
    key : its address.
    about : what it holds and of which video, as far as known.
    count : number of frames, 0 where there are only arrays.
    arrays : names of the arrays.
    size : bytes of all its files.
    used : time of the last use, in seconds since 1970, never in the future.
    """

    key: str
    about: About
    count: int
    arrays: tuple[str, ...]
    size: int
    used: float


@dataclasses.dataclass(frozen=True)
class Cleaned:
    """What was taken away, and what was kept because a running process uses it."""

    removed: tuple[Held, ...] = ()
    in_use: tuple[Held, ...] = ()


def default_root() -> Path:
    """Return $MEBENCH_CACHE, else $XDG_CACHE_HOME/mebench, else ~/.cache/mebench.

    Raises
    ------
    UserError : when it would lie in the home of a user who has none, as in a container.
    """
    try:
        if os.environ.get("MEBENCH_CACHE"):
            return Path(os.environ["MEBENCH_CACHE"]).expanduser()
        base = os.environ.get("XDG_CACHE_HOME")
        return (Path(base) if base else Path.home() / ".cache") / "mebench"
    except RuntimeError as error:
        raise UserError(
            "This user has no home folder for the frame cache: set MEBENCH_CACHE to a folder that can be written."
        ) from error


def parse_size(text: str) -> int:
    """Return the bytes of a size such as `50GB`, `1.5 TB` or `800MiB`; `GB` is 10^9, `GiB` 2^30.

    Raises
    ------
    ValueError : when it is no size.
    """
    match = _SIZE.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no size")
    base = 1024 if match[3] else 1000
    return int(float(match[1]) * base ** " KMGT".index(match[2].upper() or " "))


def limit_from_environment() -> int | None:
    """Return the bytes that $MEBENCH_CACHE_SIZE allows, None when it is not set.

    Raises
    ------
    UserError : when it is no size.
    """
    text = os.environ.get(LIMIT, "").strip()
    if not text:
        return None
    try:
        return parse_size(text)
    except ValueError as error:
        raise UserError(f"{LIMIT}={text} is no size: write it as 50GB, or unset it.") from error


def held(root: Path) -> list[Held]:
    """Return every entry, those that were not used for longest first."""
    files: dict[str, list[os.DirEntry[str]]] = {}
    for entry in _files(root):
        if _KEY.fullmatch(key := entry.name.partition(".")[0]):
            files.setdefault(key, []).append(entry)
    found = [_held(root, key, entries) for key, entries in files.items()]
    return sorted((h for h in found if h is not None), key=lambda h: (h.used, h.key))


def size(root: Path) -> int:
    """Return the bytes of everything in the cache."""
    total = sum(entry.size for entry in held(root))
    for path in (root / RECORDS).rglob(f"*{SUFFIX}"):
        with contextlib.suppress(OSError):
            total += path.stat().st_size
    return total


def clean(root: Path, *, older: float) -> Cleaned:
    """Take away the entries that were not used for some time.

    Parameters
    ----------
    older : days since the last use.

    Raises
    ------
    OSError : when the folder cannot be written.
    """
    before = time.time() - older * DAY
    done = _remove(root, (entry for entry in held(root) if entry.used <= before))
    for path in (root / RECORDS).rglob(f"*{SUFFIX}"):
        with contextlib.suppress(OSError):
            if path.stat().st_mtime <= before:
                path.unlink()
    return done


def hold_limit(root: Path, limit: int | None) -> Cleaned:
    """Take away what was not used for longest until the cache is no larger than its limit.

    What is in use stays even then; a sentence says so.
    """
    if limit is None:
        return Cleaned()
    entries = held(root)
    excess = sum(entry.size for entry in entries) - limit
    if excess <= 0:
        return Cleaned()
    try:
        done = _remove(root, entries, enough=excess)
    except OSError as error:
        _LOG.warning("The frame cache %s cannot be made smaller (%s).", root, error.strerror)
        return Cleaned()
    over = excess - sum(entry.size for entry in done.removed)
    if over > 0 and root not in _TOLD:
        _TOLD.add(root)
        _LOG.warning(
            "The frame cache is %s larger than %s allows, because running processes use the rest.",
            readable(over),
            LIMIT,
        )
    return done


_TOLD: set[Path] = set()


def readable(size: float) -> str:
    """Return a size in words: `1.4 GB`."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"


def _files(root: Path) -> Iterator[os.DirEntry[str]]:
    """Yield whatever lies in the folders of entries."""
    with contextlib.suppress(OSError):
        for folder in sorted(root.glob("[0-9a-f][0-9a-f]")):
            with contextlib.suppress(OSError), os.scandir(folder) as entries:
                yield from entries


def _held(root: Path, key: str, files: Iterable[os.DirEntry[str]]) -> Held | None:
    """Return one entry, None for a lock without anything."""
    total, used, arrays, only_lock = 0, 0.0, [], True
    for file in files:
        with contextlib.suppress(OSError):
            found = file.stat(follow_symlinks=False)
            total += found.st_size
            used = max(used, found.st_mtime)
        only_lock &= file.name.endswith(LOCK)
        if file.name.endswith(ARRAY):
            arrays.append(file.name[len(key) + 1 : -len(ARRAY)])
    if only_lock:
        return None
    about, count = _about(root, key, arrays)
    return Held(key, about, count, tuple(sorted(arrays)), total, min(used, time.time()))


def _about(root: Path, key: str, arrays: Iterable[str]) -> tuple[About, int]:
    try:
        header = read_header(root, key)
    except Damaged:
        return About("damaged"), 0
    if header is not None:
        return header.about, header.shape[0]
    return About(f"array {next(iter(arrays), '')}".rstrip()), 0


def _remove(root: Path, entries: Iterable[Held], enough: int | None = None) -> Cleaned:
    """Remove entries in order, until `enough` bytes are gone; those in use are passed over."""
    removed, kept, gone = [], [], 0
    with in_use.nobody_else(root) as used:
        for entry in entries:
            if enough is not None and gone >= enough:
                break
            if entry.key in used or not _removed(root, entry.key):
                kept.append(entry)
                continue
            removed.append(entry)
            gone += entry.size
    return Cleaned(tuple(removed), tuple(kept))


def _removed(root: Path, key: str) -> bool:
    """Remove an entry, its header first; False when a process is making it."""
    lock = path_of(root, key, LOCK)
    try:
        with locked(lock, wait=False):
            discard(path_of(root, key, HEADER))
            for path in lock.parent.glob(f"{key}.*"):
                if path != lock:
                    discard(path)
            discard(lock)
    except BlockingIOError:
        return False
    return True
