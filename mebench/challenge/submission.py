"""Reading a submission: everything that is wrong with it at once, or predictions under the challenge's own ids.

Conventions
-----------
A submission is unpacked and read once, and never with the help of the truth: `Reading.submission` raises,
`Reading.report` reports. Nothing is written but what an archive holds, below the work folder. Problems and notes quote
the submission and the public lists only.
"""

from __future__ import annotations

import contextlib
import dataclasses
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypedDict, Unpack

from mebench.challenge.findings import Enough, Findings
from mebench.challenge.formats.answers import read_answers
from mebench.challenge.formats.files import DataFile, read_lines
from mebench.challenge.formats.labels import LabelRows, is_label_log, read_label_log, read_labels
from mebench.challenge.formats.log import Claim, is_log, read_log
from mebench.challenge.formats.spotted import SpottedRows, read_spotted
from mebench.challenge.inventory import Inventory, digest_of_submission, take_stock
from mebench.challenge.limits import SubmissionLimits
from mebench.challenge.listed_checks import AnswerChecks, check_labels
from mebench.challenge.manifest import Manifest, read_manifest
from mebench.challenge.normal import Normal, Predictions
from mebench.challenge.organiser import observations
from mebench.challenge.plain import plain_text
from mebench.challenge.report import Report
from mebench.challenge.shared_checks import Place
from mebench.challenge.spotted_checks import SpottedChecks
from mebench.errors import UserError
from mebench.protocols import base
from mebench.schema.answers import Answers
from mebench.schema.intervals import Intervals
from mebench.schema.recognition import Labels
from mebench.schema.truth import Truth
from mebench.tasks.expected import TASKS, Expected, Task

_EMPTY: dict[Task, Predictions] = {
    "spotting": Intervals.empty(),
    "str": Intervals.empty(),
    "recognition": Labels((), ()),
    "vqa": Answers(()),
}


@dataclasses.dataclass(frozen=True, eq=False)
class Submission:
    """A submission without problems.

    Attributes
    ----------
    manifest : who submits what.
    predictions : intervals, labels of clips, or answers, under the challenge's ids.
    notes : what was read other than it was written.
    digest : sha256 of the archive or file, or of the folder's names and contents.
    format : name of the format that was found, such as `megc2022`.
    places : file and line of every prediction.
    claims : what a log file says about the truth; never scored.
    """

    manifest: Manifest
    predictions: Predictions
    notes: tuple[str, ...]
    digest: str
    format: str
    places: tuple[Place, ...]
    claims: tuple[Claim, ...] = ()

    def graded(self) -> base.Predicted[Any]:
        """Return the predictions the way a protocol takes them."""
        return self.normal().graded()

    def normal(self) -> Normal:
        """Return what is scored: predictions without the files that they stood in."""
        return _normal(self.predictions, self.manifest, self.places, self.claims)


@dataclasses.dataclass
class Reading:
    """A submission as far as it could be read.

    Attributes
    ----------
    name : of the file or folder.
    task : what it was read as.
    findings : problems and notes.
    digest : sha256 of the archive or file, or of the folder's names and contents.
    predictions : those without problems.
    manifest : who submits what, or None where that has problems.
    format : name of the format that was found, or empty.
    places : file and line of every prediction.
    claims : what a log file says about the truth.
    lines : lines read so far, of all files.
    """

    name: str
    task: Task
    findings: Findings
    digest: str
    predictions: Predictions
    manifest: Manifest | None = None
    format: str = ""
    places: tuple[Place, ...] = ()
    claims: tuple[Claim, ...] = ()
    lines: int = 0

    def submission(self) -> Submission:
        """Return the submission.

        Raises
        ------
        InvalidSubmission : an `InvalidTable` with every problem.
        """
        self.findings.refuse()
        assert self.manifest is not None
        return Submission(
            self.manifest,
            self.predictions,
            self.findings.notes,
            self.digest,
            self.format,
            self.places,
            self.claims,
        )

    def normal(self) -> Normal:
        """Return the predictions without problems, without the files that they stood in."""
        return _normal(self.predictions, self.manifest, self.places, self.claims)

    def report(self, truth: Truth | None = None) -> Report:
        """Return a report, whatever is wrong.

        Parameters
        ----------
        truth : for the organiser's channel of the report only; participants have none.
        """
        private: tuple[str, ...] = ()
        if truth is not None and isinstance(self.predictions, Intervals):
            private = observations(self.predictions, self.claims, truth)
        return Report(
            submission=plain_text(self.name),
            digest=self.digest,
            task=self.task,
            format=self.format,
            manifest=self.manifest,
            rows=len(self.places),
            problems=self.findings.problems,
            counts=self.findings.counts,
            notes=self.findings.notes,
            organiser=private,
        )


def _normal(
    predictions: Predictions, manifest: Manifest | None, places: Sequence[Place], claims: tuple[Claim, ...]
) -> Normal:
    source = ", ".join(dict.fromkeys(file for file, _ in places)) or "submission"
    return Normal(predictions, manifest.method if manifest else "", source, tuple(line for _, line in places), claims)


class Options(TypedDict, total=False):
    """How a submission is read: the keywords of `read`."""

    expected: Expected | None
    protocol: str
    flags: Mapping[str, str] | None
    limits: SubmissionLimits | None
    work: Path | None


def read_submission(path: Path, task: Task, **options: Unpack[Options]) -> Submission:
    """Read a submission without problems; parameters and errors as in `read` and `Reading.submission`."""
    return read(path, task, **options).submission()


def check_submission(path: Path, task: Task, *, truth: Truth | None = None, **options: Unpack[Options]) -> Report:
    """Read a submission and report on it; parameters and errors as in `read` and `Reading.report`."""
    return read(path, task, **options).report(truth)


