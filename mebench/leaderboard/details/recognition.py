"""From a scorecard of recognition down to its confusion matrices, its people and its clips.

Conventions
-----------
Everything is read off the card: `confusion` of each person (rows are the truth, the last row and column name no class),
and the counts of each clip. The scopes are those of the card: `full` and, where there are several, each database.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mebench.leaderboard.bars import decimals
from mebench.leaderboard.cards import Card
from mebench.leaderboard.details.base import Details
from mebench.schema.scorecard import Counts, VideoRow

CONFUSION = "confusion"
NOTHING = "none"
"""Heading of clips for which no class was given."""
STEPS = 8
"""Shades of a share between 0 and 1."""

Ints = NDArray[np.int64]


@dataclasses.dataclass(frozen=True, slots=True)
class ShareCell:
    """A count with its share of the row; `step` is its shade from 0 to `STEPS`."""

    count: int
    share: str
    step: int
    is_right: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Matrix:
    """One confusion matrix: headings of the columns, and (class, clips, cells) of each row."""

    scope: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, int, tuple[ShareCell, ...]], ...]


@dataclasses.dataclass(frozen=True, slots=True)
class ClipCell:
    """One clip of a strip: right, wrong, or missing where nothing was predicted."""

    name: str
    truth: str
    predicted: str

    @property
    def state(self) -> str:
        """Return `right`, `wrong` or `missing`."""
        if self.predicted == NOTHING:
            return "missing"
        return "right" if self.truth == self.predicted else "wrong"


@dataclasses.dataclass(frozen=True, slots=True)
class PersonRow:
    """One person: recall of each class (None without clips of it), share of right clips, and the strip of clips."""

    name: str
    clips: int
    recalls: tuple[ShareCell | None, ...]
    all: ShareCell
    strip: tuple[ClipCell, ...]


@dataclasses.dataclass(frozen=True)
class Recognised:
    """What opens below a method."""

    classes: tuple[str, ...]
    matrices: tuple[Matrix, ...]
    people: tuple[PersonRow, ...]


@dataclasses.dataclass(frozen=True)
class Overview:
    """Share of right clips of each person (rows, hardest first) by each method (columns)."""

    rows: tuple[tuple[str, int, tuple[ShareCell | None, ...]], ...]


class RecognitionDetails(Details):
    """Confusion matrices, recall by person and class, and what became of each clip."""

    template = "recognition_inside.html.j2"

    def inside(self, card: Card) -> Recognised | None:
        """Return what opens below a method; None for a card that keeps no confusion counts."""
        classes, found = card.classes, _people(card)
        if not classes or not found:
            return None
        strips = _strips(card.card.by_video, classes)
        people = tuple(_person(name, table, strips.get(name, ())) for name, table in found.items())
        return Recognised(classes, tuple(_matrices(card, classes, found)), people)

    def overview(self, cards: Sequence[Card]) -> Overview | None:
        """Return how each person's clips were recognised by each method; None where no card keeps them."""
        tables = [_people(card) for card in cards]
        names = sorted({name for found in tables for name in found})
        rows = []
        for name in names:
            cells = tuple(_right(found[name]) if name in found else None for found in tables)
            known = [cell for cell in cells if cell is not None]
            total = max(int(found[name].sum()) for found in tables if name in found)
            mean = sum(cell.count for cell in known) / (len(known) * total) if total else 0.0
            rows.append((mean, name, total, cells))
        rows.sort(key=lambda row: row[:2])
        return Overview(tuple(row[1:] for row in rows)) if rows else None


def _people(card: Card) -> dict[str, Ints]:
    """Return the confusion counts of each person that has clips."""
    found = {row.subject: _square(row.parts.get(CONFUSION), len(card.classes)) for row in card.card.by_subject}
    return {name: table for name, table in found.items() if table is not None and table.any()}


def _right(table: Ints) -> ShareCell:
    n = len(table) - 1
    return _cell(int(np.trace(table[:n, :n])), int(table.sum()), True)


def _square(parts: Sequence[float] | None, n_classes: int) -> Ints | None:
    size = n_classes + 1
    return None if parts is None or len(parts) != size**2 else np.asarray(parts).astype(np.int64).reshape(size, size)


def _matrices(card: Card, classes: tuple[str, ...], full: Mapping[str, Ints]) -> list[Matrix]:
    """Return the matrix of all clips, then that of each database."""
    sums = {"full": np.sum(list(full.values()), axis=0)}
    for row in card.card.by_subject:
        for key, parts in row.parts.items():
            scope = key.removeprefix(f"{CONFUSION}/")
            table = _square(parts, len(classes))
            if scope != key and table is not None:
                sums[scope] = sums.get(scope, np.zeros_like(table)) + table
    return [_matrix(scope, table, classes) for scope, table in sorted(sums.items(), key=lambda s: (s[0] != "full", s))]


def _matrix(scope: str, table: Ints, classes: tuple[str, ...]) -> Matrix:
    shown = len(classes) + bool(table[:, -1].any())
    rows = []
    for i, label in enumerate(classes):
        total = int(table[i].sum())
        rows.append((label, total, tuple(_cell(int(table[i, j]), total, i == j) for j in range(shown))))
    return Matrix(scope, (*classes, NOTHING)[:shown], tuple(rows))


def _cell(count: int, total: int, is_right: bool) -> ShareCell:
    share = count / total if total else 0.0
    return ShareCell(count, decimals(share), round(STEPS * share), is_right)


def _person(name: str, table: Ints, strip: tuple[ClipCell, ...]) -> PersonRow:
    n = len(table) - 1
    totals = table.sum(axis=1).tolist()
    recalls = tuple(_cell(int(table[i, i]), totals[i], True) if totals[i] else None for i in range(n))
    return PersonRow(name, sum(totals), recalls, _right(table), strip)


def _strips(rows: Sequence[VideoRow], classes: tuple[str, ...]) -> dict[str, tuple[ClipCell, ...]]:
    """Return the clips of each person, by class and then by name."""
    strips: dict[str, list[ClipCell]] = defaultdict(list)
    for row in rows:
        truth, predicted = _sides(row.counts, classes)
        strips[row.subject].append(ClipCell(row.video, truth, predicted))
    order = {label: i for i, label in enumerate(classes)}
    return {
        name: tuple(sorted(cells, key=lambda c: (order.get(c.truth, len(order)), c.name)))
        for name, cells in strips.items()
    }


def _sides(counts: Mapping[str, Counts], classes: tuple[str, ...]) -> tuple[str, str]:
    """Return the true and the predicted class of one clip: the class that has it as TP or FN, and as TP or FP."""

    def only(has: Any) -> str:
        return next((label for label in classes if label in counts and has(counts[label])), NOTHING)

    return only(lambda c: c.tp or c.fn), only(lambda c: c.tp or c.fp)
