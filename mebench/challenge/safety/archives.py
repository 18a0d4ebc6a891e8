"""Zip archives of strangers: audited before a byte is written, then extracted to the very names that were audited.

Conventions
-----------
A header's word is never trusted: sizes are checked as declared *and* as they stream. What is refused is refused whole,
with every reason; nothing of a refused archive reaches the disk. The archive is read by the parser of this package, so
the verdict and its sentence are the same whichever Python reads it.
"""

from __future__ import annotations

import dataclasses
import errno
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from mebench.challenge.safety.below import create_below
from mebench.challenge.safety.zip_checks import ArchiveLimits, count_faults, member_faults
from mebench.challenge.safety.zip_content import unpacked
from mebench.challenge.safety.zip_directory import Entry, read_directory
from mebench.challenge.safety.zip_layout import Member, locate
from mebench.challenge.safety.zip_names import is_folder, parts_of
from mebench.challenge.safety.zip_records import ZipFault
from mebench.errors import UserError
from mebench.schema import workbooks
from mebench.schema.problems import InvalidTable, Problem, quoted, refuse

_NESTED_MAGIC = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!", b"\x28\xb5\x2f\xfd")
_HEAD = 1 << 10
_OF_THE_PACKER = ("corrupt", "declared_size", "flags", "gap", "mismatch", "names", "overlap")
"""Kinds that no change of the files themselves would mend."""

_ENTRIES_PER_FILE = 4
"""Folders, and what operating systems add, come on top of the files."""
_TAKEN = (errno.EEXIST, errno.ENOTDIR, errno.ELOOP, errno.EISDIR)
_UNWRITABLE = (errno.ENAMETOOLONG, errno.EILSEQ, errno.EINVAL)


@dataclasses.dataclass(frozen=True)
class Audit:
    """What an archive holds once it has passed.

    Attributes
    ----------
    members : pairs (member of the archive, path below the target folder).
    notes : what was left out or stripped, one sentence each.
    """

    members: tuple[tuple[Member, PurePosixPath], ...]
    notes: tuple[str, ...]


def audit_zip(path: Path, limits: ArchiveLimits | None = None) -> Audit:
    """Check an archive by its directory and headers; nothing is decompressed or written.

    Raises
    ------
    InvalidTable : with every reason for which the archive is refused.
    UserError : when the file cannot be read.
    """
    with _opened(path) as file:
        return _audit(file, path, limits or ArchiveLimits())


def extract_zip(path: Path, out: Path, limits: ArchiveLimits | None = None) -> Audit:
    """Audit an archive, decompress it once to see that it is whole, and then extract it into the empty folder `out`.

    Raises
    ------
    InvalidTable : when the audit refuses it, or a member turns out larger than it declared, nested or corrupt.
    UserError : when the file cannot be read, or the folder cannot be written.
    """
    with _opened(path) as file:
        audit = _audit(file, path, limits or ArchiveLimits())
        members = [member for member, _ in audit.members]
        refuse([_problem(path, fault) for member in members for fault in _content_faults(file, member)])
        try:
            out.mkdir(parents=True, exist_ok=True)
            for member, target in audit.members:
                _write(file, member, out, target, path)
        except OSError as error:
            raise UserError(f"{out} cannot be written ({error.strerror}): free space, or choose another.") from error
    return audit


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error.strerror}): check the name of the archive.") from error


def _problem(path: Path, fault: ZipFault) -> Problem:
    column = quoted(fault.member) if fault.member else ""
    remedy = ": pack the files anew" if fault.kind in _OF_THE_PACKER else ""
    return Problem(path.name, 0, column, fault.expected, quoted(fault.found) + remedy, fault.kind)


def _audit(file: BinaryIO, path: Path, limits: ArchiveLimits) -> Audit:
    size = file.seek(0, 2)
    if size > limits.archive_bytes:
        too_large = ZipFault(f"at most {limits.archive_bytes} bytes", f"{size} bytes", "archive_size")
        raise InvalidTable([_problem(path, too_large)])
    try:
        directory = read_directory(file, size, limits.members * _ENTRIES_PER_FILE)
        members, faults = locate(file, directory)
    except ZipFault as fault:
        raise InvalidTable([_problem(path, fault)]) from fault
    kept = [entry for entry in directory.entries if not _is_litter(entry)]
    files = [entry for entry in kept if not is_folder(entry)]
    found = [*count_faults(files, limits), *member_faults(kept, limits), *faults]
    refuse([_problem(path, fault) for fault in found])
    root = _common_root(files)
    places = {entry: PurePosixPath(*parts_of(entry.name)[1 if root else 0 :]) for entry in files}
    notes = _notes(len(directory.entries) - len(kept), root)
    return Audit(tuple((member, places[member.entry]) for member in members if member.entry in places), notes)


def _notes(left_out: int, root: str) -> tuple[str, ...]:
    notes = []
    if left_out:
        notes.append(f"{left_out} entries of __MACOSX or .DS_Store were left out")
    if root:
        notes.append(f"the common folder {quoted(root)} was stripped")
    return tuple(notes)


def _is_litter(entry: Entry) -> bool:
    parts = parts_of(entry.name)
    return bool(parts) and (parts[0] == "__MACOSX" or parts[-1] == ".DS_Store")


def _common_root(files: Sequence[Entry]) -> str:
    """Return the one folder that holds everything, or an empty string."""
    parts = [parts_of(entry.name) for entry in files]
    roots = {p[0] for p in parts}
    return roots.pop() if len(roots) == 1 and all(len(p) > 1 for p in parts) else ""


def _content_faults(file: BinaryIO, member: Member) -> Iterator[ZipFault]:
    """Unpack a member into nothing, and yield why it cannot be taken."""
    head, tail = b"", bytearray()
    try:
        for chunk in unpacked(file, member):
            head += chunk[: _HEAD - len(head)]
            tail += chunk
            if len(tail) > 2 * workbooks.LOOKED_AT:
                del tail[: -workbooks.LOOKED_AT]
    except ZipFault as fault:
        yield ZipFault(fault.expected, fault.found, fault.kind, member.entry.name)
    is_called_one = PurePosixPath(member.entry.name).suffix.lower() in workbooks.SUFFIXES
    if is_called_one or workbooks.is_workbook(head, bytes(tail[-workbooks.LOOKED_AT :])):
        yield ZipFault(workbooks.EXPECTED, workbooks.FOUND, workbooks.KIND, member.entry.name)
    elif head.startswith(_NESTED_MAGIC):
        yield ZipFault("a plain file", "an archive in it", "nested", member.entry.name)


def _write(file: BinaryIO, member: Member, out: Path, target: PurePosixPath, path: Path) -> None:
    """Write one member to where its audited name leads, below the folder and nowhere else."""
    try:
        with create_below(out, target) as copy:
            copy.writelines(unpacked(file, member))
    except (ZipFault, ValueError, OSError) as error:
        raise InvalidTable([_problem(path, _writing_fault(error, member))]) from error


def _writing_fault(error: ZipFault | ValueError | OSError, member: Member) -> ZipFault:
    """Return why a member could not be written, or raise what is not the archive's fault."""
    name = member.entry.name
    if isinstance(error, ZipFault):
        return ZipFault(error.expected, error.found, error.kind, name)
    if isinstance(error, OSError) and error.errno in _TAKEN:
        return ZipFault("a new file below the work folder", "something in its way", "clash", name)
    if isinstance(error, OSError) and error.errno not in _UNWRITABLE:
        raise error
    return ZipFault("a name that can be written below the work folder", "another", "name", name)