def read(
    path: Path,
    task: Task,
    *,
    expected: Expected | None = None,
    protocol: str = "",
    flags: Mapping[str, str] | None = None,
    limits: SubmissionLimits | None = None,
    work: Path | None = None,
) -> Reading:
    """Read a submission once, whatever is wrong with it.

    Parameters
    ----------
    path : a folder, a zip archive, or a single table or JSONL file.
    task : `spotting`, `str`, `recognition` or `vqa`.
    expected : the public lists that it is held against.
    protocol : id that the manifest must name; any will do when it is empty.
    flags : `team`, `method` and `protocol`, which replace those of the manifest.
    limits : sizes beyond which it is refused.
    work : an empty folder for what an archive holds; a temporary one, removed again, when it is None.

    Raises
    ------
    UserError : when there is nothing at `path`, or it cannot be read.
    """
    if task not in TASKS:
        raise UserError(f"There is no task {task!r}: choose one of {', '.join(TASKS)}.")
    limits = limits or SubmissionLimits()
    findings = Findings()
    try:
        reading = Reading(path.name, task, findings, digest_of_submission(path, limits), _EMPTY[task])
        with _work_folder(work) as place, contextlib.suppress(Enough):
            stock = take_stock(path, place, task, findings, limits)
            # An archive that is refused has no manifest to miss.
            if stock.files or stock.manifest is not None or not findings.counts:
                reading.manifest = read_manifest(stock.manifest, flags or {}, protocol, findings, limits)
            _read_files(stock, task, expected or Expected(), reading, limits)
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error.strerror}): check its permissions.") from error
    return reading


@contextlib.contextmanager
def _work_folder(work: Path | None) -> Iterator[Path]:
    if work is not None:
        yield work
        return
    with tempfile.TemporaryDirectory(prefix="mebench-") as temporary:
        yield Path(temporary)


def _read_files(stock: Inventory, task: Task, expected: Expected, reading: Reading, limits: SubmissionLimits) -> None:
    """Read the data files, one at a time, and hold them against the public lists."""
    if task == "vqa":
        _read_answers(stock.files, expected, reading, limits)
    elif task == "recognition":
        _read_labels(stock.files, expected, reading, limits)
    else:
        _read_spotted(stock.files, task, expected, reading, limits)
    if reading.format and not reading.places and not reading.findings.counts:
        reading.findings.note("there is no prediction at all")


Files = Sequence[DataFile]


def _lines(file: DataFile, reading: Reading, limits: SubmissionLimits) -> list[str]:
    """Return the lines of a file, none when it cannot be read; reading ends when there are too many in all files."""
    lines = read_lines(file, reading.findings, limits)
    reading.lines += len(lines)
    if reading.lines > limits.total_lines:
        expected = f"at most {limits.total_lines} lines in all files"
        reading.findings.problem("submission", 0, "", expected, "more", "too_many_lines")
        raise Enough
    return lines


def _read_spotted(files: Files, task: Task, expected: Expected, reading: Reading, limits: SubmissionLimits) -> None:
    checks = SpottedChecks(expected, reading.findings)
    formats: dict[str, str] = {}
    for file in files:
        name, rows = _spotted_rows(file, task, reading, limits)
        if name:
            formats.setdefault(name, file.name)
        if task == "str":
            rows.type = ["micro" if kind == "" else kind for kind in rows.type]
        checks.add(rows)
    _check_formats(formats, reading)
    reading.predictions, reading.places = checks.result()


def _spotted_rows(file: DataFile, task: Task, reading: Reading, limits: SubmissionLimits) -> tuple[str, SpottedRows]:
    """Return the format of one file, empty when it cannot be read, and its rows; its text is dropped."""
    lines = _lines(file, reading, limits)
    if not lines:
        return "", SpottedRows()
    if task != "spotting" or not is_log(lines):
        return read_spotted(file, lines, task, reading.findings)
    rows, claims = read_log(file, lines, reading.findings)
    reading.claims = (*reading.claims, *claims)
    return "log", rows


def _check_formats(formats: dict[str, str], reading: Reading) -> None:
    """Refuse files of several kinds: one of them is a forgotten copy."""
    reading.format = "+".join(formats)
    families = {"megc" if name.startswith("megc") else name for name in formats}
    if len(families) > 1:
        found = ", ".join(f"{file} ({name})" for name, file in formats.items())
        reading.findings.problem("submission", 0, "", "files of one format", found, "mixed_formats")


def _read_labels(files: Files, expected: Expected, reading: Reading, limits: SubmissionLimits) -> None:
    readable = [file for file in files if read_lines(file, reading.findings, limits)]
    if not readable:
        return
    if len(readable) > 1:
        names = ", ".join(file.name for file in readable)
        reading.findings.problem("submission", 0, "", "one file of labels", names, "mixed_formats")
    # What was wrong with its text has been told.
    lines = read_lines(readable[0], Findings(), limits)
    is_log_file = is_label_log(lines)
    rows: LabelRows = (read_label_log if is_log_file else read_labels)(readable[0], lines, reading.findings)
    reading.format = "megc2019-log" if is_log_file else "mebench-labels"
    reading.predictions, reading.places = check_labels(rows, expected, reading.findings)


def _read_answers(files: Files, expected: Expected, reading: Reading, limits: SubmissionLimits) -> None:
    checks = AnswerChecks(expected, reading.findings)
    for file in files:
        if lines := _lines(file, reading, limits):
            reading.format = "vqa"
            checks.add(read_answers(file, lines, reading.findings, limits))
        del lines
    if reading.format:
        reading.predictions, reading.places = checks.result()
