"""Labels of clips: mebench's own table and the log of the MEGC2019 recognition challenge.

    database,subject,clip,emotion[,p_<class>...]          mebench's own; `database` and the probabilities may be absent

    casme2 sub01                                          the log: database and subject head a fold,
    EP02_01f 1 1                                          then video, true and predicted class
    EP03_02f 0 0

Conventions
-----------
Classes of the log are 0 negative, 1 positive, 2 surprise (MEGC2019 rules). What it says about the truth is passed over.
"""

from __future__ import annotations

from collections.abc import Sequence

from mebench.challenge.checks.findings import Findings
from mebench.challenge.checks.rows import LabelRows
from mebench.challenge.reading.formats.cells import emotion, identifier, probability
from mebench.challenge.reading.formats.delimited import DELIMITERS, Column, Layout, read_delimited
from mebench.challenge.reading.formats.files import DataFile
from mebench.schema.tables import Unreadable

CLASSES = {"0": "negative", "1": "positive", "2": "surprise"}
_SUM_TOLERANCE = 0.01

LAYOUT = Layout(
    "recognition",
    (
        Column("database", identifier, required=False),
        Column("subject", identifier),
        Column("clip", identifier),
        Column("emotion", emotion, topic="emotions were read in lower case"),
        Column("p_*", probability, required=False, numeric=True),
    ),
)


def read_labels(file: DataFile, lines: Sequence[str], findings: Findings) -> LabelRows:
    """Read a table of labels."""
    rows = read_delimited(file, lines, [LAYOUT], findings)
    if rows is None:
        return LabelRows()
    n = len(rows.lines)
    columns = rows.columns
    probabilities = {key[2:]: columns[key] for key in columns if key.startswith("p_")}
    _check_sums(file, rows.lines, probabilities, findings)
    return LabelRows(
        [file.name] * n,
        rows.lines,
        columns.get("database", [file.database] * n),
        columns["subject"],
        columns["clip"],
        columns["emotion"],
        probabilities,
    )


def _check_sums(
    file: DataFile, lines: Sequence[int], probabilities: dict[str, list[float | None]], findings: Findings
) -> None:
    if not probabilities:
        return
    for line, values in zip(lines, zip(*probabilities.values(), strict=True), strict=True):
        known = [value for value in values if value is not None]
        if len(known) == len(values) and abs(sum(known) - 1) > _SUM_TOLERANCE:
            findings.problem(
                file.name, line, "p_*", "probabilities that add up to 1", f"{sum(known):.6g}", "probability"
            )


def is_label_log(lines: Sequence[str]) -> bool:
    """Tell whether a text begins with a database and a subject, parted by a blank."""
    first = next((line for line in lines if line.strip()), "")
    return len(first.split()) == 2 and not any(mark in first.strip() for mark in DELIMITERS)


def read_label_log(file: DataFile, lines: Sequence[str], findings: Findings) -> LabelRows:
    """Read the log of the MEGC2019 recognition challenge."""
    rows = LabelRows()
    fold: list[str | None] = [None, None]
    for number, line in enumerate(lines, 1):
        cells = line.replace(",", " ").split()
        if len(cells) == 2:
            fold = [_identifier(file, number, cell, findings) for cell in cells]
        elif len(cells) == 3:
            if cells[2] not in CLASSES:
                expected = "0 negative, 1 positive or 2 surprise"
                findings.problem(file.name, number, "pred", expected, cells[2], "emotion")
            clip = _identifier(file, number, cells[0], findings)
            rows.append(file.name, number, (*fold, clip), CLASSES.get(cells[2]))
        elif cells:
            expected = "a database and a subject, or a video with its true and its predicted class"
            findings.problem(file.name, number, "", expected, f"{len(cells)} cells", "ragged")
    return rows


def _identifier(file: DataFile, number: int, cell: str, findings: Findings) -> str | None:
    try:
        return identifier(cell)
    except Unreadable as error:
        findings.problem(file.name, number, "", str(error), cell, error.kind)
        return None
