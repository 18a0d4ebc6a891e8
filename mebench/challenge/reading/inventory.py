"""What lies in a submission: a folder, a zip archive or a single file, without opening what needs no opening.

Conventions
-----------
Read are `manifest.json` and tables (.csv .tsv .txt .log) or answers (.jsonl .ndjson .json). Readmes and licences,
hidden files and the litter of operating systems are left out with a note; any other file is a problem, for whoever sent
it believes that it counts. Links and devices are never followed. Digests: of an archive or a file its sha256, of a
folder the sha256 over the names and digests of its files.
"""

from __future__ import annotations

import dataclasses
import hashlib
import io
import os
from pathlib import Path, PurePosixPath
from typing import Any

from mebench.challenge.checks.findings import Findings
from mebench.challenge.reading.formats.files import DataFile, read_bytes
from mebench.challenge.reading.manifest import FILE as MANIFEST
from mebench.challenge.safety.archives import extract_zip
from mebench.challenge.safety.limits import SubmissionLimits
from mebench.challenge.safety.plain import plain_text, shown_name
from mebench.challenge.safety.plain_files import (
    FILE,
    FOLDER,
    NOT_PLAIN,
    Entry,
    NotPlain,
    foreign_links,
    kind_of,
    open_below,
    overrun,
    problem_of,
    walk,
)
from mebench.challenge.safety.zip_names import clashes
from mebench.errors import UserError
from mebench.schema import workbooks
from mebench.schema.problems import InvalidTable
from mebench.tasks.base import Task

_LITTER = ("__macosx", "thumbs.db", "desktop.ini")
_PAPERS = ("readme", "license", "licence")
_DATABASES = ("samm", "casme", "cas", "smic")
_CHUNK = 1 << 20
_HEAD = 1 << 10
_NO_PLAIN_FILE = "no plain file"
_NO_DIGEST = hashlib.sha256(_NO_PLAIN_FILE.encode()).hexdigest()


@dataclasses.dataclass(frozen=True)
class Inventory:
    """What there is to read.

    Attributes
    ----------
    files : the data files, by name.
    manifest : text of `manifest.json`, or None where there is none or it cannot be read.
    """

    files: tuple[DataFile, ...] = ()
    manifest: str | None = None


def digest_of_submission(path: Path, limits: SubmissionLimits | None = None) -> str:
    """Return the sha256 hex digest of a file, or of a folder's names and contents.

    Raises
    ------
    UserError : when there is no such file or folder, or it cannot be read.
    """
    limits = limits or SubmissionLimits()
    try:
        kind = kind_of(path)
        if kind != FOLDER:
            return _digest_of_file(path, limits) if kind == FILE else _NO_DIGEST
        digest = hashlib.sha256()
        for entry in walk(path, limits):
            if entry.kind != FOLDER:
                name = os.fsencode(entry.path)
                digest.update(f"{len(name)} ".encode() + name + _digest_of_entry(entry, limits).encode())
        return digest.hexdigest()
    except OSError as error:
        where = plain_text(str(path))
        raise UserError(f"{where} cannot be read ({error.strerror}): check the name of the submission.") from error


def _digest_of_file(path: Path, limits: SubmissionLimits) -> str:
    try:
        with open_below(path.parent, PurePosixPath(path.name)) as file:
            return _digest(file, max(limits.file_bytes, limits.archive.archive_bytes))
    except NotPlain:
        return _NO_DIGEST


def _digest_of_entry(entry: Entry, limits: SubmissionLimits) -> str:
    try:
        with entry.open() as file:
            return _digest(file, limits.file_bytes)
    except NotPlain:
        return _NO_PLAIN_FILE


def _digest(file: io.BufferedReader, longest: int) -> str:
    """Return the digest of a file; those that are too large have one together, for none of them is ever read."""
    digest = hashlib.sha256()
    left = longest + 1
    if os.fstat(file.fileno()).st_size > longest:
        return _NO_DIGEST
    while left > 0 and (chunk := file.read(min(_CHUNK, left))):
        digest.update(chunk)
        left -= len(chunk)
    return digest.hexdigest()


