"""The directory of an archive: entries as they stand there, and nothing else."""

from __future__ import annotations

import dataclasses
import io
import struct
import zipfile
import zlib

import pytest
from raw_zip import U32, Raw, build, field, unicode_path
from zip_cases import GOOD, LAYOUTS, SECOND, TEXT, WIDE_SIZES

from mebench.challenge.safety.zip_directory import Directory, Entry, read_directory
from mebench.challenge.safety.zip_records import UTF8, ZipFault


def directory(content: bytes, most: int = 20) -> Directory:
    return read_directory(io.BytesIO(content), len(content), most)


def test_an_entry_holds_what_the_directory_says():
    entry, second = directory(build([Raw(b"p.csv", TEXT, 8, packed=b"x" * 9), SECOND])).entries
    assert entry == Entry("p.csv", b"p.csv", None, 0, 8, zlib.crc32(TEXT), 9, len(TEXT), 0o100644 << 16, 0)
    assert second.offset == 30 + len("p.csv") + 9


def test_it_reads_what_another_packer_writes():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("a/p.csv", "é.csv", "q.csv"):
            archive.writestr(name, TEXT * len(name))
    names = ("filename", "flag_bits", "compress_type", "CRC", "compress_size", "file_size", "external_attr")
    with zipfile.ZipFile(buffer) as archive:
        theirs = [[getattr(info, name) for name in (*names, "header_offset")] for info in archive.infolist()]
        start = archive.start_dir
    ours = directory(buffer.getvalue())
    fields = ("name", "flags", "method", "crc", "packed", "size", "attributes", "offset")
    assert [[getattr(entry, name) for name in fields] for entry in ours.entries] == theirs
    assert ours.start == start


def test_sizes_of_64_bits_and_a_second_name_are_read():
    extra = field(1, WIDE_SIZES[:8] + struct.pack("<Q", 1 << 33)) + unicode_path(b"q.csv", b"p.csv")
    (entry,) = directory(build([Raw(b"p.csv", TEXT, size=U32, offset=U32, extra=extra)])).entries
    assert (entry.size, entry.offset, entry.other_name) == (len(TEXT), 1 << 33, "q.csv")


@pytest.mark.parametrize(
    ("raw", "flags", "name"),
    [(b"\xc3\xa9.csv", UTF8, "é.csv"), (b"\xc3\xa9.csv", 0, "é.csv"), (b"\x82.csv", 0, "é.csv")],
)
def test_a_name_is_utf_8_or_of_the_old_code_page(raw, flags, name):
    (entry,) = directory(build([Raw(raw, TEXT, flags=flags)])).entries
    assert (entry.name, entry.raw_name) == (name, raw)


def test_members_are_counted_before_they_are_listed():
    archive = build([dataclasses.replace(GOOD, name=b"%d.csv" % i) for i in range(5)])
    assert len(directory(archive, most=5).entries) == 5
    with pytest.raises(ZipFault, match="at most 4 members, found a directory of 255 bytes") as caught:
        directory(archive, most=4)
    assert caught.value.kind == "members"


def test_long_names_are_bounded_by_the_size_of_the_directory():
    long = Raw(b"p.csv", TEXT, comment=b"x" * 1024)
    directory(build([long]), most=1 + 1)
    with pytest.raises(ZipFault, match="at most 1 members"):
        directory(build([long]), most=1)


@pytest.mark.parametrize(
    ("content", "message", "member"),
    [
        (build([GOOD], disk=1), "an archive in one part, found a part of several", ""),
        (build([GOOD, SECOND], here=1), "a part of several", ""),
        (LAYOUTS["a_directory_elsewhere"][1], "found one elsewhere, or bytes in front", ""),
        (b"#!" + build([GOOD]), "found one elsewhere, or bytes in front", ""),
        (build([GOOD, SECOND], here=1, total=1), "1 entries, as the end record says, found another number", ""),
        (build([GOOD], here=2, total=2), "2 entries, as the end record says, found another number", ""),
        (LAYOUTS["a_directory_with_more_in_it"][1], "a directory of entries and nothing else", ""),
        (build([Raw(b"p.csv", TEXT, version=64)]), "a version up to 6.3 in this file", "p.csv"),
        (build([Raw(b"p.csv", TEXT, disk=1)]), "a version up to 6.3 in this file", "p.csv"),
        (build([Raw(b"p.csv", TEXT, size=U32)]), "a zip64 field that fits its header", "p.csv"),
        (build([Raw(b"\xff.csv", TEXT, flags=UTF8)]), "a name in UTF-8", r"\xff.csv"),
    ],
)
def test_the_first_thing_that_is_odd_is_refused_with_its_member(content, message, member):
    with pytest.raises(ZipFault, match=message) as caught:
        directory(content)
    assert caught.value.member == member


def test_an_entry_that_reaches_beyond_the_directory_is_cut_short():
    content = bytearray(build([GOOD]))
    # The length of the entry's comment stands 32 bytes into it.
    struct.pack_into("<H", content, directory(bytes(content)).start + 32, 1)
    with pytest.raises(ZipFault, match="whole entries in the directory, found one that is cut short"):
        directory(bytes(content))
