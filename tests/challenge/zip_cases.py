"""Archives that some reader takes for another one, and honest ones in every form that packers write.

`python zip_cases.py` prints the sentence with which each is refused; `zip_verdicts.txt` holds what it must print.
"""

from __future__ import annotations

import stat
import struct
import sys
import tempfile
from pathlib import Path

from raw_zip import U16, U32, Raw, build, deflated, end_record, field, unicode_path

from mebench.challenge.safety.archives import extract_zip
from mebench.challenge.safety.zip_checks import ArchiveLimits
from mebench.schema.problems import InvalidTable

LIMITS = ArchiveLimits(members=20, archive_bytes=200_000, member_bytes=50_000, total_bytes=90_000, ratio_floor=10_000)
TEXT = b"subject,video,onset,offset,type\n006,006_1,10,40,micro\n"
GOOD = Raw(b"p.csv", TEXT)
SECOND = Raw(b"q.csv", TEXT)
UTF8, DESCRIPTOR = 0x800, 8


def described(name: bytes = b"p.csv", form: str = "<4s3I", **changes: object) -> Raw:
    """Return a member whose sizes stand behind it."""
    raw = Raw(name, TEXT, 8, DESCRIPTOR, local={"crc": 0, "packed": 0, "size": 0})
    numbers = raw.numbers().values()
    raw.descriptor = struct.pack(form, *([b"PK\x07\x08", *numbers] if "s" in form else numbers))
    for key, value in changes.items():
        setattr(raw, key, value)
    return raw


def named(*names: str, flags: int = UTF8) -> bytes:
    """Return an archive of members with these names."""
    return build(
        [
            Raw(name.encode(), attributes=0x10) if name.endswith("/") else Raw(name.encode(), TEXT, flags=flags)
            for name in names
        ]
    )


WIDE_SIZES = struct.pack("<2Q", len(TEXT), len(TEXT))
INNER = build([GOOD])
HONEST = {
    "stored": build([GOOD, SECOND]),
    "deflated": build([Raw(b"p.csv", TEXT, 8)]),
    "nothing_in_a_file": build([Raw(b"p.csv")]),
    "nothing_in_a_deflated_file": build([Raw(b"p.csv", b"", 8)]),
    "folders": build([Raw(b"team/", attributes=(0o40755 << 16) | 16), Raw(b"team/p.csv", TEXT)]),
    "folders_with_dots": named("./team/p.csv", "./team//q.csv"),
    "another_order_in_the_directory": build([GOOD, Raw(b"q.csv", TEXT, 8), Raw(b"r.csv", b"x")]),
    "a_comment": build([GOOD], comment=b"made by hand"),
    "a_comment_on_a_member": build([Raw(b"p.csv", TEXT, comment=b"good")]),
    "sizes_behind_the_member": build([described(), described(b"q.csv")]),
    "sizes_behind_without_a_mark": build([described(form="<3I")]),
    "sizes_behind_of_64_bits": build([described(form="<4sI2Q")]),
    "sizes_behind_and_in_front": build([described(local={})]),
    "sizes_behind_and_64_bits_in_front": build(
        [described(form="<4sI2Q", local={"crc": 0, "packed": U32, "size": U32}, local_extra=field(1, bytes(16)))]
    ),
    "sizes_of_64_bits": build(
        [Raw(b"p.csv", TEXT, local={"packed": U32, "size": U32}, local_extra=field(1, WIDE_SIZES))]
    ),
    "a_size_of_64_bits_in_the_directory": build(
        [Raw(b"p.csv", TEXT, extra=field(1, WIDE_SIZES[:8]), size=U32, local={"size": len(TEXT)})]
    ),
    "a_zip64_end": build([GOOD], wide={}),
    "a_zip64_end_and_ones": build([GOOD], wide={}, here=U16, total=U16, size=U32, offset=U32),
    "times_and_owners": build([Raw(b"p.csv", TEXT, extra=field(0x5455, b"\1" * 5), local_extra=field(0x7875, b"\1" * 11))]),
    "padding_of_the_extra_field": build([Raw(b"p.csv", TEXT, local_extra=field(0xD935, b"\4\0\0\0") + b"\0\0\0")]),
    "the_same_name_twice_told": build([Raw(b"p.csv", TEXT, extra=unicode_path(b"p.csv", b"p.csv"))]),
    "a_name_in_utf_8": named("é_pred.csv"),
    "a_name_in_utf_8_that_nobody_says": named("é_pred.csv", flags=0),
    "a_name_in_cp437": build([Raw(b"\x82_pred.csv", TEXT)]),
    "a_date_that_is_none": build([Raw(b"p.csv", TEXT, date=0xFFFF)]),
    "attributes_of_windows": build([Raw(b"p.csv", TEXT, attributes=0x20)]),
}  # fmt: skip

