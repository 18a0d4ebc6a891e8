"""Workbooks are told by their content, and an archive that only holds one is none."""

from __future__ import annotations

import io
import zipfile

import pytest

from mebench.schema.problems import InvalidTable
from mebench.schema.tables import REQUIRED, Column, read_table, text
from mebench.schema.workbooks import LOOKED_AT, is_workbook


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return an archive of (name, content)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


EXCEL = zipped(
    ("docProps/app.xml", b"<a/>"),
    ("xl/workbook.xml", b"<w/>"),
    ("[Content_Types].xml", b"<t/>"),
    ("xl/calcChain.xml", b""),
)
OPEN_DOCUMENT = zipped(
    ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", b"<x/>"), method=zipfile.ZIP_STORED
)
DEFLATED_DOCUMENT = zipped(("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", b"<x/>"))
BINARY_EXCEL = zipped(("[Content_Types].xml", b"<t/>"), ("xl/workbook.bin", b""), method=zipfile.ZIP_STORED)
NUMBERS = zipped(("Data/a.jpg", b""), ("Index/Document.iwa", b""), ("Index/CalculationEngine-2.iwa", b""))
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)


@pytest.mark.parametrize("content", [EXCEL, BINARY_EXCEL, OPEN_DOCUMENT, DEFLATED_DOCUMENT, NUMBERS, OLD_EXCEL])
def test_workbooks_of_every_program(content):
    assert is_workbook(content)
    assert is_workbook(content[:1024], content[-LOOKED_AT:])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04",
        b"PK\x05\x06" + bytes(18),
        b"subject,video\n[Content_Types].xml,xl/\n",
        zipped(("predictions.csv", b"a,b\n")),
        zipped(("manifest.json", b"{}"), ("results.xlsx", EXCEL), method=zipfile.ZIP_STORED),
        zipped(("manifest.json", b"{}"), ("results.ods", OPEN_DOCUMENT), method=zipfile.ZIP_STORED),
        zipped(("results.ods", OPEN_DOCUMENT), method=zipfile.ZIP_STORED),
        zipped(("results.csv", EXCEL), method=zipfile.ZIP_STORED),
        zipped(("word/document.xml", b""), ("[Content_Types].xml", b"")),
        zipped(("word/document.xml", b""), ("[Content_Types].xml", b""), ("pixl/workbook.xml", b"")),
        zipped(("[Content_Types].xml", b""), ("xl/readme.txt", b"")),
        zipped(("readme.txt", b"application/vnd.oasis.opendocument.spreadsheet"), method=zipfile.ZIP_STORED),
        zipped(("mimetype.txt", b"application/vnd.oasis.opendocument.spreadsheet"), method=zipfile.ZIP_STORED),
        zipped(("mimetype", b"application/vnd.oasis.opendocument.text"), method=zipfile.ZIP_STORED),
        zipped(("a.csv", b""), ("xl/workbook.xml, [Content_Types].xml, Index/CalculationEngine", b"")),
        b"PK\x03\x04" + bytes(22) + b"\x08\0\0\0mimetype\xff\xff",
        b"PK\x03\x04" + bytes(4) + b"\x08\0" + bytes(16) + b"\x08\0\0\0mimetype\xff\xff",
    ],
)
def test_other_files_are_none(content):
    assert not is_workbook(content)


def test_a_table_that_is_one_is_refused_in_one_line(tmp_path):
    (tmp_path / "events.csv").write_bytes(EXCEL)
    with pytest.raises(InvalidTable) as caught:
        read_table(tmp_path / "events.csv", [Column("subject", text, REQUIRED)])
    assert str(caught.value).splitlines()[1:] == [
        "  events.csv: expected a table in text: save the workbook as CSV, found a workbook"
    ]
