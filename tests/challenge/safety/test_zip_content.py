"""Unpacking a member: in small pieces, to its last byte and not one further."""

from __future__ import annotations

import io

import pytest
from raw_zip import Raw, build, deflated

from mebench.challenge.safety.zip_content import unpacked
from mebench.challenge.safety.zip_directory import read_directory
from mebench.challenge.safety.zip_layout import locate
from mebench.challenge.safety.zip_records import ZipFault

LONG = bytes(range(256)) * 2_000 + bytes(300_000)


def pieces(raw):
    content = build([raw])
    file = io.BytesIO(content)
    (member,), faults = locate(file, read_directory(file, len(content), 9))
    assert not faults
    return unpacked(file, member)


@pytest.mark.parametrize("method", [0, 8])
@pytest.mark.parametrize("content", [b"", b"x", LONG, LONG[: 1 << 16], bytes(1 << 16), bytes((1 << 16) + 1)])
def test_what_was_packed_comes_out_in_pieces_of_64_kib(method, content):
    found = list(pieces(Raw(b"p.csv", content, method)))
    assert b"".join(found) == content
    assert all(len(piece) <= 1 << 16 for piece in found)


def test_a_stream_of_gigabytes_ends_at_the_first_byte_beyond_its_word():
    taken = pieces(Raw(b"p.csv", b"", 8, packed=deflated(bytes(50 << 20)), size=1 << 16))
    assert len(next(taken)) == 1 << 16
    with pytest.raises(ZipFault, match="expected 65536 bytes, as its header says, found more"):
        next(taken)


def test_a_file_that_shrinks_while_it_is_read_is_a_fault():
    content = build([Raw(b"p.csv", LONG)])
    file = io.BytesIO(content)
    (member,), _ = locate(file, read_directory(file, len(content), 9))
    file.truncate(100_000)
    with pytest.raises(ZipFault, match="ends too soon"):
        list(unpacked(file, member))