NAMES = {
    "a_second_name_in_an_extra_field": ("names", build([Raw(b"p.csv", TEXT, extra=unicode_path(b"../up.csv", b"p.csv"))])),
    "a_second_name_out_of_date": ("names", build([Raw(b"p.csv", TEXT, extra=unicode_path(b"../up.csv", b"old"))])),
    "a_second_name_with_an_absolute_path": ("names", build([Raw(b"p.csv", TEXT, extra=unicode_path(b"/tmp/x", b"p.csv"))])),
    "a_second_name_in_the_local_header": ("names", build([Raw(b"p.csv", TEXT, local_extra=unicode_path(b"q.csv", b"p.csv"))])),
    "a_second_name_of_nothing": ("names", build([Raw(b"p.csv", TEXT, extra=unicode_path(b"", b"p.csv"))])),
    "a_second_name_twice": ("corrupt", build([Raw(b"p.csv", TEXT, extra=unicode_path(b"p.csv", b"p.csv") * 2)])),
    "a_second_name_of_version_2": ("corrupt", build([Raw(b"p.csv", TEXT, extra=unicode_path(b"p.csv", b"p.csv", 2))])),
    "a_second_name_cut_short": ("corrupt", build([Raw(b"p.csv", TEXT, extra=field(0x7075, b"\1"))])),
    "a_second_name_in_no_utf_8": ("encoding", build([Raw(b"p.csv", TEXT, extra=unicode_path(b"\xff", b"p.csv"))])),
    "another_name_in_the_local_header": ("names", build([Raw(b"p.csv", TEXT, local_name=b"../up.csv")])),
    "a_longer_name_in_the_local_header": ("names", build([Raw(b"p.csv", TEXT, local_name=b"p.csv\0x")])),
    "a_nul": ("nul", build([Raw(b"p.csv\0.exe", TEXT)])),
    "a_nul_at_the_end": ("nul", build([Raw(b"p.csv\0", TEXT)])),
    "no_name": ("name", build([Raw(b"", TEXT)])),
    "a_dot": ("name", named(".")),
    "blanks_for_a_folder": ("name", named("  /p.csv")),
    "three_dots": ("name", named("a/.../p.csv")),
    "two_dots_and_a_blank": ("name traversal", named(".. /p.csv")),
    "two_wide_dots": ("traversal", named("\uff0e\uff0e/p.csv")),
    "a_two_dot_leader": ("traversal", named("\u2025/p.csv")),
    "a_wide_slash_in_front": ("absolute", named("\uff0fetc/p.csv")),
    "a_wide_drive": ("drive", named("\uff23\uff1ap.csv")),
    "a_drive": ("drive", named("c:p.csv")),
    "a_network_path": ("absolute", named("//server/share/p.csv")),
    "a_long_path_of_windows": ("backslash", named("\\\\?\\c:\\p.csv")),
    "up_and_down": ("traversal", named("a/../p.csv")),
    "up_at_the_end": ("traversal", named("a/..")),
    "text_that_turns_around": ("control", named("vsc\u202e.exe.csv")),
    "text_that_prints_as_nothing": ("control", named("p\u200b.csv")),
    "a_c1_control": ("control", named("p\x9b2J.csv")),
    "a_tag_character": ("control", named("p\U000e0041.csv")),
    "too_deep": ("depth", named("/".join("abcdefghijklmnopq") + "/p.csv")),
    "names_in_another_case": ("duplicate", named("p.csv", "P.CSV")),
    "names_with_another_final_sigma": ("duplicate", named("ς.csv", "σ.csv")),
    "names_with_a_sharp_s": ("duplicate", named("straße.csv", "STRASSE.csv")),
    "names_composed_otherwise": ("duplicate", named("é.csv", "e\u0301.csv")),
    "names_of_another_width": ("duplicate", named("p.csv", "\uff50.csv")),
    "names_with_a_ligature": ("duplicate", named("\ufb01.csv", "fi.csv")),
    "names_with_a_dot_at_the_end": ("duplicate", named("p.csv", "p.csv.")),
    "names_with_a_blank_at_the_end": ("duplicate", named("a/p.csv", "a /p.csv")),
    "names_with_a_dot_between": ("duplicate", named("a/p.csv", "a/./p.csv")),
    "names_with_two_slashes": ("duplicate", named("a/p.csv", "a//p.csv")),
    "one_name_twice": ("duplicate", build([GOOD, GOOD])),
    "a_file_that_is_a_folder_too": ("clash", named("a", "a/b")),
    "a_folder_and_then_a_file": ("clash", named("a/b", "a")),
    "an_empty_folder_and_a_file": ("clash", named("a/", "a", "b")),
    "a_file_and_a_folder_in_another_case": ("clash", named("A", "a/b")),
    "a_flag_that_says_utf_8_and_none": ("encoding", build([Raw(b"\xff.csv", TEXT, flags=UTF8)])),
    "an_overlong_slash": ("encoding", build([Raw(b"..\xc0\xafp.csv", TEXT, flags=UTF8)])),
    "a_surrogate": ("encoding", build([Raw(b"\xed\xa0\x80.csv", TEXT, flags=UTF8)])),
}  # fmt: skip

