"""Workbooks of spreadsheet programs, told from other files: people hand them in where a table in text is due."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".fods", ".numbers")
"""Endings of their names, in lower case."""

EXPECTED, FOUND, KIND = "a table in text: save the workbook as CSV", "a workbook", "workbook"
"""What a problem says of one."""

LOOKED_AT = 1 << 20
"""Bytes at either end of a file that are enough to tell."""

_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument.spreadsheet"
_ZIP, _LISTED, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_DEFLATED = 8


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
    names = set(_listed(head[-LOOKED_AT:] if tail is None else tail))
    of_excel = b"[content_types].xml" in names and any(name.startswith(b"xl/workbook.") for name in names)
    of_numbers = any(name.startswith(b"index/calculationengine") for name in names)
    return of_excel or of_numbers or _kind_of_document(head).startswith(_OPEN_DOCUMENT)


def _kind_of_document(head: bytes) -> bytes:
    """Return what an OpenDocument file says of itself in its first member, `mimetype`; nothing for other archives."""
    at = 30 + _number(head, 26, 2)
    if head[30:at] != b"mimetype":
        return b""
    content = head[at + _number(head, 28, 2) :]
    if _number(head, 8, 2) != _DEFLATED:
        return content[: len(_OPEN_DOCUMENT)]
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(content, len(_OPEN_DOCUMENT))
    except zlib.error:
        return b""


def _listed(tail: bytes) -> Iterator[bytes]:
    """Yield the names in the list of members as it stands, in lower case; an archive inside it does not count."""
    end = max(tail.rfind(_END), 0)
    at = tail.find(_LISTED, max(end - _number(tail, end + 12, 4), 0), end)
    while 0 <= at < end and tail.startswith(_LISTED, at):
        name = at + 46 + _number(tail, at + 28, 2)
        yield tail[at + 46 : name].lower()
        at = name + _number(tail, at + 30, 2) + _number(tail, at + 32, 2)


def _number(data: bytes, at: int, size: int) -> int:
    return int.from_bytes(data[at : at + size], "little")
