"""The log files of MEGC2019, 2020 and 2021.

    1                                        the heading of a database: 1 SAMM, 2 CAS(ME)^2
    006_1 3562 3600 3570 3601 TP             video, true onset and offset, predicted onset and offset, result
    006_1 -    -    4100 4133 FP             - stands for what is absent
    006_2 100  150  -    -    FN

Conventions
-----------
Cells are parted by blanks, tabs, commas or semicolons. Only the predicted interval is read as a prediction. What the
participant says about the truth is an *assertion*: it scores nothing, and only the organiser is told where it is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from mebench.challenge.checks.findings import Findings
from mebench.challenge.checks.rows import LogAssertion, SpottedRows
from mebench.challenge.reading.formats.cells import frame, identifier
from mebench.challenge.reading.formats.files import DataFile
from mebench.challenge.reading.formats.spotted import FRAME_TOPIC
from mebench.schema.problems import quoted
from mebench.schema.tables import Unreadable

DATABASES = {"1": "samm", "2": "cas"}

T = TypeVar("T")
_PARTS = re.compile(r"[\s,;]+")
_ABSENT = "-"
_HAS = {"TP": (True, True), "FP": (False, True), "FN": (True, False)}
"""Whether a row of this result has a truth, and a prediction."""


def is_log(lines: Sequence[str]) -> bool:
    """Tell whether a text begins with the heading of a database."""
    return next((line.strip() for line in lines if line.strip()), "") in DATABASES


def read_log(file: DataFile, lines: Sequence[str], findings: Findings) -> tuple[SpottedRows, list[LogAssertion]]:
    """Read a log file.

    Returns
    -------
    The predictions, without types, and what the log claims about the truth.
    """
    rows, assertions = SpottedRows(), []
    database = ""
    for number, line in enumerate(lines, 1):
        cells = [cell for cell in _PARTS.split(line) if cell]
        if len(cells) == 1 and cells[0] in DATABASES:
            database = DATABASES[cells[0]]
        elif len(cells) == 1 and cells[0].isdecimal():
            findings.problem(file.name, number, "", "1 (SAMM) or 2 (CAS(ME)^2)", cells[0], "database")
        elif len(cells) == 6:
            assertions += _read_row(file, number, database, cells, rows, findings)
        elif cells:
            expected = "video, true onset and offset, predicted onset and offset, result"
            findings.problem(file.name, number, "", expected, f"{len(cells)} cells", "ragged")
    return rows, assertions


def _read_row(
    file: DataFile, number: int, database: str, cells: Sequence[str], rows: SpottedRows, findings: Findings
) -> list[LogAssertion]:
    """Read one row, append its prediction, and return its assertion, if it has one."""
    video, result = cells[0], cells[5].upper()
    if result not in _HAS:
        findings.problem(file.name, number, "result", "TP, FP or FN", cells[5], "log_result")
        return []
    is_true, is_predicted = _HAS[result]
    name = _cell(file, number, "vid", video, identifier, findings)
    frames = [
        _pair(file, number, which, cells[i : i + 2], present, result, findings)
        for which, i, present in (("gt", 1, is_true), ("pred", 3, is_predicted))
    ]
    if is_predicted:
        onset, offset = frames[1]
        rows.extend(
            SpottedRows([file.name], [number], [database], [""], [name], [onset], [offset], [""], [float("nan")], [""])
        )
    onset, offset = frames[0]
    if name is None or onset is None or offset is None:
        return []
    return [LogAssertion(file.name, number, database, name, onset, offset)]


def _pair(
    file: DataFile, number: int, which: str, cells: Sequence[str], present: bool, result: str, findings: Findings
) -> tuple[int | None, int | None]:
    """Return onset and offset, or two Nones where the result says that there are none."""
    columns = (f"{which}_onset", f"{which}_offset")
    if not present or _ABSENT in cells:
        for column, cell in zip(columns, cells, strict=True):
            if (cell == _ABSENT) == present:
                expected = f"a frame number in a row of {result}" if present else f"- in a row of {result}"
                findings.problem(file.name, number, column, expected, cell, "log_result")
        return None, None
    read = [_cell(file, number, column, cell, frame, findings) for column, cell in zip(columns, cells, strict=True)]
    return read[0], read[1]


def _cell(
    file: DataFile, number: int, column: str, cell: str, read: Callable[[str], T], findings: Findings
) -> T | None:
    try:
        value = read(cell)
    except Unreadable as error:
        findings.problem(file.name, number, column, str(error), cell, error.kind)
        return None
    if isinstance(value, int) and str(value) != cell:
        findings.note(FRAME_TOPIC, f"{quoted(cell)} as {quoted(value)}")
    return value
