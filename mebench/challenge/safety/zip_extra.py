"""The extra fields of a zip member: 64-bit sizes, and the second name that some packers write.

Conventions
-----------
Two fields change how a member is read and must be exact: 0x0001 (sizes of 64 bits) and 0x7075 (the name in UTF-8). All
others hold times and owners, and are passed over.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

from mebench.challenge.safety.zip_records import ZipFault

ZIP64 = 0x0001
UNICODE_PATH = 0x7075
_HEAD = 4
_ALL_ONES = 0xFFFFFFFF


def extra_fields(extra: bytes) -> dict[int, bytes]:
    """Split an extra field into its parts by their tags.

    Raises
    ------
    ZipFault : when a part is cut short, or one that is read stands there twice.
    """
    parts: dict[int, bytes] = {}
    at = 0
    while len(extra) - at >= _HEAD:
        tag, length = struct.unpack_from("<HH", extra, at)
        at += _HEAD
        if at + length > len(extra):
            raise ZipFault("whole extra fields", "one that is cut short")
        if tag in parts and tag in (ZIP64, UNICODE_PATH):
            raise ZipFault("each extra field once", f"0x{tag:04x} twice")
        parts[tag] = extra[at : at + length]
        at += length
    if any(extra[at:]):
        raise ZipFault("whole extra fields", "bytes behind the last one")
    return parts


def unicode_path(parts: Mapping[int, bytes]) -> str | None:
    """Return the name that field 0x7075 holds, or None where there is no such field.

    The checksum in it tells whether it is out of date; a reader may follow the field or not, so it counts in any case.

    Raises
    ------
    ZipFault : when the field cannot be read.
    """
    field = parts.get(UNICODE_PATH)
    if field is None:
        return None
    if len(field) < 5 or field[0] != 1:
        raise ZipFault("a name in version 1 of the field 0x7075", "another version")
    try:
        return field[5:].decode()
    except UnicodeDecodeError as error:
        raise ZipFault("a name in UTF-8", "another encoding", "encoding") from error


def widened(parts: Mapping[int, bytes], values: Sequence[int], *, both: bool = False) -> list[int]:
    """Return sizes and offset, those of all ones replaced by what field 0x0001 says.

    Parameters
    ----------
    parts : the extra fields.
    values : numbers of 32 bits in the order in which the field holds them.
    both : whether the field may hold both sizes whatever the header says, as it may in local headers.

    Raises
    ------
    ZipFault : when the field is missing, too short or too long.
    """
    wide = [i for i, value in enumerate(values) if value == _ALL_ONES]
    field = parts.get(ZIP64, b"")
    if both and len(field) == 16:
        held = struct.unpack("<2Q", field)
        return [held[i] if i in wide else value for i, value in enumerate(values)]
    if len(field) != 8 * len(wide) or (ZIP64 in parts and not wide):
        raise ZipFault("a zip64 field that fits its header", "none, or another")
    numbers = iter(struct.unpack(f"<{len(wide)}Q", field))
    return [next(numbers) if value == _ALL_ONES else value for value in values]
