"""The directory of a zip file, sized before it is parsed.

`zipfile` builds an object for each entry of the central directory, so a small archive that claims millions of entries
could fill the memory. The end-of-directory record says how large the directory is; it is read first.
"""

from __future__ import annotations

import struct
from pathlib import Path

_END = b"PK\x05\x06"
_END_SIZE = 22
_LOCATOR = b"PK\x06\x07"
_LOCATOR_SIZE = 20
_END64 = b"PK\x06\x06"
_LONGEST_COMMENT = 65_535


def directory_bytes(path: Path) -> int | None:
    """Return how many bytes the central directory claims, or None when the file is no zip archive.

    A zip64 archive states the size in a second record; a claim that cannot be read counts as endless.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        tail_start = max(0, size - _LONGEST_COMMENT - _END_SIZE - _LOCATOR_SIZE)
        file.seek(tail_start)
        tail = file.read()
        at = tail.rfind(_END)
        if at < 0 or len(tail) - at < _END_SIZE:
            return None
        claimed = struct.unpack_from("<I", tail, at + 12)[0]
        if claimed != 0xFFFFFFFF:
            return int(claimed)
        return _zip64_directory_bytes(file, tail, at, size)


def _zip64_directory_bytes(file: object, tail: bytes, end: int, size: int) -> int:
    endless = 1 << 62
    locator = tail[end - _LOCATOR_SIZE : end] if end >= _LOCATOR_SIZE else b""
    if not locator.startswith(_LOCATOR):
        return endless
    offset = struct.unpack_from("<Q", locator, 8)[0]
    if offset + 56 > size:
        return endless
    file.seek(offset)  # type: ignore[attr-defined]
    record = file.read(56)  # type: ignore[attr-defined]
    return int(struct.unpack_from("<Q", record, 40)[0]) if record.startswith(_END64) else endless