HEADERS = {
    "another_method_in_the_local_header": ("mismatch", build([Raw(b"p.csv", TEXT, local={"method": 8})])),
    "other_flags_in_the_local_header": ("mismatch", build([Raw(b"p.csv", TEXT, local={"flags": UTF8})])),
    "encryption_in_the_local_header": ("mismatch", build([Raw(b"p.csv", TEXT, local={"flags": 1})])),
    "another_size_in_the_local_header": ("mismatch", build([Raw(b"p.csv", TEXT, local={"size": 9})])),
    "another_packed_size_in_the_local_header": ("mismatch", build([Raw(b"p.csv", TEXT, local={"packed": 9})])),
    "another_checksum_in_the_local_header": ("mismatch", build([Raw(b"p.csv", TEXT, local={"crc": 9})])),
    "no_sizes_and_none_behind": ("mismatch", build([Raw(b"p.csv", TEXT, local={"crc": 0, "packed": 0, "size": 0})])),
    "other_sizes_behind": ("mismatch", build([described(descriptor=b"PK\7\x08" + bytes(12))])),
    "no_sizes_behind": ("mismatch", build([described(descriptor=b"")])),
    "more_than_sizes_behind": ("mismatch", build([described(padding=b"x" * 9)])),
    "a_stored_member_of_another_size": ("mismatch", build([Raw(b"p.csv", TEXT, size=9)])),
    "encrypted": ("encrypted", build([Raw(b"p.csv", TEXT, flags=1)])),
    "strongly_encrypted": ("encrypted", build([Raw(b"p.csv", TEXT, flags=0x41)])),
    "masked": ("encrypted", build([Raw(b"p.csv", TEXT, flags=0x2000)])),
    "patched_data": ("flags", build([Raw(b"p.csv", TEXT, flags=0x20)])),
    "enhanced_deflating": ("flags", build([Raw(b"p.csv", TEXT, flags=0x10)])),
    "a_flag_that_nobody_uses": ("flags", build([Raw(b"p.csv", TEXT, flags=0x8000)])),
    "bzip2": ("compression", build([Raw(b"p.csv", TEXT, 12)])),
    "deflate64": ("compression", build([Raw(b"p.csv", TEXT, 9)])),
    "a_method_that_is_none": ("compression", build([Raw(b"p.csv", TEXT, 0xFFFF)])),
    "a_version_to_come": ("corrupt", build([Raw(b"p.csv", TEXT, version=64)])),
    "another_disk": ("corrupt", build([Raw(b"p.csv", TEXT, disk=1)])),
    "a_link": ("special", build([Raw(b"p.csv", b"/etc/passwd", attributes=(stat.S_IFLNK | 0o777) << 16)])),
    "a_pipe": ("special", build([Raw(b"p.csv", b"", attributes=(stat.S_IFIFO | 0o600) << 16)])),
    "a_file_that_is_a_folder": ("special", build([Raw(b"p.csv", TEXT, attributes=0o40755 << 16)])),
    "a_file_that_is_a_folder_of_dos": ("special", build([Raw(b"p.csv", TEXT, attributes=16)])),
    "a_folder_with_content": ("special", build([GOOD, Raw(b"a/", TEXT, attributes=16)])),
    "a_folder_that_is_a_link": ("special", build([GOOD, Raw(b"a/", attributes=(stat.S_IFLNK | 0o777) << 16)])),
    "a_bomb_by_its_word": ("ratio", build([Raw(b"p.csv", TEXT, 8, packed=b"x" * 50, size=49_000)])),
    "an_extra_field_cut_short": ("corrupt", build([Raw(b"p.csv", TEXT, extra=b"\1\0\xff\xff")])),
    "an_extra_field_with_a_rest": ("corrupt", build([Raw(b"p.csv", TEXT, extra=b"xyz")])),
    "a_zip64_field_too_short": ("corrupt", build([Raw(b"p.csv", TEXT, extra=field(1, b"\0" * 4), size=U32)])),
    "a_zip64_field_for_nothing": ("corrupt", build([Raw(b"p.csv", TEXT, extra=field(1, WIDE_SIZES))])),
    "a_zip64_field_too_long": ("corrupt", build([Raw(b"p.csv", TEXT, extra=field(1, WIDE_SIZES), size=U32)])),
    "no_zip64_field": ("corrupt", build([Raw(b"p.csv", TEXT, size=U32)])),
    "two_zip64_fields": ("corrupt", build([Raw(b"p.csv", TEXT, extra=field(1, WIDE_SIZES[:8]) * 2, size=U32)])),
    "a_zip64_size_that_lies": (
        "mismatch size total_size ratio",
        build([Raw(b"p.csv", TEXT, extra=field(1, struct.pack("<Q", 1 << 40)), size=U32, local={"size": len(TEXT)})]),
    ),
}  # fmt: skip