def take_stock(path: Path, work: Path, task: Task[Any, Any], findings: Findings, limits: SubmissionLimits) -> Inventory:
    """Find what a submission holds; an archive is extracted into the empty folder `work`.

    Raises
    ------
    UserError : when there is no such file or folder.
    """
    try:
        kind = kind_of(path)
    except OSError as error:
        where = plain_text(str(path))
        raise UserError(f"{where} does not exist: give a folder, a zip archive or a table.") from error
    if kind == FOLDER:
        return _sort(path, path.name, task, findings, limits)
    if kind != FILE:
        expected = "a folder, a zip archive or a table"
        # /dev/stdin and what a shell gives for <(...) are links to a pipe.
        if kind in ("pipe", "device", "socket") or (kind == "link" and not (path.is_file() or path.is_dir())):
            expected += " (write the content to a file, and give that)"
        elif kind in ("link", "hard link"):
            expected += " (give a copy of the file)"
        findings.problem(path.name, 0, "", expected, NOT_PLAIN[kind], "special")
        return Inventory()
    suffix = path.suffix.lower()
    head, tail = _ends(path)
    if suffix in workbooks.SUFFIXES or workbooks.is_workbook(head, tail):
        findings.problem(path.name, 0, "", workbooks.EXPECTED, workbooks.FOUND, workbooks.KIND)
        return Inventory()
    if suffix != ".zip" and (suffix in task.suffixes or not head.startswith(b"PK\x03\x04")):
        return Inventory(_data_files(path.parent, [PurePosixPath(path.name)], task, findings))
    try:
        audit = extract_zip(path, work, limits.archive)
    except InvalidTable as error:
        findings.adopt(error.problems)
        return Inventory()
    for note in audit.notes:
        findings.note(note)
    return _sort(work, path.name, task, findings, limits)


def _ends(path: Path) -> tuple[bytes, bytes]:
    """Return the first and the last bytes of a plain file, none of anything else."""
    try:
        with open_below(path.parent, PurePosixPath(path.name)) as file:
            head = file.read(_HEAD)
            file.seek(max(os.fstat(file.fileno()).st_size - workbooks.LOOKED_AT, 0))
            return head, file.read(workbooks.LOOKED_AT)
    except NotPlain:
        return b"", b""


def _sort(folder: Path, name: str, task: Task[Any, Any], findings: Findings, limits: SubmissionLimits) -> Inventory:
    """Tell manifests, data files, papers and litter apart; `name` is the submission's in messages."""
    entries = list(walk(folder, limits))
    faults = overrun(entries, limits)
    for fault in faults:
        findings.problem(name, 0, "", *fault)
    for twin in clashes([f"{entry.path}/" if entry.kind == FOLDER else str(entry.path) for entry in entries]):
        findings.problem(twin.member, 0, "", twin.expected, twin.found, twin.kind)
    foreign = foreign_links(entries)
    manifests, data = [], []
    for entry in entries:
        kind = "hard link" if entry.path in foreign else entry.kind
        if kind == FOLDER:
            continue
        if _is_litter(entry.path):
            findings.note("files were left out", shown_name(str(entry.path)))
        elif kind != FILE:
            findings.problem(str(entry.path), 0, "", *problem_of(kind))
        elif entry.path.name.lower() == MANIFEST:
            manifests.append(entry.path)
        else:
            data.append(entry.path)
        if faults and kind == FILE and entry.status is not None and entry.status.st_size > limits.file_bytes:
            findings.problem(str(entry.path), 0, "", f"at most {limits.file_bytes} bytes", "more", "file_size")
    if faults:
        return Inventory()
    return Inventory(_data_files(folder, data, task, findings), _read_manifest(folder, manifests, findings, limits))


def _is_litter(name: PurePosixPath) -> bool:
    path = PurePosixPath(str(name).lower())
    hidden = any(part.startswith(".") or part in _LITTER for part in path.parts)
    return hidden or path.suffix == ".md" or path.name.startswith(_PAPERS)


def _read_manifest(
    folder: Path, found: list[PurePosixPath], findings: Findings, limits: SubmissionLimits
) -> str | None:
    if not found:
        return None
    if len(found) > 1:
        findings.problem(MANIFEST, 0, "", "one manifest", f"{len(found)}", "manifest")
    content = read_bytes(DataFile(str(found[0]), folder / found[0], root=folder), limits.manifest_bytes, findings)
    if content is None:
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found_byte = f"the byte 0x{content[error.start]:02x}"
        findings.problem(MANIFEST, content.count(b"\n", 0, error.start) + 1, "", "UTF-8", found_byte, "encoding")
        return None


def _data_files(
    folder: Path, found: list[PurePosixPath], task: Task[Any, Any], findings: Findings
) -> tuple[DataFile, ...]:
    files = []
    for path in found:
        if path.suffix.lower() in task.suffixes:
            files.append(DataFile(shown_name(str(path)), folder / path, _database(path.name), folder))
        elif path.suffix.lower() in workbooks.SUFFIXES:
            findings.problem(str(path), 0, "", workbooks.EXPECTED, workbooks.FOUND, workbooks.KIND)
        else:
            expected = f"files that end in {' '.join(task.suffixes)}"
            findings.problem(str(path), 0, "", expected, path.suffix or "no ending", "file_type")
    if not files and not findings.counts:
        findings.problem("submission", 0, "", f"a file that ends in {' '.join(task.suffixes)}", "none", "no_file")
    return tuple(sorted(files, key=lambda f: f.name))


def _database(name: str) -> str:
    """Return the database with which a file's name begins, such as `samm` for `samm_pred.csv`."""
    stem = name.lower()
    return next((base for base in _DATABASES if stem.startswith((f"{base}_", f"{base}-"))), "")
