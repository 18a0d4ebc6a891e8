"""What a zip archive and its members may be: how many, how large, how packed, and plain files only."""

from __future__ import annotations

import dataclasses
import stat
from collections.abc import Iterator, Sequence

from mebench.challenge.safety.zip_directory import Entry
from mebench.challenge.safety.zip_names import clashes, is_folder, name_faults
from mebench.challenge.safety.zip_records import DEFLATED, DESCRIPTOR, HIDDEN, LEVEL, STORED, UTF8, ZipFault

_NESTED = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".zst", ".jar", ".whl")
_METHODS = (STORED, DEFLATED)
"""What every packer writes; the others may ask for gigabytes before the first byte is out."""
_FLAGS = LEVEL | DESCRIPTOR | UTF8
_FOLDER_OF_DOS = 0x10


@dataclasses.dataclass(frozen=True)
class ArchiveLimits:
    """What an honest submission stays far below.

    Attributes
    ----------
    members : files in the archive.
    archive_bytes : size of the archive itself.
    member_bytes, total_bytes : size of one member and of all, decompressed.
    ratio : decompressed over compressed size, once a member exceeds `ratio_floor` bytes.
    ratio_floor : small files may compress as well as they like.
    """

    members: int = 1_000
    archive_bytes: int = 64 << 20
    member_bytes: int = 64 << 20
    total_bytes: int = 256 << 20
    ratio: float = 100.0
    ratio_floor: int = 1 << 20


def count_faults(files: Sequence[Entry], limits: ArchiveLimits) -> Iterator[ZipFault]:
    """Yield what is wrong with the number of files and their size together."""
    if not files:
        yield ZipFault("at least one file", "an empty archive", "empty")
    if len(files) > limits.members:
        yield ZipFault(f"at most {limits.members} files", f"{len(files)} files", "members")
    total = sum(entry.size for entry in files)
    if total > limits.total_bytes:
        yield ZipFault(f"at most {limits.total_bytes} bytes when extracted", f"{total} bytes", "total_size")


def member_faults(entries: Sequence[Entry], limits: ArchiveLimits) -> Iterator[ZipFault]:
    """Yield what is wrong with the members one by one, and names that collide."""
    for entry in entries:
        yield from name_faults(entry)
        yield from _entry_faults(entry, limits)
    yield from clashes([entry.name for entry in entries])


def _entry_faults(entry: Entry, limits: ArchiveLimits) -> list[ZipFault]:
    """Return links, devices, encryption, nesting, flags that change the reading, and sizes that no submission has."""
    ratio = entry.size / max(entry.packed, 1)
    encrypted = bool(entry.flags & HIDDEN)
    rules = (
        (_is_special(entry), "a plain file", "a link, a device, or a folder with content", "special"),
        (encrypted, "an unencrypted member", "encryption", "encrypted"),
        (bool(entry.flags & ~(_FLAGS | HIDDEN)), "a member as every packer writes it", "rare flags", "flags"),
        (entry.method not in _METHODS, "a stored or deflated member", "another compression", "compression"),
        (
            entry.method == STORED and entry.size != entry.packed and not encrypted,
            f"{entry.packed} bytes, for it is stored as it is",
            f"{entry.size}",
            "mismatch",
        ),
        (entry.name.lower().endswith(_NESTED), "plain files", "an archive inside", "nested"),
        (entry.size > limits.member_bytes, f"at most {limits.member_bytes} bytes", f"{entry.size}", "size"),
        (
            ratio > limits.ratio and entry.size > limits.ratio_floor,
            f"a compression ratio of at most {limits.ratio:g}",
            f"{ratio:.0f}",
            "ratio",
        ),
    )
    return [ZipFault(expected, found, kind, entry.name) for broken, expected, found, kind in rules if broken]


def _is_special(entry: Entry) -> bool:
    """Tell whether a member is neither a file nor an empty folder, by its attributes and its name."""
    kind = stat.S_IFMT(entry.attributes >> 16)
    if is_folder(entry):
        return kind not in (0, stat.S_IFDIR) or entry.size > 0
    return kind not in (0, stat.S_IFREG) or bool(entry.attributes & _FOLDER_OF_DOS)
