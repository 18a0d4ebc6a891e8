"""One end record, which is the last thing in the file, and a zip64 one that agrees with it."""

from __future__ import annotations

import io

import pytest
from raw_zip import U16, U32, Raw, build, end_record
from zip_cases import GOOD, SECOND

from mebench.challenge.safety.zip_end import End, find_end, read_end
from mebench.challenge.safety.zip_records import ZipFault


def found(content: bytes) -> int:
    return find_end(io.BytesIO(content), len(content))


def ends(content: bytes) -> tuple[End, int]:
    return read_end(io.BytesIO(content), found(content))


@pytest.mark.parametrize("comment", [b"", b"x", b"made by hand", b"PK\5", b"y" * 0xFFFF])
def test_the_end_stands_right_before_its_comment(comment):
    content = build([GOOD], comment=comment)
    assert found(content) == len(content) - len(comment) - 22


def test_a_mark_before_the_end_is_content():
    content = build([Raw(b"p.csv", b"PK\5\6 and no end record")])
    assert found(content) == len(content) - 22


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "a zip archive, found no zip directory"),
        (b"subject,video\n" * 9, "a zip archive, found no zip directory"),
        (build([GOOD])[:-1], "bytes behind it, or an end that is cut off"),
        (build([GOOD]) + b"\n", "bytes behind it, or an end that is cut off"),
        (build([GOOD], comment=b"x" * 0xFFFF) + b"y", "no zip directory"),
        (build([GOOD], comment=end_record(0, 0, 0)), "one end record, found another one in the comment"),
        (build([GOOD], comment=b"PK\5\6"), "one end record, found another one in the comment"),
    ],
)
def test_any_other_end_is_refused(content, message):
    with pytest.raises(ZipFault, match=message):
        found(content)


def test_the_numbers_are_those_of_the_record():
    content = build([GOOD, SECOND])
    at = len(content) - 22
    # Two members of 30 + 5 + n bytes, two entries of 46 + 5.
    start = 2 * (35 + len(GOOD.content))
    assert ends(content) == (End(0, 0, 2, 2, 2 * 51, start), at)
    assert start + 2 * 51 == at


@pytest.mark.parametrize("plain", [{}, {"here": U16, "total": U16}, {"size": U32}, {"offset": U32}])
def test_a_zip64_record_counts_and_is_where_the_directory_must_stop(plain):
    narrow, at = ends(build([GOOD, SECOND]))
    assert ends(build([GOOD, SECOND], wide={}, **plain)) == (narrow, at)


@pytest.mark.parametrize(
    ("wide", "message"),
    [
        ({"at": 1}, "a zip64 record right before the end record, found one elsewhere"),
        ({"disks": 2}, "found one elsewhere"),
        ({"length": 45}, "a plain zip64 record, found another"),
        ({"disk": 7}, "two end records that agree, found 7 and 0 for the disk"),
        ({"here": 8}, "found 8 and 1 for the number of entries"),
        ({"total": 9}, "found 9 and 1 for the number of entries"),
        ({"size": 5}, "found 5 and 51 for the size of the directory"),
        ({"offset": 6}, f"found 6 and {35 + len(GOOD.content)} for the place of the directory"),
    ],
)
def test_a_zip64_record_that_says_another_thing_is_refused(wide, message):
    with pytest.raises(ZipFault, match=message):
        ends(build([GOOD], wide=wide))


def test_sixteen_ones_mean_elsewhere_for_counts_only():
    with pytest.raises(ZipFault, match="51 and 65535 for the size"):
        ends(build([GOOD], wide={}, size=U16))
