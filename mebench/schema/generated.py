"""Generated clips: which there are, and how like their targets they are.

    database,subject,clip,n_frames[,METRIC/0,METRIC/1,...]        generated.csv
    <database>/<subject>/<clip>/000001.png ...                    the frames, beside it

Conventions
-----------
A clip bears the ids of the recording that its generation was asked for. A column `METRIC/i` is the i-th part that the
clip adds to a metric (see `metrics.base.FrameMetric`): measured once, while the frames were at hand, so that a card can
be graded again without the licensed frames of the targets.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from mebench.errors import UserError
from mebench.schema.files import write_atomic
from mebench.schema.problems import refuse
from mebench.schema.tables import REQUIRED, Column, format_table, name, number_or_nan, read_table, repeated
from mebench.schema.tables import frame as frame_number

FILE = "generated.csv"
_BETWEEN = "/"
_KEY = ("database", "subject", "clip")


class GeneratedClip(NamedTuple):
    """One generated clip; `parts` are what it adds to each metric."""

    database: str
    subject: str
    clip: str
    n_frames: int
    parts: Mapping[str, tuple[float, ...]]

    @property
    def key(self) -> tuple[str, str, str]:
        """What names the clip: database, subject, clip."""
        return self[:3]


@dataclasses.dataclass(frozen=True)
class GeneratedTable:
    """Generated clips, sorted by their keys."""

    rows: tuple[GeneratedClip, ...] = ()

    @classmethod
    def of(cls, rows: Iterable[GeneratedClip]) -> GeneratedTable:
        """Gather clips in any order."""
        return cls(tuple(sorted(rows, key=lambda row: row.key)))

    def __len__(self) -> int:
        """Return the number of clips."""
        return len(self.rows)

    def metrics(self) -> tuple[str, ...]:
        """Return the metrics that any clip has parts of, sorted."""
        return tuple(sorted({metric for row in self.rows for metric in row.parts}))

    def text(self) -> str:
        """Return the canonical text of `generated.csv`."""
        widths = {m: max(len(row.parts.get(m, ())) for row in self.rows) for m in self.metrics()}
        columns = [(m, i) for m, width in widths.items() for i in range(width)]
        header = [*_KEY, "n_frames", *(f"{metric}{_BETWEEN}{i}" for metric, i in columns)]
        return format_table(header, ([*row.key, row.n_frames, *_cells(row, columns)] for row in self.rows))

    def write(self, path: Path) -> None:
        """Write `generated.csv` into a folder, or to a file of that name, whole or not at all.

        Raises
        ------
        UserError : when it cannot be written.
        """
        write_atomic(_file(path), self.text())


def _cells(row: GeneratedClip, columns: Sequence[tuple[str, int]]) -> list[object]:
    return [row.parts[metric][i] if i < len(row.parts.get(metric, ())) else "" for metric, i in columns]


def _file(path: Path) -> Path:
    return path if path.suffix == ".csv" else path / FILE


def read_generated(path: Path) -> tuple[GeneratedTable, tuple[int, ...]]:
    """Read `generated.csv`, or that of a folder.

    Returns
    -------
    The clips, sorted, and the line of each of them.

    Raises
    ------
    UserError : when the file cannot be opened.
    InvalidTable : with every problem of the table.
    """
    file = _file(path)
    measured = _measured(file)
    columns = (
        Column("database", name, ""),
        Column("subject", name, REQUIRED),
        Column("clip", name, REQUIRED),
        Column("n_frames", frame_number, REQUIRED),
        *(Column(f"{metric}{_BETWEEN}{i}", number_or_nan, float("nan")) for metric, i in measured),
    )
    table, problems = read_table(file, columns)
    refuse(problems + repeated(table, _KEY))
    rows = []
    for row in range(len(table)):
        key = [table.columns[column][row] for column in (*_KEY, "n_frames")]
        database, subject, clip, n_frames = key
        parts = _parts(table.columns, measured, row)
        rows.append((GeneratedClip(database, subject, clip, n_frames, parts), table.lines[row]))
    rows.sort(key=lambda pair: pair[0].key)
    return GeneratedTable(tuple(clip for clip, _ in rows)), tuple(line for _, line in rows)


def _measured(file: Path) -> list[tuple[str, int]]:
    """Return the metrics and numbers of the columns that hold parts; what else is in the header is refused later."""
    try:
        with file.open(encoding="utf-8-sig") as lines:
            header = lines.readline(1 << 16).strip().split(",")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(
            f"{file} cannot be read ({error}): give the folder of a generation, which holds {FILE}."
        ) from error
    pairs = [cell.strip().rpartition(_BETWEEN)[::2] for cell in header if _BETWEEN in cell]
    return [
        (metric, int(i)) for metric, i in dict.fromkeys(pairs) if metric and i.isascii() and i.isdigit() and len(i) < 4
    ]


def _parts(
    columns: Mapping[str, Sequence[float]], measured: Sequence[tuple[str, int]], row: int
) -> dict[str, tuple[float, ...]]:
    parts = {}
    for metric, group in itertools.groupby(sorted(measured), key=lambda pair: pair[0]):
        values = [columns[f"{metric}{_BETWEEN}{i}"][row] for _, i in group]
        kept = tuple(itertools.takewhile(lambda value: value == value, values))  # NaN ends what a clip has
        if kept:
            parts[metric] = kept
    return parts
