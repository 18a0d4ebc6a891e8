"""Which scores a table shows, in which order, and by which of them it ranks.

Conventions
-----------
A spotting table has F1, precision and recall overall, of macro- and of micro-expressions. Any other table has every
score of its cards, one block of columns for each scope: the ranking scope first, then the scopes that have the ranking
metric as well, then the rest; within a block the ranking metric stands first.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence

from mebench.leaderboard.bars import BOTTOM, TOP
from mebench.leaderboard.evidence import has_test
from mebench.leaderboard.groups import Group

SCOPES = ("overall", "macro", "micro")
_NAMES = {"f1": "F1", "precision": "P", "recall": "R", "auc": "AUC"}
_ABBREVIATIONS = ("f1", "uf1", "uar", "strs", "icc", "auc")
_ROUNDING = 9
"""Decimals beyond which a value that leaves the bar does so by rounding."""

Columns = Mapping[str, Sequence[tuple[str, str]]]


@dataclasses.dataclass(frozen=True)
class Layout:
    """The columns of a table.

    Attributes
    ----------
    is_spotting : whether the table is one of macro- and micro-expressions, with timelines.
    is_tested : whether what it ranks by follows from counts by subject, so that methods are told apart by a test.
    metric, scope : what the table ranks by.
    lower_is_better : whether less of it is better.
    columns : (metric, its name) by scope, in the order in which they are shown.
    subject_scopes : scopes of the counts that subjects have.
    ranges : ends of the bars of those metrics whose bars do not run from 0 to 1.
    """

    is_spotting: bool
    is_tested: bool
    metric: str
    scope: str
    lower_is_better: bool
    columns: Columns
    subject_scopes: tuple[str, ...]
    ranges: Mapping[str, tuple[float, float]]

    @property
    def ranks_by(self) -> str:
        """What the table ranks by, in words."""
        return "overall F1" if self.is_spotting else f"{name_of(self.metric)} ({self.scope})"

    @property
    def bar_note(self) -> str:
        """Which bars do not run from 0 to 1, as the end of a sentence; empty where all do."""
        return ", ".join(f"{name_of(m)} from {low:g} to {top:g}" for m, (low, top) in sorted(self.ranges.items()))


def name_of(metric: str) -> str:
    """Return the heading of a metric's column outside spotting."""
    words = metric.split("_")
    return _NAMES.get(metric) or " ".join(word.upper() if word in _ABBREVIATIONS else word for word in words)


def layout_of(group: Group) -> Layout:
    """Return the columns of a group's table."""
    first = group.first
    spotting = first.is_spotting
    return Layout(
        spotting,
        has_test(first),
        *first.ranking,
        first.lower_is_better,
        {scope: _metrics(group, scope) for scope in SCOPES} if spotting else _own_columns(group),
        SCOPES if spotting else _subject_scopes(group),
        {} if spotting else _ranges(group),
    )


def _metrics(group: Group, scope: str) -> list[tuple[str, str]]:
    """Return the columns of a spotting table's scope; an AUC only where a card has one."""
    metrics = ["f1", "precision", "recall"]
    if scope != "overall" and any(ranked.card.score("auc", other) for ranked in group.all for other in SCOPES[1:]):
        metrics.append("auc")
    return [(metric, _NAMES[metric]) for metric in metrics]


def _own_columns(group: Group) -> dict[str, list[tuple[str, str]]]:
    main, top = group.first.ranking
    pairs = {(score.metric, score.scope) for ranked in group.all for score in ranked.card.card.scores} | {(main, top)}
    scopes = sorted({scope for _, scope in pairs}, key=lambda scope: (scope != top, (main, scope) not in pairs, scope))
    return {
        scope: [
            (metric, name_of(metric))
            for metric, of in sorted(pairs, key=lambda pair: (pair[0] != main, pair[0]))
            if of == scope
        ]
        for scope in scopes
    }


def _subject_scopes(group: Group) -> tuple[str, ...]:
    top = group.first.ranking[1]
    found = {scope for ranked in group.all for row in ranked.card.card.by_subject for scope in row.counts}
    return tuple(sorted(found, key=lambda scope: (scope != top, scope)))


def _ranges(group: Group) -> dict[str, tuple[float, float]]:
    """Return whole numbers between which all values of a metric and their intervals lie, where 0 and 1 are not."""
    ends: dict[str, list[float]] = {}
    for ranked in group.all:
        for score in ranked.card.card.scores:
            ends.setdefault(score.metric, [BOTTOM, TOP]).extend((score.value, *(score.ci95 or ())))
    spans = {
        metric: (float(math.floor(round(min(values), _ROUNDING))), float(math.ceil(round(max(values), _ROUNDING))))
        for metric, values in ends.items()
    }
    return {metric: span for metric, span in spans.items() if span != (BOTTOM, TOP)}
