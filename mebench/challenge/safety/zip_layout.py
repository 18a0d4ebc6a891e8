"""Where the members of a zip file lie: one after the other from the first byte to the directory, with nothing between.

Each local header must say what the directory says. Members that share bytes are the trick behind flat bombs; bytes that
belong to no member, and two headers that differ, are how one archive shows two contents to two readers.
"""

from __future__ import annotations

import dataclasses
import struct
from typing import BinaryIO

from mebench.challenge.safety.zip_directory import Directory, Entry
from mebench.challenge.safety.zip_extra import extra_fields, unicode_path, widened
from mebench.challenge.safety.zip_records import (
    DESCRIPTOR,
    DESCRIPTOR_MARK,
    LEVEL,
    LOCAL,
    LOCAL_MARK,
    ZipFault,
    read_at,
)

_LONGEST_DESCRIPTOR = 24


@dataclasses.dataclass(frozen=True, slots=True)
class Member:
    """An entry and where its packed bytes begin."""

    entry: Entry
    data: int


def locate(file: BinaryIO, directory: Directory) -> tuple[list[Member], list[ZipFault]]:
    """Hold every local header against the directory.

    Returns
    -------
    The members in the order in which they lie, and what is wrong with any of them.
    """
    members: list[Member] = []
    faults: list[ZipFault] = []
    lying = sorted(directory.entries, key=lambda entry: entry.offset)
    starts = [*(entry.offset for entry in lying), directory.start]
    if starts[0] != 0:
        faults.append(ZipFault("a member at the first byte", "bytes in front of the members", "gap"))
    for entry, stop in zip(lying, starts[1:], strict=True):
        try:
            members.append(Member(entry, _check_header(file, entry)))
            _check_end(file, members[-1], stop)
        except ZipFault as fault:
            faults.append(ZipFault(fault.expected, fault.found, fault.kind, entry.name))
    return members, faults


def _check_header(file: BinaryIO, entry: Entry) -> int:
    """Compare a local header with its entry and return where the packed bytes begin."""
    fields = LOCAL.unpack(read_at(file, entry.offset, LOCAL.size))
    mark, _, flags, method, _, _, crc, packed, size, name_length, extra_length = fields
    if mark != LOCAL_MARK:
        raise ZipFault("a member where the directory says", "something else")
    names = read_at(file, entry.offset + LOCAL.size, name_length + extra_length)
    raw_name, parts = names[:name_length], extra_fields(names[name_length:])
    if raw_name != entry.raw_name:
        raise ZipFault("one name", f"another one, {raw_name.decode('utf-8', 'replace')}", "names")
    if unicode_path(parts) not in (None, entry.name):
        raise ZipFault("one name", f"another one, {unicode_path(parts)}", "names")
    size, packed = widened(parts, (size, packed), both=True)
    if (flags ^ entry.flags) & ~LEVEL or method != entry.method:
        raise ZipFault("one way of packing", "another one in the member's own header", "mismatch")
    # What stands behind the member may be left out in front of it.
    told = ((crc, entry.crc), (packed, entry.packed), (size, entry.size))
    if any(here != there and not (here == 0 and flags & DESCRIPTOR) for here, there in told):
        raise ZipFault("one size and checksum", "others in the member's own header", "mismatch")
    return entry.offset + LOCAL.size + len(names)


def _check_end(file: BinaryIO, member: Member, stop: int) -> None:
    """Refuse a member that does not end where the next one, or the directory, begins."""
    end = member.data + member.entry.packed
    if end > stop:
        raise ZipFault("members that share no bytes", "an overlap", "overlap")
    gap = stop - end
    if member.entry.flags & DESCRIPTOR:
        if gap > _LONGEST_DESCRIPTOR or read_at(file, end, gap) not in _descriptors(member.entry):
            raise ZipFault("a description of the member behind it", "another, or none", "mismatch")
    elif gap:
        raise ZipFault("members one after the other", f"{gap} bytes between them", "gap")


def _descriptors(entry: Entry) -> tuple[bytes, ...]:
    """Return the four forms of what may stand behind a member: with and without a mark, 32 and 64 bits wide."""
    wide = struct.pack("<I2Q", entry.crc, entry.packed, entry.size)
    # Sizes beyond 32 bits have one form only.
    short = struct.pack("<3I", entry.crc, entry.packed & 0xFFFFFFFF, entry.size & 0xFFFFFFFF)
    return short, DESCRIPTOR_MARK + short, wide, DESCRIPTOR_MARK + wide
