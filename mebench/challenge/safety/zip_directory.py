"""The directory of a zip file, read by a parser of our own that is bounded and refuses whatever is unusual.

Readers of zip files differ in what they pass over: data in front, a second end record, a directory that lies elsewhere.
An archive that two readers read in two ways is refused here, so the verdict depends on nobody's library. Sizes are
known before anything is listed, and zip64 records count.
"""

from __future__ import annotations

import dataclasses
from typing import BinaryIO

from mebench.challenge.safety.zip_end import find_end, read_end
from mebench.challenge.safety.zip_extra import extra_fields, unicode_path, widened
from mebench.challenge.safety.zip_records import CENTRAL, CENTRAL_MARK, UTF8, ZipFault, read_at

_BYTES_PER_ENTRY = CENTRAL.size + 1024
"""Names and extra fields longer than 1 KiB on average are not honest."""

_NEWEST_VERSION = 63


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """One member as the directory describes it.

    Attributes
    ----------
    name : the one name under which it is checked and written.
    raw_name : the same as it stands in the archive.
    other_name : what field 0x7075 calls it, or None.
    flags, method, crc : how it is packed.
    packed, size : bytes in the archive and bytes when extracted.
    attributes : of the file, in their upper half those of Unix.
    offset : where its local header lies.
    """

    name: str
    raw_name: bytes
    other_name: str | None
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    attributes: int
    offset: int


@dataclasses.dataclass(frozen=True, slots=True)
class Directory:
    """The entries in their order, and where the first of them stands, which is where the members end."""

    entries: tuple[Entry, ...]
    start: int


def read_directory(file: BinaryIO, size: int, most: int) -> Directory:
    """Read the directory of an archive.

    Parameters
    ----------
    file : the open archive.
    size : its size in bytes.
    most : entries beyond which it is refused unread.

    Raises
    ------
    ZipFault : for the first thing that is not as every packer writes it.
    """
    end, stop = read_end(file, find_end(file, size))
    # The size alone bounds the memory, whatever number of entries is claimed.
    if end.size > most * _BYTES_PER_ENTRY or end.entries > most:
        raise ZipFault(f"at most {most} members", f"a directory of {end.size} bytes", "members")
    if (end.disk, end.directory_disk) != (0, 0) or end.here != end.entries:
        raise ZipFault("an archive in one part", "a part of several")
    if end.offset + end.size != stop:
        raise ZipFault("a directory right before the end record", "one elsewhere, or bytes in front of the archive")
    return Directory(_read_entries(read_at(file, end.offset, end.size), end.entries), end.offset)


def _read_entries(directory: bytes, count: int) -> tuple[Entry, ...]:
    entries: list[Entry] = []
    at = 0
    while at < len(directory) and len(entries) <= count:
        if len(directory) - at < CENTRAL.size or not directory.startswith(CENTRAL_MARK, at):
            raise ZipFault("a directory of entries and nothing else", "something else in it")
        entry, at = _read_entry(directory, at)
        entries.append(entry)
    if len(entries) != count:
        raise ZipFault(f"{count} entries, as the end record says", "another number")
    return tuple(entries)


def _read_entry(directory: bytes, at: int) -> tuple[Entry, int]:
    """Return the entry that begins at a place, and where the next one begins."""
    fields = CENTRAL.unpack_from(directory, at)
    _, _, _, version, flags, method, _, _, crc, packed, size, *lengths, disk, _, attributes, offset = fields
    begin = at + CENTRAL.size
    stop = begin + sum(lengths)
    if stop > len(directory):
        raise ZipFault("whole entries in the directory", "one that is cut short")
    raw_name = directory[begin : begin + lengths[0]]
    name = _decode(raw_name, flags)
    extra = directory[begin + lengths[0] : begin + lengths[0] + lengths[1]]
    try:
        parts = extra_fields(extra)
        size, packed, offset = widened(parts, (size, packed, offset))
        other = unicode_path(parts)
    except ZipFault as fault:
        raise ZipFault(fault.expected, fault.found, fault.kind, name) from fault
    if version & 0xFF > _NEWEST_VERSION or disk != 0:
        raise ZipFault("a member of a version up to 6.3 in this file", "another", member=name)
    return Entry(name, raw_name, other, flags, method, crc, packed, size, attributes, offset), stop


def _decode(raw: bytes, flags: int) -> str:
    """Return a name as text: UTF-8 where the flags say so or it can be read, else the format's old code page 437."""
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        if flags & UTF8:
            raise ZipFault("a name in UTF-8", "another encoding", "encoding", ascii(raw)[2:-1]) from error
        return raw.decode("cp437")
