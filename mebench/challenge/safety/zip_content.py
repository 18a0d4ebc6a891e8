"""The bytes of a zip member, unpacked piece by piece and never more than its header says."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import BinaryIO

from mebench.challenge.safety.zip_layout import Member
from mebench.challenge.safety.zip_records import STORED, ZipFault, read_at

_CHUNK = 1 << 16


def unpacked(file: BinaryIO, member: Member) -> Iterator[bytes]:
    """Yield the content of a member, at most 64 KiB at a time.

    Raises
    ------
    ZipFault : at the first byte beyond the declared size; at the end when there are fewer, or the checksum differs.
    """
    entry = member.entry
    size = crc = 0
    packed = _packed(file, member)
    for chunk in packed if entry.method == STORED else _inflated(packed):
        size += len(chunk)
        if size > entry.size:
            raise ZipFault(f"{entry.size} bytes, as its header says", "more", "declared_size")
        crc = zlib.crc32(chunk, crc)
        yield chunk
    if size < entry.size:
        raise ZipFault(f"{entry.size} bytes, as its header says", f"{size}", "declared_size")
    if crc != entry.crc:
        raise ZipFault("the content that its checksum was made of", "another")


def _packed(file: BinaryIO, member: Member) -> Iterator[bytes]:
    at, stop = member.data, member.data + member.entry.packed
    while at < stop:
        chunk = read_at(file, at, min(_CHUNK, stop - at))
        at += len(chunk)
        yield chunk


def _inflated(packed: Iterator[bytes]) -> Iterator[bytes]:
    """Undo the compression; the stream must end with its last byte."""
    engine = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for piece in packed:
            if engine.eof:
                raise ZipFault("one compressed stream", "bytes behind it")
            yield engine.decompress(piece, _CHUNK)
            while engine.unconsumed_tail:
                yield engine.decompress(engine.unconsumed_tail, _CHUNK)
        while not engine.eof and (rest := engine.decompress(b"", _CHUNK)):
            yield rest
    except zlib.error as error:
        raise ZipFault("a readable member", "damaged data") from error
    if not engine.eof or engine.unused_data:
        raise ZipFault("one whole compressed stream", "one cut short, or bytes behind it")
