"""The predictions of a recogniser, one row a clip.

    [database,]subject,clip,emotion[,p_<class>...]

Conventions
-----------
`emotion` is the class that is graded; probabilities `p_<class>` are checked and kept beside it. Without a database the
pair of subject and clip must be enough to tell the clip.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from pathlib import Path

from mebench.schema.clips import ClipTable, emotion
from mebench.schema.files import write_atomic
from mebench.schema.label_sets import BETWEEN, NOTHING, parsed, spelled
from mebench.schema.problems import Problem, quoted, refuse
from mebench.schema.tables import REQUIRED, Column, Table, Unreadable, format_table, name, number_or_nan, read_table

Key = tuple[str, str, str]
"""Database (empty where the table has none), subject, clip."""

_SLACK = 1e-3


@dataclasses.dataclass(frozen=True)
class Labels:
    """What was recognised, in file order.

    Attributes
    ----------
    keys : which clip each row is of.
    emotions : the class of each row.
    probabilities : of each row by class, or empty.
    """

    keys: tuple[Key, ...]
    emotions: tuple[str, ...]
    probabilities: tuple[dict[str, float], ...] = ()

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.keys)

    def select(self, rows: Sequence[int]) -> Labels:
        """Return some rows, in the order that is given."""
        return Labels(
            tuple(self.keys[i] for i in rows),
            tuple(self.emotions[i] for i in rows),
            tuple(self.probabilities[i] for i in rows if self.probabilities),
        )

    @classmethod
    def concat(cls, parts: Iterable[Labels]) -> Labels:
        """Return the rows of several tables as one, sorted by clip; probabilities are kept where all have them."""
        whole = [part for part in parts if len(part)]
        together = cls(
            tuple(key for part in whole for key in part.keys),
            tuple(emotion for part in whole for emotion in part.emotions),
            tuple(row for part in whole for row in part.probabilities) if all(p.probabilities for p in whole) else (),
        )
        return together.select(sorted(range(len(together)), key=together.keys.__getitem__))


def read_labels(path: Path, classes: Sequence[str], *, several: bool = False) -> tuple[Labels, tuple[int, ...]]:
    """Read a recognition table.

    Parameters
    ----------
    path : the file.
    classes : the classes of the protocol, in lower case.
    several : whether a clip may have several of them, or none; see `label_sets`.

    Returns
    -------
    The labels in file order, and the line of the file in which each of them stands.

    Raises
    ------
    UserError : when the file cannot be opened.
    InvalidTable : with every problem of the table.
    """
    table, problems = read_table(path, _columns(classes, several))
    given = [f"p_{label}" for label in classes if f"p_{label}" in table.present]
    problems += [] if several else _sum_problems(table, given, len(classes))
    refuse(problems)
    columns = table.columns
    keys = tuple(zip(columns["database"], columns["subject"], columns["clip"], strict=True))
    rows = zip(*(columns[column] for column in given), strict=True) if given else ()
    probabilities = tuple({p[2:]: value for p, value in zip(given, row, strict=True)} for row in rows)
    return Labels(keys, tuple(columns["emotion"]), probabilities), tuple(table.lines)


def _columns(classes: Sequence[str], several: bool) -> tuple[Column, ...]:
    def labels(cell: str) -> str:
        if (found := parsed(cell, classes)) is None:
            raise Unreadable(f"{NOTHING}, or some of {', '.join(classes)} joined by {BETWEEN}")
        return spelled(found, classes)

    def label(cell: str) -> str:
        if (found := emotion(cell)) not in classes:
            raise Unreadable(f"one of {', '.join(classes)}")
        return found

    return (
        Column("database", name, ""),
        Column("subject", name, REQUIRED),
        Column("clip", name, REQUIRED),
        Column("emotion", labels if several else label, REQUIRED),
        *(Column(f"p_{name_}", _probability, float("nan")) for name_ in classes),
    )


def _probability(cell: str) -> float:
    number = number_or_nan(cell)
    if not 0 <= number <= 1:
        raise Unreadable("a probability from 0 to 1")
    return number


def _sum_problems(table: Table, given: Sequence[str], n_classes: int) -> list[Problem]:
    """Return the rows whose probabilities do not add up to 1, where every class has one."""
    if len(given) < n_classes:
        return []
    problems = []
    for row, values in enumerate(zip(*(table.columns[column] for column in given), strict=True)):
        if None not in values and abs(sum(values) - 1) > _SLACK:
            problems.append(table.problem(row, given[0], "probabilities that add up to 1", "sum", sum(values)))
    return problems


def match_clips(
    labels: Labels, clips: ClipTable, source: str, lines: Sequence[int] = ()
) -> dict[tuple[str, str, str], str]:
    """Return the recognised class by the key of the clip.

    Parameters
    ----------
    labels : what was recognised.
    clips : every clip of the truth.
    source : name of the file, for messages.
    lines : line of each row in that file; without it, the row number stands in for it.

    Raises
    ------
    InvalidTable : with every row whose clip is unknown, not told apart, or there twice.
    """
    known: dict[Key, list[Key]] = {}
    for clip in clips.clips:
        known.setdefault(clip.key, []).append(clip.key)
        known.setdefault(("", *clip.key[1:]), []).append(clip.key)
    found: dict[Key, str] = {}
    problems = []
    for row, (key, label) in enumerate(zip(labels.keys, labels.emotions, strict=True)):
        candidates = known.get(key, [])
        expected, kind = "", ""
        if len(candidates) != 1:
            expected = "a database, as several have this clip" if candidates else "a clip of the truth"
            kind = "ambiguous_clip" if candidates else "unknown_clip"
        elif candidates[0] in found:
            expected, kind = "each clip once", "twice"
        else:
            found[candidates[0]] = label
        if kind:
            line = lines[row] if len(lines) else row + 1
            problems.append(Problem(source, line, "clip", expected, quoted("/".join(filter(None, key))), kind))
    refuse(problems)
    return found


def write_labels(labels: Labels, path: Path) -> None:
    """Write a recognition table sorted by clip, whole or not at all.

    Raises
    ------
    UserError : when the file cannot be written.
    """
    classes = list(labels.probabilities[0]) if labels.probabilities else []
    extra = labels.probabilities or ({},) * len(labels)
    rows = sorted(
        (*key, label, *(row[c] for c in classes))
        for key, label, row in zip(labels.keys, labels.emotions, extra, strict=True)
    )
    header = ["database", "subject", "clip", "emotion", *(f"p_{c}" for c in classes)]
    if not any(key[0] for key in labels.keys):
        header, rows = header[1:], [row[1:] for row in rows]
    write_atomic(path, format_table(header, rows))
