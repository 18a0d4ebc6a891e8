"""Workbooks of spreadsheet programs, told from other files: people hand them in where a table in text is due."""

from __future__ import annotations

SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".fods", ".numbers")
"""Endings of their names, in lower case."""

EXPECTED, FOUND, KIND = "a table in text: save the workbook as CSV", "a workbook", "workbook"
"""What a problem says of one."""

LOOKED_AT = 1 << 20
"""Bytes at either end of a file that are enough to tell."""

_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument.spreadsheet"
_ZIP, _END = b"PK\x03\x04", b"PK\x05\x06"


def is_workbook(head: bytes, tail: bytes | None = None) -> bool:
    """Tell whether a file is a workbook of Excel, LibreOffice or Numbers, whatever it is called.

    Parameters
    ----------
    head : the first bytes, or all of them.
    tail : the last `LOOKED_AT` bytes; those of `head` when left out.
    """
    if head.startswith(_COMPOUND):
        return True
    if not head.startswith(_ZIP):
        return False
    names = _directory(head[-LOOKED_AT:] if tail is None else tail)
    of_excel = b"[Content_Types].xml" in names and b"xl/" in names
    return of_excel or _OPEN_DOCUMENT in head[:200] or b"Index/CalculationEngine" in names


def _directory(tail: bytes) -> bytes:
    """Return the list of members of a zip archive as it stands, so that an archive inside it does not count."""
    end = tail.rfind(_END)
    size = int.from_bytes(tail[end + 12 : end + 16], "little") if end >= 0 else 0
    return tail[max(end - size, 0) : max(end, 0)]
