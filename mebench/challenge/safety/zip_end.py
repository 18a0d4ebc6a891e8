"""The end record of a zip file, where reading begins, with the zip64 record that may stand before it."""

from __future__ import annotations

import dataclasses
from typing import BinaryIO

from mebench.challenge.safety.zip_records import (
    END,
    END64,
    END64_MARK,
    END_MARK,
    LOCATOR,
    LOCATOR_MARK,
    ZipFault,
    read_at,
)

_LONGEST_COMMENT = 0xFFFF
_PLAIN_LENGTH = END64.size - 12
"""What a zip64 end record says of its own length when nothing is appended to it."""


_MEANINGS = {
    "disk": "the disk",
    "directory_disk": "the disk of the directory",
    "here": "the number of entries",
    "entries": "the number of entries",
    "size": "the size of the directory",
    "offset": "the place of the directory",
}


@dataclasses.dataclass(frozen=True, slots=True)
class End:
    """Numbers of the end record, or of its zip64 form."""

    disk: int
    directory_disk: int
    here: int
    entries: int
    size: int
    offset: int


def find_end(file: BinaryIO, size: int) -> int:
    """Return where the end record stands; with its comment it must be the last thing in the file, and the only one.

    Raises
    ------
    ZipFault : when it is not.
    """
    start = max(0, size - _LONGEST_COMMENT - END.size)
    tail = read_at(file, start, size - start)
    last = tail.rfind(END_MARK)
    if last < 0:
        raise ZipFault("a zip archive", "no zip directory")
    at = last
    while at >= 0 and not _ends_at(tail, at):
        at = tail.rfind(END_MARK, 0, at)
    if at < 0:
        raise ZipFault("an archive that ends with its end record", "bytes behind it, or an end that is cut off")
    if at != last or _is_hidden_in_comment(tail, at):
        raise ZipFault("one end record", "another one in the comment")
    return start + at


def _ends_at(tail: bytes, at: int) -> bool:
    if len(tail) - at < END.size:
        return False
    return at + END.size + int(END.unpack_from(tail, at)[-1]) == len(tail)


def _is_hidden_in_comment(tail: bytes, at: int) -> bool:
    """Tell whether an earlier end record takes this one for a part of its comment."""
    earlier = tail.rfind(END_MARK, 0, at)
    while earlier >= 0:
        if _ends_at(tail, earlier):
            return True
        earlier = tail.rfind(END_MARK, 0, earlier)
    return False


def read_end(file: BinaryIO, at: int) -> tuple[End, int]:
    """Return the numbers of the end record, or of the zip64 one before it, and where the first of the two stands.

    Raises
    ------
    ZipFault : when the two disagree, or the zip64 one lies elsewhere.
    """
    plain = End(*END.unpack(read_at(file, at, END.size))[1:-1])
    if at < LOCATOR.size:
        return plain, at
    mark, disk, wide_at, disks = LOCATOR.unpack(read_at(file, at - LOCATOR.size, LOCATOR.size))
    if mark != LOCATOR_MARK:
        return plain, at
    expected = at - LOCATOR.size - END64.size
    if wide_at != expected or disk != 0 or disks > 1:
        raise ZipFault("a zip64 record right before the end record", "one elsewhere")
    mark, length, _, _, *numbers = END64.unpack(read_at(file, expected, END64.size))
    if mark != END64_MARK or length != _PLAIN_LENGTH:
        raise ZipFault("a plain zip64 record", "another")
    wide = End(*numbers)
    _check_agreement(plain, wide)
    return wide, expected


def _check_agreement(plain: End, wide: End) -> None:
    """Refuse an end record and a zip64 record that say two things: which of them counts depends on the reader."""
    for field in dataclasses.fields(End):
        narrow, full = getattr(plain, field.name), getattr(wide, field.name)
        ones = 0xFFFFFFFF if field.name in ("size", "offset") else 0xFFFF
        if narrow not in (full, ones):
            found = f"{full} and {narrow} for {_MEANINGS[field.name]}"
            raise ZipFault("two end records that agree", found)
