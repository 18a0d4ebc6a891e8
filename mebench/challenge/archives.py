"""Zip archives of strangers: audited before a byte is written, then extracted under a running budget.

Conventions
-----------
A header's word is never trusted: sizes are checked as declared *and* as they stream. What is refused is refused whole,
with every reason; nothing of a refused archive reaches the disk.
"""

from __future__ import annotations

import dataclasses
import itertools
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from mebench.challenge.zip_directory import directory_bytes
from mebench.schema.problems import InvalidTable, Problem, quoted, refuse

_CHUNK = 1 << 16
_NESTED = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".zst", ".jar", ".whl")
_NESTED_MAGIC = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!", b"\x28\xb5\x2f\xfd")
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""What every packer writes; the others may ask for gigabytes before the first byte is out."""
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
)
"""What the library raises for a damaged archive; a name in broken UTF-8 is a ValueError."""
_DRIVE = re.compile(r"^[A-Za-z]:")
_BYTES_PER_ENTRY = 46 + 1024
"""A directory entry has 46 fixed bytes; names and extra fields longer than 1 KiB on average are not honest."""


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


@dataclasses.dataclass(frozen=True)
class Audit:
    """What an archive holds once it has passed.

    Attributes
    ----------
    members : pairs (member of the archive, path below the target folder).
    notes : what was left out or stripped, one sentence each.
    """

    members: tuple[tuple[zipfile.ZipInfo, PurePosixPath], ...]
    notes: tuple[str, ...]


def audit_zip(path: Path, limits: ArchiveLimits | None = None) -> Audit:
    """Check an archive by its directory alone; nothing is decompressed or written.

    Raises
    ------
    InvalidTable : with every reason for which the archive is refused.
    """
    limits = limits or ArchiveLimits()
    _check_container(path, limits)
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except _BROKEN as error:
        raise InvalidTable([_problem(path, "", "a readable zip archive", str(error), "corrupt")]) from error
    kept = [i for i in infos if not _is_litter(i)]
    notes = (
        [f"{len(infos) - len(kept)} entries of __MACOSX or .DS_Store were left out"] if len(kept) < len(infos) else []
    )
    files = [i for i in kept if not _is_folder(i)]
    refuse([*_count_problems(path, files, limits), *_member_problems(path, kept, limits), *_overlaps(path, files)])
    root = _common_root(files)
    if root:
        notes.append(f"the common folder {quoted(root)} was stripped")
    strip = 1 if root else 0
    members = tuple((i, PurePosixPath(*PurePosixPath(i.filename).parts[strip:])) for i in files)
    return Audit(members, tuple(notes))


def extract_zip(path: Path, out: Path, limits: ArchiveLimits | None = None) -> Audit:
    """Audit an archive and extract it into the empty folder `out`, counting every byte as it streams.

    Raises
    ------
    InvalidTable : when the audit refuses it, or a member turns out larger than it declared, nested or corrupt.
    """
    limits = limits or ArchiveLimits()
    audit = audit_zip(path, limits)
    budget = limits.total_bytes
    with zipfile.ZipFile(path) as archive:
        for info, target in audit.members:
            budget -= _extract_member(archive, info, out / target, path, min(limits.member_bytes, budget))
    return audit


def _extract_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, path: Path, budget: int) -> int:
    """Write one member and return its size; a member past its budget stops at once."""
    # A member may not exceed its own word either: a header that lies is reason enough.
    budget = min(budget, info.file_size)
    written = 0
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(info) as source, target.open("xb") as file:
            while chunk := source.read(_CHUNK):
                if not written and chunk.startswith(_NESTED_MAGIC):
                    raise InvalidTable([_problem(path, info.filename, "a plain file", "an archive in it", "nested")])
                written += len(chunk)
                if written > budget:
                    raise InvalidTable([_problem(path, info.filename, f"{budget} bytes", "more", "declared_size")])
                file.write(chunk)
    except _BROKEN as error:
        raise InvalidTable([_problem(path, info.filename, "a readable member", str(error), "corrupt")]) from error
    return written


def _problem(path: Path, member: str, expected: str, found: str, kind: str) -> Problem:
    return Problem(path.name, 0, quoted(member) if member else "", expected, quoted(found), kind)


def _check_container(path: Path, limits: ArchiveLimits) -> None:
    """Refuse what would be costly merely to list."""
    size = path.stat().st_size
    if size > limits.archive_bytes:
        raise InvalidTable(
            [_problem(path, "", f"at most {limits.archive_bytes} bytes", f"{size} bytes", "archive_size")]
        )
    directory = directory_bytes(path)
    if directory is None:
        raise InvalidTable([_problem(path, "", "a zip archive", "no zip directory", "corrupt")])
    if directory > limits.members * _BYTES_PER_ENTRY:
        raise InvalidTable([_problem(path, "", f"at most {limits.members} members", "a huge directory", "members")])


def _is_litter(info: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(info.filename).parts
    return bool(parts) and (parts[0] == "__MACOSX" or parts[-1] == ".DS_Store")


def _is_folder(info: zipfile.ZipInfo) -> bool:
    # ZipInfo.is_dir fails on an empty name.
    return info.filename.endswith("/")


def _common_root(files: Sequence[zipfile.ZipInfo]) -> str:
    """Return the one folder that holds everything, or an empty string."""
    parts = [PurePosixPath(i.filename).parts for i in files]
    roots = {p[0] for p in parts}
    return roots.pop() if len(roots) == 1 and all(len(p) > 1 for p in parts) else ""


def _count_problems(path: Path, files: Sequence[zipfile.ZipInfo], limits: ArchiveLimits) -> list[Problem]:
    problems = []
    if not files:
        problems.append(_problem(path, "", "at least one file", "an empty archive", "empty"))
    if len(files) > limits.members:
        problems.append(_problem(path, "", f"at most {limits.members} files", f"{len(files)} files", "members"))
    total = sum(i.file_size for i in files)
    if total > limits.total_bytes:
        expected = f"at most {limits.total_bytes} bytes when extracted"
        problems.append(_problem(path, "", expected, f"{total} bytes", "total_size"))
    return problems


def _member_problems(path: Path, infos: Sequence[zipfile.ZipInfo], limits: ArchiveLimits) -> list[Problem]:
    """Collect what is wrong with the members one by one, and names that collide where case does not count."""
    problems: list[Problem] = []
    names: dict[str, str] = {}
    for info in infos:
        problems += [_problem(path, info.orig_filename, *p) for p in _name_faults(info.orig_filename)]
        problems += [_problem(path, info.orig_filename, *p) for p in _entry_faults(info, limits)]
        folded = info.filename.rstrip("/").casefold()
        if folded in names and not _is_folder(info):
            clash = ("names that differ in more than case", names[folded], "duplicate")
            problems.append(_problem(path, info.orig_filename, *clash))
        names[folded] = info.filename
    return problems


def _name_faults(name: str) -> list[tuple[str, str, str]]:
    """Return (expected, found, kind) for each way in which a name could leave the folder."""
    rules = (
        ("\0" in name, "a name without NUL", "NUL", "nul"),
        ("\\" in name, "a name with / between folders", "a backslash", "backslash"),
        (name.startswith("/"), "a relative path", "an absolute path", "absolute"),
        (bool(_DRIVE.match(name)), "a relative path", "a drive letter", "drive"),
        (".." in re.split(r"[/\\]", name), "a path inside the archive", "..", "traversal"),
        (any(ord(c) < 32 or ord(c) == 127 for c in name.replace("\0", "")), "printable names", "controls", "control"),
        (len(name.encode()) > 255 or not name.strip("/. "), "a name of 1 to 255 bytes", "another", "name"),
    )
    return [(expected, found, kind) for broken, expected, found, kind in rules if broken]


def _entry_faults(info: zipfile.ZipInfo, limits: ArchiveLimits) -> list[tuple[str, str, str]]:
    """Return (expected, found, kind) for links, devices, encryption, nesting, and sizes that no submission has."""
    mode = info.external_attr >> 16
    odd = stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR)
    ratio = info.file_size / max(info.compress_size, 1)
    rules = (
        (odd, "a plain file", "a link or device", "special"),
        (bool(info.flag_bits & 0x1), "an unencrypted member", "encryption", "encrypted"),
        (info.compress_type not in _METHODS, "a stored or deflated member", "another compression", "compression"),
        (info.filename.lower().endswith(_NESTED), "plain files", "an archive inside", "nested"),
        (info.file_size > limits.member_bytes, f"at most {limits.member_bytes} bytes", str(info.file_size), "size"),
        (
            ratio > limits.ratio and info.file_size > limits.ratio_floor,
            f"a compression ratio of at most {limits.ratio:g}",
            f"{ratio:.0f}",
            "ratio",
        ),
    )
    return [(expected, found, kind) for broken, expected, found, kind in rules if broken]


def _overlaps(path: Path, files: Sequence[zipfile.ZipInfo]) -> list[Problem]:
    """Refuse members that share bytes: the trick behind flat zip bombs."""
    spans = sorted((i.header_offset, i.header_offset + 30 + i.compress_size, i.filename) for i in files)
    return [
        _problem(path, name, "members that share no bytes", "an overlap", "overlap")
        for (_, end, _), (start, _, name) in itertools.pairwise(spans)
        if start < end
    ]
