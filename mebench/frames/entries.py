"""One entry of the frame cache on disk: its files, its header, and whether they are what was written.

Conventions
-----------
    <2 digits>/<key>.u8              all frames as raw uint8, (n, height, width) or (n, height, width, 3)
               <key>.json            header, sealed and written last: without it there are no frames
               <key>.<name>.array    a small array: sha256 of key, name and content, then the content as `.npy`
               <key>.lock            held by whoever makes or removes the entry; its time is that of the last use

The header holds the checksums of the frames and of the arrays that were made with them. Nothing in an entry depends
on who made it or when.
"""

from __future__ import annotations

import dataclasses
import hashlib
import io
import os
import shutil
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mebench.frames.sealed import SealBroken, read_sealed
from mebench.schema.recordings import Recording

FRAMES, HEADER, ARRAY, LOCK = ".u8", ".json", ".array", ".lock"
Signature = tuple[tuple[int, ...], ...]


class Damaged(Exception):
    """An entry is not what was written; the message says in what way."""


@dataclasses.dataclass(frozen=True)
class About:
    """What an entry holds, for people.

    Attributes
    ----------
    what : such as `aligned faces`.
    video : `dataset/subject/video`, as far as known.
    """

    what: str
    video: str = ""

    @classmethod
    def of(cls, what: str, video: Recording) -> About:
        """Say what is made of a video."""
        return cls(what, "/".join(filter(None, (video.dataset, video.subject, video.id))))

    def __str__(self) -> str:
        """Return both in words."""
        return f"{self.what} of {self.video}" if self.video else self.what


@dataclasses.dataclass(frozen=True)
class Header:
    """What `<key>.json` says."""

    key: str
    about: About
    shape: tuple[int, ...]
    sha256: str
    arrays: Mapping[str, str]

    def plain(self) -> dict[str, Any]:
        """Return the header as plain JSON types."""
        count, height, width, *channels = self.shape
        return {
            "schema": 2,
            "key": self.key,
            "what": self.about.what,
            "video": self.about.video,
            "count": count,
            "height": height,
            "width": width,
            "channels": channels[0] if channels else 1,
            "sha256": self.sha256,
            "arrays": dict(self.arrays),
        }

    @classmethod
    def from_plain(cls, raw: Mapping[str, Any]) -> Header:
        """Take up what `plain` returned; KeyError or TypeError for anything else."""
        shape = [int(raw[name]) for name in ("count", "height", "width")]
        shape += [3] if raw["channels"] == 3 else []
        return cls(raw["key"], About(raw["what"], raw["video"]), tuple(shape), raw["sha256"], dict(raw["arrays"]))

    @property
    def size(self) -> int:
        """Bytes of the frames."""
        return int(np.prod(self.shape, dtype=np.int64))


def path_of(root: Path, key: str, suffix: str) -> Path:
    """Return where a file of an entry lies."""
    return root / key[:2] / f"{key}{suffix}"


def array_suffix(name: str) -> str:
    """Return the suffix of an array's file."""
    return f".{name}{ARRAY}"


def read_header(root: Path, key: str) -> Header | None:
    """Return the header of an entry, None when there is neither a header nor frames.

    Raises
    ------
    Damaged : when it cannot be read or is not what was written.
    """
    path = path_of(root, key, HEADER)
    if not os.path.lexists(path):
        if os.path.lexists(path_of(root, key, FRAMES)):
            raise Damaged("it has no header")
        return None
    try:
        require_file(path)
        header = Header.from_plain(read_sealed(path))
    except (OSError, SealBroken, KeyError, TypeError, ValueError) as error:
        raise Damaged("its header is not what was written") from error
    if header.key != key:
        raise Damaged("its header is that of another entry")
    return header


def check_entry(root: Path, header: Header) -> None:
    """Read all files of an entry and compare them with their checksums.

    Raises
    ------
    Damaged : with what is wrong.
    """
    path = path_of(root, header.key, FRAMES)
    try:
        require_file(path)
        if path.stat().st_size != header.size:
            raise Damaged("its frames do not have their size")
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise Damaged(f"its frames cannot be read ({error.strerror})") from error
    if found != header.sha256:
        raise Damaged("its frames do not have their checksum")
    for name, checksum in header.arrays.items():
        content = read_array_file(root, header.key, name)
        if content is None or hashlib.sha256(content).hexdigest() != checksum:
            raise Damaged(f"its array {name} {'is gone' if content is None else 'does not have its checksum'}")


def signature(root: Path, header: Header) -> Signature:
    """Return what the system says about an entry's files; it changes when one of them is written or replaced.

    Raises
    ------
    Damaged : when one is gone.
    """
    files = {HEADER: "its header is", FRAMES: "its frames are"}
    files |= {array_suffix(name): f"its array {name} is" for name in sorted(header.arrays)}
    found = []
    for suffix, what in files.items():
        try:
            found.append(os.lstat(path_of(root, header.key, suffix)))
        except OSError as error:
            raise Damaged(f"{what} gone") from error
    return tuple((s.st_dev, s.st_ino, s.st_mode, s.st_size, s.st_mtime_ns, s.st_ctime_ns) for s in found)


def array_bytes(key: str, name: str, array: NDArray[Any]) -> bytes:
    """Return the content of an array's file.

    Raises
    ------
    ValueError : for arrays of objects.
    """
    buffer = io.BytesIO()
    np.save(buffer, np.ascontiguousarray(array), allow_pickle=False)
    content = buffer.getvalue()
    return _array_checksum(key, name, content) + content


def read_array_file(root: Path, key: str, name: str) -> bytes | None:
    """Return the file of an array with its checksum, None when there is none.

    Raises
    ------
    Damaged : when it cannot be read or is not what was written.
    """
    path = path_of(root, key, array_suffix(name))
    if not os.path.lexists(path):
        return None
    try:
        require_file(path)
        content = path.read_bytes()
    except OSError as error:
        raise Damaged(f"its array {name} cannot be read ({error.strerror})") from error
    if content[:32] != _array_checksum(key, name, content[32:]):
        raise Damaged(f"its array {name} does not have its checksum")
    return content


def array_of(content: bytes, name: str) -> NDArray[Any]:
    """Return the array in the content of an array's file.

    Raises
    ------
    Damaged : when there is none in it.
    """
    try:
        loaded: NDArray[Any] = np.load(io.BytesIO(content[32:]), allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise Damaged(f"its array {name} cannot be read") from error
    return loaded


def _array_checksum(key: str, name: str, content: bytes) -> bytes:
    return hashlib.sha256(f"{key}.{name}\n".encode() + content).digest()


def require_file(path: Path) -> None:
    """Refuse a folder, a link and anything else that is no file of the cache's own.

    Raises
    ------
    OSError : when the file is gone.
    Damaged : when it is something else.
    """
    if not stat.S_ISREG(os.lstat(path).st_mode):
        raise Damaged(f"{path.name} is not a file")


def discard(path: Path) -> None:
    """Remove whatever lies under the name of a file of the cache; a link is removed, not what it points to."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
