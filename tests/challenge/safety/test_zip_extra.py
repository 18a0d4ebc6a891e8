"""Extra fields: 64-bit numbers and second names are exact, and nothing else is read."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from raw_zip import U32, field, unicode_path

from mebench.challenge.safety import zip_extra
from mebench.challenge.safety.zip_extra import UNICODE_PATH, ZIP64, extra_fields, widened
from mebench.challenge.safety.zip_records import ZipFault

PARTS = st.dictionaries(st.integers(0, 0xFFFF), st.binary(max_size=20), max_size=6)
SIZES = st.lists(st.one_of(st.integers(0, U32 - 1), st.integers(U32, 2**64 - 1)), min_size=1, max_size=3)


@given(PARTS, st.integers(0, 3))
def test_fields_come_back_as_they_were_written(parts, padding):
    written = b"".join(field(tag, content) for tag, content in parts.items())
    assert extra_fields(written + bytes(padding)) == parts


def test_of_a_field_that_nobody_reads_the_last_one_stays():
    assert extra_fields(field(0x5455, b"old") + field(0x5455, b"new")) == {0x5455: b"new"}


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        (field(9, b"abc")[:-1], "found one that is cut short"),
        (field(9, b"abc") + b"\0\0x", "found bytes behind the last one"),
        (field(ZIP64, b"") * 2, "each extra field once, found 0x0001 twice"),
        (field(UNICODE_PATH, b"a") + field(9, b"") + field(UNICODE_PATH, b"b"), "found 0x7075 twice"),
    ],
)
def test_fields_that_two_readers_read_in_two_ways_are_refused(extra, message):
    with pytest.raises(ZipFault, match=message):
        extra_fields(extra)


@pytest.mark.parametrize("name", ["p.csv", "é.csv", ""])
def test_a_second_name_is_read_whether_or_not_its_checksum_is_of_the_first(name):
    for real in (name.encode(), b"another"):
        assert zip_extra.unicode_path(extra_fields(unicode_path(name.encode(), real))) == name


def test_without_a_field_there_is_no_second_name():
    assert zip_extra.unicode_path({ZIP64: b""}) is None


@pytest.mark.parametrize(
    ("content", "kind", "message"),
    [
        (b"", "corrupt", "version 1 of the field 0x7075"),
        (b"\1\0\0\0", "corrupt", "version 1 of the field 0x7075"),
        (b"\2\0\0\0\0p", "corrupt", "found another version"),
        (b"\1\0\0\0\0\xff", "encoding", "a name in UTF-8"),
    ],
)
def test_a_second_name_that_cannot_be_read_is_refused(content, kind, message):
    with pytest.raises(ZipFault, match=message) as caught:
        zip_extra.unicode_path({UNICODE_PATH: content})
    assert caught.value.kind == kind


@given(SIZES)
def test_numbers_beyond_32_bits_are_those_of_the_field(numbers):
    wide = [number for number in numbers if number >= U32]
    parts = {ZIP64: struct.pack(f"<{len(wide)}Q", *wide)} if wide else {}
    assert widened(parts, [min(number, U32) for number in numbers]) == numbers


@pytest.mark.parametrize(
    ("content", "values"),
    [
        (None, [U32]),
        (b"", [7]),
        (bytes(8), [7]),
        (bytes(8), [U32, U32]),
        (bytes(16), [U32, 7]),
        (bytes(9), [U32]),
    ],
)
def test_a_field_that_does_not_fit_its_header_is_refused(content, values):
    parts = {} if content is None else {ZIP64: content}
    with pytest.raises(ZipFault, match="a zip64 field that fits its header, found none, or another"):
        widened(parts, values)


@pytest.mark.parametrize(
    ("values", "expected"),
    [([U32, U32], [5, 6]), ([U32, 9], [5, 9]), ([9, U32], [9, 6]), ([8, 9], [8, 9])],
)
def test_in_a_local_header_both_sizes_may_stand_whatever_the_header_says(values, expected):
    parts = {ZIP64: struct.pack("<2Q", 5, 6)}
    assert widened(parts, values, both=True) == expected
