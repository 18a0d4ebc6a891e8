"""Records of the sizes that the format names, and reads that are whole or refused."""

from __future__ import annotations

import io
import zipfile

import pytest

from mebench.challenge.safety.zip_records import (
    CENTRAL,
    CENTRAL_MARK,
    END,
    END64,
    END_MARK,
    LOCAL,
    LOCAL_MARK,
    LOCATOR,
    ZipFault,
    read_at,
)


def test_the_records_are_as_long_as_the_format_says():
    assert [record.size for record in (LOCAL, CENTRAL, END, END64, LOCATOR)] == [30, 46, 22, 56, 20]


def test_the_records_lie_where_another_packer_puts_them():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("p.csv", b"abc")
    content = buffer.getvalue()
    directory = LOCAL.size + len("p.csv") + len(b"abc")
    assert content.startswith(LOCAL_MARK)
    assert content.startswith(CENTRAL_MARK, directory)
    assert content.startswith(END_MARK, directory + CENTRAL.size + len("p.csv"))
    assert len(content) == directory + CENTRAL.size + len("p.csv") + END.size


def test_a_read_returns_just_what_was_asked_for():
    assert read_at(io.BytesIO(b"0123456789"), 3, 4) == b"3456"
    assert read_at(io.BytesIO(b"0123456789"), 10, 0) == b""


@pytest.mark.parametrize(("at", "length"), [(7, 4), (10, 1), (99, 1)])
def test_a_read_beyond_the_end_is_refused(at, length):
    with pytest.raises(ZipFault, match="expected a whole archive, found one that ends too soon"):
        read_at(io.BytesIO(b"0123456789"), at, length)


def test_a_fault_is_of_the_whole_archive_unless_it_names_a_member():
    fault = ZipFault("this", "that")
    assert (fault.expected, fault.found, fault.kind, fault.member) == ("this", "that", "corrupt", "")
