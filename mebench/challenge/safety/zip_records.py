"""The records of a zip file as the format lays them out, and the fault that is told when one is not as it should be.

Conventions
-----------
All numbers are little-endian and unsigned. Names are those of the format's description (PKWARE APPNOTE 6.3, section 4).
"""

from __future__ import annotations

import struct
from typing import BinaryIO

LOCAL, LOCAL_MARK = struct.Struct("<4s5H3I2H"), b"PK\x03\x04"
"""Section 4.3.7: version, flags, method, time, date, checksum, sizes, lengths of name and extra field."""

CENTRAL, CENTRAL_MARK = struct.Struct("<4s2B5H3I5H2I"), b"PK\x01\x02"
"""Section 4.3.12: version, system, and what the local header says, then disk, attributes and offset."""

END, END_MARK = struct.Struct("<4s4H2IH"), b"PK\x05\x06"
"""Section 4.3.16: disks, numbers of entries, size and offset of the directory, length of the comment."""

END64, END64_MARK = struct.Struct("<4sQ2H2I4Q"), b"PK\x06\x06"
"""Section 4.3.14: length, versions, and the numbers of `END` in full."""

LOCATOR, LOCATOR_MARK = struct.Struct("<4sIQI"), b"PK\x06\x07"
"""Section 4.3.15: where the zip64 end record lies."""

DESCRIPTOR_MARK = b"PK\x07\x08"
STORED, DEFLATED = 0, 8
ENCRYPTED, LEVEL, DESCRIPTOR, UTF8 = 0x0001, 0x0006, 0x0008, 0x0800
"""Bits of the flags, section 4.4.4: the two of the level say nothing about how to read."""
HIDDEN = ENCRYPTED | 0x0040 | 0x2000
"""Encryption of every kind: plain, strong, and masked headers."""


class ZipFault(ValueError):
    """Something in an archive that no honest packer writes.

    Attributes
    ----------
    expected, found, kind : as in a `Problem`.
    member : name of the member, empty for the archive as a whole.
    """

    def __init__(self, expected: str, found: str, kind: str = "corrupt", member: str = "") -> None:
        super().__init__(f"expected {expected}, found {found}")
        self.expected, self.found, self.kind, self.member = expected, found, kind, member


def read_at(file: BinaryIO, at: int, length: int) -> bytes:
    """Return exactly so many bytes from a place in the file.

    Raises
    ------
    ZipFault : when the file ends before.
    """
    file.seek(at)
    found = file.read(length)
    if len(found) < length:
        raise ZipFault("a whole archive", "one that ends too soon")
    return found
