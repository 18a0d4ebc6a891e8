"""Which scores a table shows, in which order, and by which of them it ranks.

Conventions
-----------
A task may have a layout of its own (`details`). Any other table has every score of its cards, one block of columns for
each scope: the ranking scope first, then the scopes that have the ranking metric as well, then the rest; within a block
the ranking metric stands first. Headings, directions and ranges are those of the metrics.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping

from mebench.analysis.compare import statistic_for
from mebench.leaderboard.bars import BOTTOM, TOP
from mebench.leaderboard.details.base import Columns, Details, details_of
from mebench.leaderboard.groups import Group
from mebench.metrics.catalogue import metric_of

_ROUNDING = 9
"""Decimals beyond which a value that leaves the bar does so by rounding."""


@dataclasses.dataclass(frozen=True)
class Layout:
    """The columns of a table.

    Attributes
    ----------
    details : what the table shows of its task.
    is_tested : whether what it ranks by follows from what subjects add, so that methods are told apart by a test.
    metric, scope : what the table ranks by.
    lower_is_better : whether less of it is better.
    columns : (metric, its name) by scope, in the order in which they are shown.
    subject_scopes : scopes of the counts that subjects have.
    ranges : ends of the bars of those metrics whose bars do not run from 0 to 1.
    """

    details: Details
    is_tested: bool
    metric: str
    scope: str
    lower_is_better: bool
    columns: Columns
    subject_scopes: tuple[str, ...]
    ranges: Mapping[str, tuple[float, float]]

    @property
    def draws(self) -> bool:
        """Whether the table is one of macro- and micro-expressions, with timelines."""
        return self.details.draws

    @property
    def ranks_by(self) -> str:
        """What the table ranks by, in words."""
        return self.details.ranks_by(self.metric, self.scope)

    def is_lower_better(self, metric: str) -> bool:
        """Return whether less of a metric is better."""
        return not metric_of(metric).higher_is_better

    @property
    def bar_note(self) -> str:
        """Which bars do not run from 0 to 1, as the end of a sentence; empty where all do."""
        ranges = sorted(self.ranges.items())
        return ", ".join(f"{metric_of(m).name} from {low:g} to {top:g}" for m, (low, top) in ranges)


def layout_of(group: Group) -> Layout:
    """Return the columns of a group's table."""
    first = group.first
    details = details_of(first)
    return Layout(
        details,
        statistic_for(first.card, *first.ranking) is not None,
        *first.ranking,
        first.lower_is_better,
        details.columns(group),
        details.subject_scopes(group),
        _ranges(group),
    )


def _ranges(group: Group) -> dict[str, tuple[float, float]]:
    """Return the ends of bars that do not run from 0 to 1.

    An end that a metric does not have is the whole number beyond all of its values and intervals on the table.
    """
    found: dict[str, list[float]] = {}
    # What is refused for contradicting itself stretches no bar of the others.
    for ranked in group.rows + group.bounds or group.all:
        for score in ranked.card.card.scores:
            found.setdefault(score.metric, [BOTTOM, TOP]).extend((score.value, *(score.ci95 or ())))
    spans = {metric: _span(metric, values) for metric, values in found.items()}
    return {metric: span for metric, span in spans.items() if span != (BOTTOM, TOP)}


def _span(metric: str, values: list[float]) -> tuple[float, float]:
    low, top = metric_of(metric).bounds
    if low is None:
        low = float(math.floor(round(min(values), _ROUNDING)))
    if top is None:
        top = float(math.ceil(round(max(values), _ROUNDING)))
    return float(low), float(top)
