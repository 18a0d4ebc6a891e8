"""Groups of scorecards as the tables of the page: cells, badges and headings, no markup.

Conventions
-----------
Ids of the page's elements are made of positions alone (`g1`, `g1-m2`, `g1-m2-s3`), never of names that users chose.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mebench.analysis.labels import distinct_settings, plain
from mebench.leaderboard.artefacts import are_kept, scores_are_kept
from mebench.leaderboard.bars import ABSENT, BOTTOM, TOP, Cell, cell
from mebench.leaderboard.cards import Card
from mebench.leaderboard.columns import Layout, layout_of
from mebench.leaderboard.details.base import Columns
from mebench.leaderboard.groups import Group, Ranked
from mebench.leaderboard.making import Making, making_of
from mebench.leaderboard.matrix import PairCell, matrix
from mebench.leaderboard.seeds import Seeds, seeds_of
from mebench.leaderboard.verdict import verdict
from mebench.runs.untrained import told_of_untrained, untrained_in
from mebench.schema.scorecard import Counts, Score, Scorecard

Facts = tuple[tuple[str, str], ...]


@dataclasses.dataclass(frozen=True)
class Row:
    """One scorecard as a line of a table, and what opens below it."""

    id: str
    method: str
    settings: str
    rank: str
    rank_value: str
    is_bound: bool
    official: bool
    official_reason: str
    complete: bool
    inconsistent: str
    card: Card
    is_checked: bool
    cells: Mapping[str, Mapping[str, Cell]]
    counts: Mapping[str, Counts]
    seeds: Seeds
    making: Making
    provenance: tuple[tuple[str, Facts], ...]

    @property
    def name(self) -> str:
        """Method and settings, as they are written on the command line."""
        return f"{self.method}:{self.settings}" if self.settings else self.method


@dataclasses.dataclass(frozen=True)
class Board:
    """One table with everything that its cards share; `card` is any of them.

    `verdict` says which methods its subjects tell apart, `matrix` by how much they differ, `overview` what its task
    shows of all cards together, those that contradict themselves left out.
    """

    id: str
    heading: str
    protocol: str
    card: Scorecard
    convention: Facts
    layout: Layout
    rows: tuple[Row, ...]
    bounds: tuple[Row, ...]
    refused: tuple[Row, ...]
    reasons: tuple[str, ...]
    remarks: tuple[str, ...]
    verdict: str
    matrix: tuple[tuple[PairCell | None, ...], ...]
    subjects_compared: int
    overview: object | None = None

    @property
    def size(self) -> int:
        """Number of scorecards."""
        return len(self.every_row)

    @property
    def every_row(self) -> tuple[Row, ...]:
        """Rows, then bounds, then what is refused for contradicting itself."""
        return self.rows + self.bounds + self.refused

    @property
    def columns(self) -> Columns:
        """Metrics by scope."""
        return self.layout.columns

    @property
    def has_timelines(self) -> bool:
        """Whether any card has timelines."""
        return self.layout.draws and any(are_kept(row.card.run) for row in self.every_row)

    @property
    def has_curves(self) -> bool:
        """Whether any timeline has curves of per-frame scores."""
        return any(scores_are_kept(row.card.run) for row in self.every_row)

    @property
    def has_unchecked(self) -> bool:
        """Whether any score of the table is taken as it stands."""
        return any(
            cell.as_it_stands for row in self.every_row for cells in row.cells.values() for cell in cells.values()
        )

    @property
    def has_seeds(self) -> bool:
        """Whether scores over several seeds stand beside any card."""
        return any(row.seeds.scores is not None for row in self.every_row)

    @property
    def ranked(self) -> tuple[Row, ...]:
        """The rows that have a rank, in the order of the matrix."""
        return tuple(row for row in self.rows if row.rank_value)

    @property
    def opens(self) -> str:
        """Id of the row whose first subject is open at the start."""
        return self.every_row[0].id

    @property
    def any_row(self) -> Row:
        """Return a row, for the counts of truths that all rows share."""
        return self.every_row[0]

    @property
    def n_subjects(self) -> int:
        """Number of subjects."""
        return sum(1 for row in self.card.by_subject if row.counts)

    @property
    def n_videos(self) -> int:
        """Number of videos."""
        return len(self.card.by_video)

    @property
    def n_macro(self) -> int:
        """Number of true macro-expressions."""
        return _truths(self.any_row.counts["macro"])

    @property
    def n_micro(self) -> int:
        """Number of true micro-expressions."""
        return _truths(self.any_row.counts["micro"])


def _truths(counts: Counts) -> int:
    return counts.tp + counts.fn


def build_board(group: Group, number: int) -> Board:
    """Return one group's table.

    Parameters
    ----------
    group : cards that may be compared.
    number : its position on the page, from 1.
    """
    first, id = group.first, f"g{number}"
    card = first.card
    layout = layout_of(group)
    names = distinct_settings([ranked.card.card.method for ranked in group.all])
    rows = [
        _row(ranked, f"{id}-m{i}", settings, layout)
        for i, (ranked, settings) in enumerate(zip(group.all, names, strict=True), start=1)
    ]
    last_bound = len(group.rows) + len(group.bounds)
    reasons, remarks = (
        sorted({ranked.card.card.reason for ranked in group.all if ranked.card.card.official is official} - {""})
        for official in (False, True)
    )
    ranked_names = [row.name for row in rows if row.rank_value]
    return Board(
        id=id,
        heading=f"{card.dataset.id} under {first.protocol}",
        protocol=first.protocol,
        card=card,
        convention=facts(card.convention),
        layout=layout,
        rows=tuple(rows[: len(group.rows)]),
        bounds=tuple(rows[len(group.rows) : last_bound]),
        refused=tuple(rows[last_bound:]),
        reasons=tuple(reasons),
        remarks=(*remarks, *_untrained(rows)),
        verdict=verdict(group.standing, ranked_names),
        matrix=matrix(group.standing),
        subjects_compared=group.standing.subjects,
        overview=layout.details.overview([row.card for row in rows[:last_bound]]),
    )


def _untrained(rows: Sequence[Row]) -> Iterator[str]:
    """Yield for each method the types of expression that some of its folds could not learn."""
    for row in rows:
        for sentence in told_of_untrained(untrained_in(row.card.run)):
            yield f"{row.name}: {sentence}"


def _row(ranked: Ranked, id: str, settings: str, layout: Layout) -> Row:
    card = ranked.card
    scopes = layout.subject_scopes
    return Row(
        id=id,
        method=card.method,
        settings=settings,
        rank=ranked.label,
        rank_value="" if ranked.rank is None else str(ranked.rank),
        is_bound=card.card.method.bound,
        official=card.card.official,
        official_reason=card.card.reason,
        complete=card.card.complete,
        inconsistent=card.inconsistent,
        card=card,
        is_checked=card.is_checked,
        cells={s: {metric: _cell(card, metric, s, layout) for metric, _ in layout.columns[s]} for s in layout.columns},
        counts={scope: card.counts(scope) for scope in scopes},
        seeds=(seeds := seeds_of(card)),
        making=making_of(card.card),
        provenance=_provenance(card.card, layout.columns, seeds),
    )


def _cell(card: Card, metric: str, scope: str, layout: Layout) -> Cell:
    score = card.score(metric, scope)
    if score is None:
        return ABSENT
    found = cell(score.value, score.ci95, defined=score.defined, span=layout.ranges.get(metric, (BOTTOM, TOP)))
    return found if card.keeps(metric, scope) else dataclasses.replace(found, as_it_stands=True)


def _provenance(card: Scorecard, columns: Columns, seeds: Seeds) -> tuple[tuple[str, Facts], ...]:
    graded = {
        "protocol": f"{card.protocol.id} v{card.protocol.version}",
        "convention": card.fingerprint,
        "dataset": card.dataset.id,
        "dataset digest": card.dataset.digest,
        "method digest": card.method.digest,
    }
    shown = {(metric, scope) for scope, metrics in columns.items() for metric, _ in metrics}
    others = {f"{s.metric} {s.scope}": _in_words(s) for s in card.scores if (s.metric, s.scope) not in shown}
    spreads = seeds.scores.spreads() if seeds.scores is not None else {}
    over_seeds = {f"{metric} {scope}": str(spread) for (metric, scope), spread in spreads.items()}
    return (
        ("Settings", facts(card.method.config)),
        *((("Over seeds: the chance of training", facts(over_seeds)),) if over_seeds else ()),
        ("Further scores", facts(others)),
        ("What was graded", facts(graded)),
        ("Environment", facts(card.environment)),
        ("Timing", facts(card.timing)),
    )


def _in_words(score: Score) -> str:
    shown = cell(score.value, score.ci95, defined=score.defined)
    return f"{shown.text} ({shown.ci})" if shown.ci else shown.text + ("" if shown.defined else " (not defined)")


def facts(values: Mapping[str, Any], prefix: str = "") -> Facts:
    """Return nested values as flat lines of text, keys dotted and sorted."""
    lines: list[tuple[str, str]] = []
    for key, value in sorted(values.items()):
        if isinstance(value, Mapping) and value:
            lines += facts(value, f"{prefix}{key}.")
        else:
            lines.append((f"{prefix}{key}", plain(value)))
    return tuple(lines)
