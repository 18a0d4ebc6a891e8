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
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from mebench.challenge.archives import extract_zip
from mebench.challenge.findings import Findings
from mebench.challenge.formats.files import DataFile, read_bytes
from mebench.challenge.limits import SubmissionLimits
from mebench.challenge.manifest import FILE as MANIFEST
from mebench.challenge.plain import plain_text
from mebench.errors import UserError
from mebench.schema.problems import InvalidTable
from mebench.tasks.expected import Task

_TABLES = (".csv", ".tsv", ".txt", ".log")
_SUFFIXES: dict[Task, tuple[str, ...]] = {
    "spotting": _TABLES,
    "str": _TABLES,
    "recognition": _TABLES,
    "vqa": (".jsonl", ".ndjson", ".json"),
}
_LITTER = ("__macosx", "thumbs.db", "desktop.ini")
_PAPERS = ("readme", "license", "licence")
_DATABASES = ("samm", "casme", "cas", "smic")
_CHUNK = 1 << 20


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
        if not path.is_dir():
            return _file_digest(path)
        digest = hashlib.sha256()
        for name, file in _walk(path, limits.files):
            content = _file_digest(file) if file.is_file() and not file.is_symlink() else "no plain file"
            digest.update(f"{len(os.fsencode(name))} ".encode() + os.fsencode(name) + content.encode())
        return digest.hexdigest()
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error.strerror}): check the name of the submission.") from error


def _file_digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def take_stock(path: Path, work: Path, task: Task, findings: Findings, limits: SubmissionLimits) -> Inventory:
    """Find what a submission holds; an archive is extracted into the empty folder `work`.

    Raises
    ------
    UserError : when there is no such file or folder.
    """
    if path.is_dir():
        return _sort(path, task, findings, limits)
    if not path.is_file():
        raise UserError(f"{path} does not exist or is no plain file: give a folder, a zip archive or a table.")
    suffix = path.suffix.lower()
    if suffix != ".zip" and (suffix in _SUFFIXES[task] or not _is_zip(path)):
        return Inventory(_data_files([(path.name, path)], task, findings))
    try:
        audit = extract_zip(path, work, limits.archive)
    except InvalidTable as error:
        findings.adopt(error.problems)
        return Inventory()
    for note in audit.notes:
        findings.note(note)
    return _sort(work, task, findings, limits)


def _is_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"


def _sort(folder: Path, task: Task, findings: Findings, limits: SubmissionLimits) -> Inventory:
    """Tell manifests, data files, papers and litter apart."""
    everything = list(_walk(folder, limits.files))
    if len(everything) > limits.files:
        findings.problem(plain_text(folder.name), 0, "", f"at most {limits.files} files", "more", "too_many_files")
        return Inventory()
    manifests, data = [], []
    for name, path in everything:
        if _is_litter(name):
            findings.note("files were left out", plain_text(name))
        elif PurePosixPath(name).name.lower() == MANIFEST:
            manifests.append((name, path))
        else:
            data.append((name, path))
    total = sum(path.lstat().st_size for _, path in data)
    if total > limits.total_bytes:
        findings.problem(
            plain_text(folder.name), 0, "", f"at most {limits.total_bytes} bytes", f"{total}", "total_size"
        )
        return Inventory()
    return Inventory(_data_files(data, task, findings), _read_manifest(manifests, findings, limits))


def _walk(folder: Path, most: int) -> Iterator[tuple[str, Path]]:
    """Yield name and path of everything but folders, sorted, at most one more than `most`."""
    found = 0
    for place, folders, files in os.walk(folder):
        folders.sort()
        links = [name for name in folders if (Path(place) / name).is_symlink()]
        for name in sorted(files + links):
            path = Path(place) / name
            yield path.relative_to(folder).as_posix(), path
            found += 1
            if found > most:
                return


def _is_litter(name: str) -> bool:
    path = PurePosixPath(name.lower())
    hidden = any(part.startswith(".") or part in _LITTER for part in path.parts)
    return hidden or path.suffix == ".md" or path.name.startswith(_PAPERS)


def _read_manifest(found: list[tuple[str, Path]], findings: Findings, limits: SubmissionLimits) -> str | None:
    if not found:
        return None
    if len(found) > 1:
        findings.problem(MANIFEST, 0, "", "one manifest", f"{len(found)}", "manifest")
    content = read_bytes(found[0][1], plain_text(found[0][0]), limits.manifest_bytes, findings)
    if content is None:
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found_byte = f"the byte 0x{content[error.start]:02x}"
        findings.problem(MANIFEST, content.count(b"\n", 0, error.start) + 1, "", "UTF-8", found_byte, "encoding")
        return None


def _data_files(found: list[tuple[str, Path]], task: Task, findings: Findings) -> tuple[DataFile, ...]:
    files = []
    for name, path in found:
        plain = plain_text(name)
        if Path(name).suffix.lower() in _SUFFIXES[task]:
            files.append(DataFile(plain, path, _database(name)))
        else:
            expected = f"files that end in {' '.join(_SUFFIXES[task])}"
            findings.problem(plain, 0, "", expected, PurePosixPath(name).suffix or "no ending", "file_type")
    if not files and not findings.counts:
        findings.problem("submission", 0, "", f"a file that ends in {' '.join(_SUFFIXES[task])}", "none", "no_file")
    return tuple(sorted(files, key=lambda f: f.name))


def _database(name: str) -> str:
    """Return the database with which a file's name begins, such as `samm` for `samm_pred.csv`."""
    stem = PurePosixPath(name).name.lower()
    return next((base for base in _DATABASES if stem.startswith((f"{base}_", f"{base}-"))), "")
