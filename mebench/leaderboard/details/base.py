"""What a table shows: by default every score of its cards, and what their subjects add."""

from __future__ import annotations

import dataclasses
import importlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from mebench.leaderboard.bars import Cell
from mebench.leaderboard.cards import F1, NONE, Card
from mebench.leaderboard.roc import RocView
from mebench.leaderboard.tracks import Timeline
from mebench.metrics.catalogue import metric_of
from mebench.schema.scorecard import Counts

if TYPE_CHECKING:
    from mebench.leaderboard.groups import Group

Columns = Mapping[str, Sequence[tuple[str, str]]]
"""(metric, heading) by scope, in the order in which they are shown."""

_OWN = {
    ("spotting", F1[0]): "mebench.leaderboard.details.spotting:SpottingDetails",
    ("recognition", "uf1"): "mebench.leaderboard.details.recognition:RecognitionDetails",
}
"""What shows more than scores, by the task and by the metric that its table ranks by."""


@dataclasses.dataclass(frozen=True)
class VideoView:
    """One video: its counts by scope, and its timeline where one can be drawn."""

    name: str
    counts: Mapping[str, Counts]
    view: Timeline | None


@dataclasses.dataclass(frozen=True)
class SubjectView:
    """One subject: counts and F1 by scope, and the videos."""

    id: str
    name: str
    counts: Mapping[str, Counts]
    f1: Mapping[str, Cell]
    videos: tuple[VideoView, ...]


class Details:
    """A table of any task.

    Class attributes
    ----------------
    draws : whether the subjects' videos are drawn, with macro- and micro-expressions told apart.
    template : what shows the answer of `inside` below a method.
    """

    draws = False
    template = ""

    def columns(self, group: Group) -> Columns:
        """Return every score: the ranking scope first, then scopes that have the ranking metric, then the rest."""
        main, top = group.first.ranking
        pairs = {(score.metric, score.scope) for ranked in group.all for score in ranked.card.card.scores}
        pairs |= {(main, top)}
        scopes = sorted(
            {scope for _, scope in pairs}, key=lambda scope: (scope != top, (main, scope) not in pairs, scope)
        )
        ordered = sorted(pairs, key=lambda pair: (pair[0] != main, pair[0]))
        return {scope: [(metric, metric_of(metric).name) for metric, of in ordered if of == scope] for scope in scopes}

    def subject_scopes(self, group: Group) -> tuple[str, ...]:
        """Return the scopes of the counts that subjects have, the ranking scope first."""
        top = group.first.ranking[1]
        found = {scope for ranked in group.all for row in ranked.card.card.by_subject for scope in row.counts}
        return tuple(sorted(found, key=lambda scope: (scope != top, scope)))

    def ranks_by(self, metric: str, scope: str) -> str:
        """Return what a table ranks by, in words."""
        return f"{metric_of(metric).name} ({scope})"

    def subjects(self, card: Card, id: str, scopes: Sequence[str], points: int) -> tuple[tuple[SubjectView, ...], str]:
        """Return a card's subjects, and why they have no timelines (empty when they have).

        Parameters
        ----------
        card : the scorecard.
        id : id of the card's element on the page, the beginning of its subjects' ids.
        scopes : see `subject_scopes`.
        points : at most so many values per drawn curve; 0 leaves the timelines out.
        """
        views = (
            SubjectView(f"{id}-s{i}", row.subject, {scope: row.counts.get(scope, NONE) for scope in scopes}, {}, ())
            for i, row in enumerate(card.card.by_subject, start=1)
            if row.counts
        )
        return tuple(views), "timelines are drawn for spotting alone"

    def inside(self, card: Card) -> object | None:
        """Return what `template` shows of a card instead of its subjects; None where it keeps nothing for that."""
        return None

    def overview(self, cards: Sequence[Card]) -> object | None:
        """Return what `overview.html.j2` shows of all cards of a table together; None for nothing."""
        return None

    def roc(self, card: Card) -> RocView | None:
        """Return the ROC curves of a card's run; None where its task has none, or no run lies beside it."""
        return None


def details_of(card: Card) -> Details:
    """Return what the table of a card shows."""
    target = _OWN.get((card.card.task, card.ranking[0]))
    if target is None:
        return Details()
    module, _, name = target.partition(":")
    found: Details = getattr(importlib.import_module(module), name)()
    return found
