"""How the files of each task are read and held against the public lists.

Conventions
-----------
A reader goes through the files one at a time, drops the text of each, and puts what has no problem into the reading.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from mebench.challenge.checks.answers import AnswerChecks
from mebench.challenge.checks.findings import Enough, Findings
from mebench.challenge.checks.labels import check_labels
from mebench.challenge.checks.rows import LabelRows, SpottedRows
from mebench.challenge.checks.spotted import SpottedChecks
from mebench.challenge.reading.formats.answers import read_answers
from mebench.challenge.reading.formats.files import DataFile, read_lines
from mebench.challenge.reading.formats.labels import is_label_log, read_label_log, read_labels
from mebench.challenge.reading.formats.log import is_log, read_log
from mebench.challenge.reading.formats.spotted import INTERVALS, STR, Layouts, counted_from_one, read_spotted
from mebench.challenge.reading.submission import Reading
from mebench.challenge.safety.limits import SubmissionLimits
from mebench.tasks.expected import Expected

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


def _read_spotted(
    files: Files, expected: Expected, reading: Reading, limits: SubmissionLimits, *, layouts: Layouts, untyped: str
) -> None:
    """Read intervals; a log file too where no `untyped` says what an interval without a type is."""
    checks = SpottedChecks(expected, reading.findings)
    formats: dict[str, str] = {}
    for file in files:
        name, rows = _spotted_rows(file, layouts, reading, limits, with_logs=not untyped)
        if name:
            formats.setdefault(name, file.name)
        if untyped:
            rows.type = [untyped if kind == "" else kind for kind in rows.type]
        if reading.first_frame == 0:
            rows = counted_from_one(rows, file.name, reading.findings)
        checks.add(rows)
    _check_formats(formats, reading)
    reading.predictions, reading.places = checks.result()


def _spotted_rows(
    file: DataFile, layouts: Layouts, reading: Reading, limits: SubmissionLimits, *, with_logs: bool
) -> tuple[str, SpottedRows]:
    """Return the format of one file, empty when it cannot be read, and its rows; its text is dropped."""
    lines = _lines(file, reading, limits)
    if not lines:
        return "", SpottedRows()
    if not with_logs or not is_log(lines):
        return read_spotted(file, lines, layouts, reading.findings)
    rows, assertions = read_log(file, lines, reading.findings)
    shift = 1 - reading.first_frame
    reading.assertions = (
        *reading.assertions,
        *(dataclasses.replace(a, onset=a.onset + shift, offset=a.offset + shift) for a in assertions),
    )
    return "log", rows


def _check_formats(formats: dict[str, str], reading: Reading) -> None:
    """Refuse files of several kinds: one of them is a forgotten copy."""
    reading.format = "+".join(formats)
    families = {"megc" if name.startswith("megc") else name for name in formats}
    if len(families) > 1:
        found = ", ".join(f"{file} ({name})" for name, file in formats.items())
        reading.findings.problem("submission", 0, "", "files of one format", found, "mixed_formats")


def _note_no_frames(reading: Reading) -> None:
    if reading.first_frame == 0:
        reading.findings.note("first_frame was passed over: there are no frame numbers")


def _read_labels(files: Files, expected: Expected, reading: Reading, limits: SubmissionLimits) -> None:
    _note_no_frames(reading)
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
    _note_no_frames(reading)
    checks = AnswerChecks(expected, reading.findings)
    for file in files:
        if lines := _lines(file, reading, limits):
            reading.format = "vqa"
            checks.add(read_answers(file, lines, reading.findings, limits))
        del lines
    if reading.format:
        reading.predictions, reading.places = checks.result()


Reader = Callable[[Files, Expected, Reading, SubmissionLimits], None]

READERS: Mapping[str, Reader] = {
    "spotting": partial(_read_spotted, layouts=INTERVALS, untyped=""),
    "spot_recognise": partial(_read_spotted, layouts=(STR,), untyped="micro"),
    "recognition": _read_labels,
    "questions": _read_answers,
}
"""Readers by the id of the task: what challenges may ask for."""
