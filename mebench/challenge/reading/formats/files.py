"""The text of one submitted file, in lines.

Conventions
-----------
UTF-8, with or without a byte order mark; lines end in LF, CRLF or CR. Anything else is a problem of its line, and the
other lines are read all the same, so that every error is told at once. Line numbers are those of an editor.
"""

from __future__ import annotations

import dataclasses
import os
import re
from pathlib import Path, PurePosixPath

from mebench.challenge.checks.findings import Findings
from mebench.challenge.safety.limits import SubmissionLimits
from mebench.challenge.safety.plain_files import NotPlain, open_below, problem_of
from mebench.schema import workbooks

_MAGIC = {
    b"PK\x03\x04": "a zip archive",
    b"\x1f\x8b": "a gzip archive",
    b"\x80\x02": "a pickle",
    b"\x80\x03": "a pickle",
    b"\x80\x04": "a pickle",
    b"\x80\x05": "a pickle",
    b"\x93NUMPY": "a numpy array",
    b"\x89PNG": "a picture",
    b"\x89HDF": "an HDF5 file",
    b"%PDF": "a PDF",
    b"\x7fELF": "a program",
    b"SQLite format": "a database",
}
_WIDE = {
    b"\xff\xfe\0\0": "UTF-32",
    b"\0\0\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}
"""Encodings by their byte order marks; that of UTF-32 begins like that of UTF-16."""

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


@dataclasses.dataclass(frozen=True)
class DataFile:
    """One file of a submission.

    Attributes
    ----------
    name : its path below the submission, printable, for messages.
    path : where it lies.
    database : `samm`, `cas` or the like where the name of the file begins with one, else empty.
    root : folder of the submission, below which no link is followed; the file's own folder when it is None.
    """

    name: str
    path: Path
    database: str = ""
    root: Path | None = None


def read_bytes(file: DataFile, longest: int, findings: Findings) -> bytes | None:
    """Return a plain file's content, or None after adding a problem."""
    root = file.root or file.path.parent
    try:
        with open_below(root, PurePosixPath(file.path.relative_to(root))) as opened:
            # A file that says itself that it is too large is not read at all.
            too_large = os.fstat(opened.fileno()).st_size > longest
            content = b"" if too_large else opened.read(longest + 1)
    except NotPlain as error:
        findings.problem(file.name, 0, "", *problem_of(error.kind))
        return None
    except OSError as error:
        findings.problem(file.name, 0, "", "a readable file", error.strerror or "an error", "unreadable")
        return None
    if too_large or len(content) > longest:
        findings.problem(file.name, 0, "", f"at most {longest} bytes", "more", "file_size")
        return None
    return content


def read_lines(file: DataFile, findings: Findings, limits: SubmissionLimits) -> list[str]:
    """Return the lines of a file, none when it cannot be read at all; lines that are too long come back empty."""
    content = read_bytes(file, limits.file_bytes, findings)
    if content is None:
        return []
    if workbooks.is_workbook(content):
        findings.problem(file.name, 0, "", workbooks.EXPECTED, workbooks.FOUND, workbooks.KIND)
        return []
    for magic, what in _MAGIC.items():
        if content.startswith(magic):
            findings.problem(file.name, 0, "", "a text file", what, "binary")
            return []
    if wide := next((name for mark, name in _WIDE.items() if content.startswith(mark)), ""):
        findings.problem(file.name, 1, "", "text in UTF-8", f"{wide}: save the file again", "encoding")
        return []
    if not content.strip():
        findings.problem(file.name, 1, "", "a header and rows", "an empty file", "empty")
        return []
    text = _decode(content, file, findings)
    text = _unix_lines(text, file, findings)
    if text.count("\n") > limits.lines:
        findings.problem(file.name, 0, "", f"at most {limits.lines} lines", "more", "too_many_lines")
        return []
    return _bounded(_printable(text, file, findings), file, findings, limits)


def _decode(content: bytes, file: DataFile, findings: Findings) -> str:
    if content.startswith(b"\xef\xbb\xbf"):
        findings.note("a byte order mark was passed over", file.name)
        content = content[3:]
    try:
        return content.decode()
    except UnicodeDecodeError:
        for number, line in enumerate(content.split(b"\n"), 1):
            try:
                line.decode()
            except UnicodeDecodeError as error:
                byte = f"the byte 0x{line[error.start]:02x}"
                findings.problem(file.name, number, "", "text in UTF-8", byte, "encoding")
        return content.decode(errors="replace")


def _unix_lines(text: str, file: DataFile, findings: Findings) -> str:
    if "\r" not in text:
        return text
    findings.note("line ends of Windows or old Macs were read as line ends", file.name)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _printable(text: str, file: DataFile, findings: Findings) -> list[str]:
    """Return the lines without control characters, each of which is a problem."""
    if not _CONTROLS.search(text):
        return text.split("\n")
    lines = text.split("\n")
    for i, line in enumerate(lines):
        if match := _CONTROLS.search(line):
            kind = "nul" if match.group() == "\0" else "control"
            findings.problem(file.name, i + 1, "", "printable text", f"the character {match.group()!a}", kind)
            lines[i] = _CONTROLS.sub("", line)
    return lines


def _bounded(lines: list[str], file: DataFile, findings: Findings, limits: SubmissionLimits) -> list[str]:
    if max(map(len, lines)) <= limits.line_chars:
        return lines
    for i, line in enumerate(lines):
        if len(line) > limits.line_chars:
            expected = f"at most {limits.line_chars} characters"
            findings.problem(file.name, i + 1, "", expected, f"{len(line)}", "line_length")
            lines[i] = ""
    return lines
