"""Text of any origin comes back in lines, and whatever is no text is told by line."""

from __future__ import annotations

import pytest

from mebench.challenge.checks.findings import Findings
from mebench.challenge.reading.formats.files import DataFile, read_lines
from mebench.challenge.safety.limits import SubmissionLimits


@pytest.fixture
def read(tmp_path):
    def read(content: bytes, **limits):
        path = tmp_path / "p.csv"
        path.write_bytes(content)
        findings = Findings()
        return read_lines(DataFile("p.csv", path), findings, SubmissionLimits(**limits)), findings

    return read


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_byte_order_marks_and_line_ends_do_not_matter_but_are_noted(read, end, mark):
    lines, findings = read(mark + "a,é".encode() + end + b"1,2")
    assert lines == ["a,é", "1,2"]
    assert findings.counts == {}
    assert len(findings.notes) == (mark != b"") + (end != b"\n")


def test_every_line_that_is_no_utf8_is_told(read):
    lines, findings = read(b"a\n\xe9\nb\nc\xff\n")
    assert [(p.line, p.kind, p.found) for p in findings.problems] == [
        (2, "encoding", "'the byte 0xe9'"),
        (4, "encoding", "'the byte 0xff'"),
    ]
    assert lines[0] == "a"


def test_controls_are_told_by_line_and_taken_out(read):
    lines, findings = read(b"a\x00b\nc\x1b[2J\nd\te\n")
    assert [(p.line, p.kind) for p in findings.problems] == [(1, "nul"), (2, "control")]
    assert lines == ["ab", "c[2J", "d\te", ""]


def test_a_line_that_is_too_long_comes_back_empty_so_that_numbers_stay(read):
    lines, findings = read(b"a\n" + b"x" * 11 + b"\nb", line_chars=10)
    assert lines == ["a", "", "b"]
    assert [(p.line, p.found) for p in findings.problems] == [(2, "'11'")]


def test_unicode_separators_end_no_line(read):
    assert read("a\u2028b\x0cc\n".encode())[0] == ["a\u2028bc", ""]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"\xff\xfea\0", "encoding"),
        (b"\x80\x04\x95", "binary"),
        (b"\x1f\x8b\x08", "binary"),
        (b"a" * 11, "file_size"),
        (b"\n" * 8 + b"a", "too_many_lines"),
    ],
)
def test_what_cannot_be_read_at_all_gives_no_lines(read, content, kind):
    lines, findings = read(content, file_bytes=10, lines=5)
    assert lines == []
    assert set(findings.counts) == {kind}


def test_links_are_not_followed(tmp_path):
    (tmp_path / "p.csv").symlink_to("/etc/passwd")
    findings = Findings()
    assert read_lines(DataFile("p.csv", tmp_path / "p.csv"), findings, SubmissionLimits()) == []
    assert findings.counts == {"special": 1}


@pytest.mark.parametrize("form", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_wide_encodings_are_named(tmp_path, form):
    path = tmp_path / "wide.csv"
    mark = b"" if form in ("utf-16", "utf-32") else "\ufeff".encode(form)
    path.write_bytes(mark + "subject,video\n".encode(form))
    findings = Findings()
    assert read_lines(DataFile("wide.csv", path), findings, SubmissionLimits()) == []
    assert findings.problems[0].found == f"'{form[:6].upper()}: save the file again'"
