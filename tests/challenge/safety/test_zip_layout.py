"""Members lie one after the other, and their own headers say what the directory says."""

from __future__ import annotations

import io

import pytest
from raw_zip import U32, Raw, build, field, unicode_path
from zip_cases import DESCRIPTOR, GOOD, HONEST, SECOND, TEXT, described

from mebench.challenge.safety.zip_directory import read_directory
from mebench.challenge.safety.zip_layout import Member, locate
from mebench.challenge.safety.zip_records import ZipFault


def located(content: bytes) -> tuple[list[Member], list[ZipFault]]:
    file = io.BytesIO(content)
    return locate(file, read_directory(file, len(content), 20))


@pytest.mark.parametrize("name", sorted(HONEST))
def test_every_member_of_an_honest_archive_is_found(name):
    members, faults = located(HONEST[name])
    assert faults == []
    for member in members:
        # Its name and extra field stand between the header and the packed bytes.
        assert HONEST[name].find(member.entry.raw_name, member.entry.offset) == member.entry.offset + 30
        assert member.data >= member.entry.offset + 30 + len(member.entry.raw_name)


def test_packed_bytes_begin_behind_name_and_extra_field():
    content = build([Raw(b"p.csv", TEXT, local_extra=field(0x5455, b"12345")), SECOND])
    first, second = located(content)[0]
    assert first.data == 30 + 5 + 9
    assert content[first.data :].startswith(TEXT)
    assert content[second.data :].startswith(TEXT)


def test_members_come_in_the_order_in_which_they_lie():
    first = 30 + 5 + len(TEXT)
    turned = build(
        [Raw(b"p.csv", TEXT, offset=first, local_name=b"q.csv"), Raw(b"q.csv", TEXT, offset=0, local_name=b"p.csv")]
    )
    members, faults = located(turned)
    assert [(m.entry.name, m.entry.offset) for m in members] == [("q.csv", 0), ("p.csv", first)]
    assert faults == []


@pytest.mark.parametrize(
    ("content", "kind", "message"),
    [
        (build([GOOD], prefix=b"12"), "gap", "a member at the first byte, found bytes in front of the members"),
        (build([Raw(b"p.csv", TEXT, padding=b"123"), SECOND]), "gap", "one after the other, found 3 bytes between"),
        (build([GOOD], middle=b"1"), "gap", "found 1 bytes between them"),
        (build([Raw(b"p.csv", TEXT, offset=1)]), "gap", "a member at the first byte"),
        (build([Raw(b"p.csv", TEXT, packed_size=len(TEXT) + 1)]), "overlap", "members that share no bytes"),
        (build([Raw(b"p.csv", TEXT, local_name=b"r.csv")]), "names", "one name, found another one, r.csv"),
        (build([Raw(b"p.csv", TEXT, local_extra=unicode_path(b"r.csv", b""))]), "names", "another one, r.csv"),
        (build([Raw(b"p.csv", TEXT, local={"method": 8})]), "mismatch", "one way of packing"),
        (build([Raw(b"p.csv", TEXT, local={"flags": 0x20})]), "mismatch", "one way of packing"),
        (build([Raw(b"p.csv", TEXT, local={"crc": 0})]), "mismatch", "one size and checksum"),
        (build([described(local={"crc": 0, "packed": 0, "size": 9})]), "mismatch", "one size and checksum"),
        (build([described(padding=b"\0")]), "mismatch", "a description of the member behind it"),
        (build([described(descriptor=bytes(12))]), "mismatch", "a description of the member behind it"),
        (build([described(descriptor=b"x" * 25)]), "mismatch", "a description of the member behind it"),
        (build([Raw(b"p.csv", TEXT, local={"size": U32})]), "corrupt", "a zip64 field that fits its header"),
    ],
)
def test_what_two_readers_would_read_in_two_ways_is_a_fault(content, kind, message):
    _, faults = located(content)
    assert message in str(faults[0])
    assert faults[0].kind == kind


def test_the_level_of_packing_may_differ():
    assert located(build([Raw(b"p.csv", TEXT, 8, flags=2, local={"flags": 4})]))[1] == []


def test_faults_name_their_member_and_the_others_are_looked_at_all_the_same():
    wrong = Raw(b"q.csv", TEXT, local={"crc": 1})
    members, faults = located(build([wrong, GOOD, Raw(b"r.csv", TEXT, local={"flags": DESCRIPTOR})]))
    assert [member.entry.name for member in members] == ["p.csv"]
    assert [fault.member for fault in faults] == ["q.csv", "r.csv"]
