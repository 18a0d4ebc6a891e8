"""Zip archives of which every field may lie: what no library writes, for the tests of the one that reads them."""

from __future__ import annotations

import dataclasses
import struct
import zlib

FILE = 0o100644 << 16
U16, U32 = 0xFFFF, 0xFFFFFFFF


@dataclasses.dataclass
class Raw:
    """One member; what is None is told as it is."""

    name: bytes
    content: bytes = b""
    method: int = 0
    flags: int = 0
    packed: bytes | None = None
    crc: int | None = None
    packed_size: int | None = None
    size: int | None = None
    extra: bytes = b""
    local_name: bytes | None = None
    local_extra: bytes = b""
    local: dict[str, int] = dataclasses.field(default_factory=dict)
    descriptor: bytes = b""
    attributes: int = FILE
    offset: int | None = None
    disk: int = 0
    version: int = 20
    date: int = 0x5A21
    comment: bytes = b""
    padding: bytes = b""

    def body(self) -> bytes:
        """Return the packed bytes."""
        if self.packed is not None:
            return self.packed
        return deflated(self.content) if self.method == 8 else self.content

    def numbers(self) -> dict[str, int]:
        """Return checksum and sizes as the directory tells them."""
        return {
            "crc": zlib.crc32(self.content) if self.crc is None else self.crc,
            "packed": len(self.body()) if self.packed_size is None else self.packed_size,
            "size": len(self.content) if self.size is None else self.size,
        }


def deflated(content: bytes) -> bytes:
    """Compress the way zip archives do."""
    engine = zlib.compressobj(6, zlib.DEFLATED, -15)
    return engine.compress(content) + engine.flush()


def field(tag: int, content: bytes) -> bytes:
    """Return one extra field."""
    return struct.pack("<HH", tag, len(content)) + content


def unicode_path(name: bytes, real: bytes, version: int = 1) -> bytes:
    """Return the extra field that gives a member a second name."""
    return field(0x7075, struct.pack("<BI", version, zlib.crc32(real)) + name)


def local_record(raw: Raw) -> bytes:
    """Return a local header with its content and descriptor."""
    told = {"flags": raw.flags, "method": raw.method, **raw.numbers(), **raw.local}
    name = raw.name if raw.local_name is None else raw.local_name
    head = struct.pack(
        "<4s5H3I2H", b"PK\x03\x04", raw.version, told["flags"], told["method"], 0, raw.date,
        told["crc"], told["packed"] & U32, told["size"] & U32, len(name), len(raw.local_extra),
    )  # fmt: skip
    return head + name + raw.local_extra + raw.body() + raw.descriptor + raw.padding


def central_record(raw: Raw, offset: int) -> bytes:
    """Return an entry of the directory."""
    told = raw.numbers()
    head = struct.pack(
        "<4s2B5H3I5H2I", b"PK\x01\x02", 20, 3, raw.version, raw.flags, raw.method, 0, raw.date,
        told["crc"], told["packed"] & U32, told["size"] & U32, len(raw.name), len(raw.extra), len(raw.comment),
        raw.disk, 0, raw.attributes & U32, (offset if raw.offset is None else raw.offset) & U32,
    )  # fmt: skip
    return head + raw.name + raw.extra + raw.comment


def end_record(count: int, size: int, offset: int, comment: bytes = b"", lies: dict[str, int] | None = None) -> bytes:
    """Return an end record; `disk`, `directory_disk`, `here`, `total`, `size`, `offset` and `length` may lie."""
    told = {"disk": 0, "directory_disk": 0, "here": count, "total": count, "size": size, "offset": offset}
    told |= {"length": len(comment)} | (lies or {})
    return struct.pack("<4s4H2IH", b"PK\x05\x06", *told.values()) + comment


def wide_end(count: int, size: int, offset: int, at: int, lies: dict[str, int]) -> bytes:
    """Return a zip64 end record that stands at `at`, with its locator."""
    told = {"length": 44, "disk": 0, "here": count, "total": count, "size": size, "offset": offset}
    told |= {"at": at, "disks": 1} | lies
    record = struct.pack(
        "<4sQ2H2I4Q", b"PK\x06\x06", told["length"], 45, 45, told["disk"], 0,
        told["here"], told["total"], told["size"], told["offset"],
    )  # fmt: skip
    return record + struct.pack("<4sIQI", b"PK\x06\x07", 0, told["at"], told["disks"])


def build(
    members: list[Raw],
    *,
    prefix: bytes = b"",
    middle: bytes = b"",
    suffix: bytes = b"",
    comment: bytes = b"",
    wide: dict[str, int] | None = None,
    **end: int,
) -> bytes:
    """Return an archive.

    Parameters
    ----------
    members : in the order in which they lie.
    prefix, middle, suffix : bytes before the members, before the directory, and behind it all.
    comment : of the archive.
    wide : what a zip64 record says other than the truth; without one when it is None.
    end : what the end record says other than the truth.
    """
    body = bytearray(prefix)
    entries = b""
    for raw in members:
        entries += central_record(raw, len(body))
        body += local_record(raw)
    body += middle
    start = len(body)
    body += entries
    if wide is not None:
        body += wide_end(len(members), len(entries), start, len(body), wide)
    return bytes(body) + end_record(len(members), len(entries), start, comment, end) + suffix