LAYOUTS = {
    "bytes_in_front": ("gap", build([GOOD], prefix=b"#!/bin/sh\n")),
    "bytes_in_front_that_nobody_counts": ("corrupt", b"#!/bin/sh\n" + build([GOOD])),
    "an_archive_in_front": ("corrupt", INNER + build([SECOND])),
    "bytes_between_the_members": ("gap", build([Raw(b"p.csv", TEXT, padding=b"hidden"), SECOND])),
    "bytes_before_the_directory": ("gap", build([GOOD], middle=b"hidden")),
    "a_member_that_nobody_lists": ("gap", build([GOOD], middle=build([SECOND])[:90])),
    "bytes_behind": ("corrupt", build([GOOD], suffix=b"hidden")),
    "a_line_break_behind": ("corrupt", build([GOOD], suffix=b"\n")),
    "an_end_in_the_comment": ("corrupt", build([GOOD], comment=end_record(0, 0, 0))),
    "an_end_in_the_comment_that_does_not_fit": ("corrupt", build([GOOD], comment=b"PK\5\6" + b"x" * 40)),
    "an_archive_in_the_comment": ("corrupt", build([GOOD], comment=build([SECOND]))),
    "a_comment_longer_than_it_says": ("corrupt", build([GOOD], comment=b"hello", length=3)),
    "a_comment_shorter_than_it_says": ("corrupt", build([GOOD], comment=b"hello", length=9)),
    "two_members_in_one_place": ("overlap names", build([GOOD, Raw(b"q.csv", TEXT, offset=0)])),
    "a_member_within_another": ("overlap corrupt", build([GOOD, Raw(b"q.csv", TEXT, offset=5)])),
    "a_member_beyond_the_end": ("corrupt gap", build([GOOD, Raw(b"q.csv", TEXT, offset=1 << 30)])),
    "a_member_in_the_directory": ("overlap", build([Raw(b"p.csv", TEXT, packed_size=len(TEXT) + 9, size=len(TEXT) + 9)])),
    "a_count_too_low": ("corrupt", build([GOOD, SECOND], here=1, total=1)),
    "a_count_too_high": ("corrupt", build([GOOD], here=2, total=2)),
    "a_count_of_none": ("corrupt", build([GOOD], here=0, total=0)),
    "a_count_of_65535": ("members", build([GOOD], here=U16, total=U16)),
    "a_directory_too_small": ("corrupt", build([GOOD], size=20)),
    "a_directory_too_large": ("members", build([GOOD], size=U32)),
    "a_directory_elsewhere": ("corrupt", build([GOOD], offset=0)),
    "a_directory_with_more_in_it": ("corrupt", build([Raw(b"p.csv", TEXT)], middle=b"PK\5\5\0\0", offset=89, size=57)),
    "another_disk_at_the_end": ("corrupt", build([GOOD], disk=1)),
    "the_directory_on_another_disk": ("corrupt", build([GOOD], directory_disk=1)),
    "entries_on_another_disk": ("corrupt", build([GOOD, SECOND], here=1)),
    "a_zip64_end_of_another_count": ("corrupt", build([GOOD], wide={"total": 2, "here": 2})),
    "a_zip64_end_of_another_size": ("corrupt", build([GOOD], wide={"size": 99})),
    "a_zip64_end_of_another_offset": ("corrupt", build([GOOD], wide={"offset": 1 << 40})),
    "a_zip64_end_elsewhere": ("corrupt", build([GOOD], wide={"at": 0})),
    "a_zip64_end_of_two_disks": ("corrupt", build([GOOD], wide={"disks": 2})),
    "a_zip64_end_with_more_in_it": ("corrupt", build([GOOD], wide={"length": 99})),
    "a_zip64_end_of_millions": ("members", build([GOOD], wide={"total": 1 << 40, "here": 1 << 40}, here=U16, total=U16)),
    "a_zip64_end_of_terabytes": ("members", build([GOOD], wide={"size": 1 << 40}, size=U32)),
    "entries_beyond_what_is_listed": ("members", build([Raw(b"%d.csv" % i, b"x") for i in range(90)])),
    "no_directory": ("corrupt", TEXT),
    "nothing_at_all": ("corrupt", b""),
    "an_end_and_nothing_else": ("empty", end_record(0, 0, 0)),
    "half_an_end": ("corrupt", INNER[:-9]),
    "no_end": ("corrupt", INNER[:-22]),
    "no_start": ("corrupt", INNER[9:]),
}  # fmt: skip

CONTENTS = {
    "a_wrong_checksum": ("corrupt", build([Raw(b"p.csv", TEXT, crc=9)])),
    "damaged_data": ("corrupt", build([Raw(b"p.csv", TEXT, 8, packed=b"\xff" * 30)])),
    "data_cut_short": ("corrupt", build([Raw(b"p.csv", TEXT, 8, packed=deflated(TEXT)[:-9])])),
    "bytes_behind_the_data": ("corrupt", build([Raw(b"p.csv", TEXT, 8, packed=deflated(TEXT) + b"hidden")])),
    "two_streams": ("corrupt", build([Raw(b"p.csv", TEXT, 8, packed=deflated(TEXT) + deflated(b"hidden"))])),
    "more_than_its_header_says": ("declared_size", build([Raw(b"p.csv", TEXT, 8, size=9)])),
    "less_than_its_header_says": ("declared_size", build([Raw(b"p.csv", TEXT, 8, size=99)])),
    "an_archive_in_it": ("nested", build([Raw(b"p.csv", INNER)])),
    "an_archive_in_small_pieces": (
        "nested",
        build([Raw(b"p.csv", INNER, 8, packed=b"".join(b"\0\1\0\xfe\xff" + INNER[i : i + 1] for i in range(len(INNER))) + b"\3\0")]),
    ),
    "every_member_damaged": ("corrupt", build([Raw(b"p.csv", TEXT, crc=9), Raw(b"q.csv", TEXT, crc=9)])),
}  # fmt: skip

HOSTILE = {**NAMES, **HEADERS, **LAYOUTS, **CONTENTS}
"""Kinds for which each must be refused, and the archive."""


def verdict(name: str, content: bytes, folder: Path) -> tuple[set[str], list[str]]:
    """Return the kinds and sentences with which an archive is refused, none when it is not."""
    path = folder / f"{name}.zip"
    path.write_bytes(content)
    try:
        extract_zip(path, folder / name, LIMITS)
    except InvalidTable as error:
        return {problem.kind for problem in error.problems}, [str(problem) for problem in error.problems]
    return set(), []


def main() -> None:
    """Print what `zip_verdicts.txt` must hold."""
    with tempfile.TemporaryDirectory() as folder:
        for name, (_, content) in HOSTILE.items():
            sys.stdout.write("".join(f"{line}\n" for line in verdict(name, content, Path(folder))[1]))


if __name__ == "__main__":
    main()
