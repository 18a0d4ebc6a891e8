"""From a scorecard down to its subjects, its videos and their timelines."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from mebench.errors import UserError
from mebench.leaderboard.artefacts import Artefacts, Key, read_artefacts
from mebench.leaderboard.bars import Cell, cell
from mebench.leaderboard.cards import NONE, Card
from mebench.leaderboard.curves import shared_range
from mebench.leaderboard.details.base import Columns, Details, SubjectView, VideoView
from mebench.leaderboard.matching import match
from mebench.leaderboard.roc import RocView, roc_view
from mebench.leaderboard.tracks import COLUMNS, Interval, Ranges, Timeline, build_timeline
from mebench.metrics.catalogue import METRICS, metric_of
from mebench.schema.intervals import IntervalRow
from mebench.schema.recordings import ExpressionType
from mebench.schema.scorecard import Counts

if TYPE_CHECKING:
    from mebench.leaderboard.groups import Group

SCOPES = ("overall", "macro", "micro")


class SpottingDetails(Details):
    """F1, precision and recall of both types, and a timeline of every video."""

    draws = True

    def columns(self, group: Group) -> Columns:
        """Return F1, precision and recall by type, and the AUC where a card has one."""
        with_auc = any(ranked.card.score("auc", scope) for ranked in group.all for scope in SCOPES[1:])
        shown = ("f1", "precision", "recall")
        return {
            scope: [
                (metric, metric_of(metric).name)
                for metric in (*shown, *(("auc",) if with_auc and scope != "overall" else ()))
            ]
            + _added(group, scope)
            for scope in SCOPES
        }

    def subject_scopes(self, group: Group) -> tuple[str, ...]:
        """Return overall and both types."""
        return SCOPES

    def ranks_by(self, metric: str, scope: str) -> str:
        """Return `overall F1`."""
        return f"{scope} {metric_of(metric).name}"

    def subjects(self, card: Card, id: str, scopes: Sequence[str], points: int) -> tuple[tuple[SubjectView, ...], str]:
        """Return subjects with the timelines of their videos; see `Details.subjects`."""
        views, why_not = _timelines_or_reason(card, points)
        by_subject: dict[str, list[VideoView]] = defaultdict(list)
        for row in card.card.by_video:
            view = VideoView(row.video, scoped(row.counts), views.get((row.subject, row.video)))
            by_subject[row.subject].append(view)
        subjects = []
        for i, subject in enumerate(card.card.by_subject, start=1):
            counts = scoped(subject.counts)
            cells = {scope: f1_cell(counts[scope]) for scope in SCOPES}
            videos = tuple(by_subject[subject.subject])
            subjects.append(SubjectView(f"{id}-s{i}", subject.subject, counts, cells, videos))
        return tuple(subjects), why_not

    def roc(self, card: Card) -> RocView | None:
        """Return the ROC curves of the frame scores; see `Details.roc`."""
        return roc_view(card.run)


def _added(group: Group, scope: str) -> list[tuple[str, str]]:
    """Return the metrics that other packages have added to the cards."""
    found = {s.metric for ranked in group.all for s in ranked.card.card.scores if s.scope == scope}
    return [(metric, metric_of(metric).name) for metric in sorted(found) if not _is_ours(metric)]


def _is_ours(metric: str) -> bool:
    """Return whether a metric is in the columns, or among the further scores of a method."""
    return metric in METRICS and METRICS.entry(metric).origin == "mebench"


TOO_LARGE = "they hold so many intervals that they would take more than a megabyte of the page"


def _timelines_or_reason(card: Card, points: int) -> tuple[dict[Key, Timeline], str]:
    if not points:
        return {}, TOO_LARGE
    kept = read_artefacts(card.run)
    if isinstance(kept, str):
        return {}, kept
    try:
        return timelines(kept, card, points), ""
    except UserError as error:
        return {}, str(error)


def scoped(counts: Mapping[str, Counts]) -> dict[str, Counts]:
    """Return counts with every scope that the page shows."""
    return {scope: counts.get(scope, NONE) for scope in SCOPES}


def f1_cell(counts: Counts) -> Cell:
    """Return the cell of 2 TP / (2 TP + FP + FN); 0/0 is shown as 0 and marked as not defined."""
    total = 2 * counts.tp + counts.fp + counts.fn
    return cell(2 * counts.tp / total if total else 0.0, defined=total > 0)


def timelines(kept: Artefacts, card: Card, points: int) -> dict[Key, Timeline]:
    """Return the timeline of every video of the truth that has frames.

    Raises
    ------
    UserError : when the predictions and the truth are not those that the card was made of.
    """
    ranges = score_ranges(kept)
    videos = kept.truth.videos
    lanes = intervals_of(kept, card)
    views = {}
    for key, n_frames, fps in zip(videos.keys(), videos.n_frames.tolist(), videos.fps.tolist(), strict=True):
        if n_frames:
            scores = kept.scores.get(key)
            views[key] = build_timeline(
                "/".join(key),
                n_frames,
                fps,
                *lanes[key],
                scores=scores,
                ranges=ranges,
                points=points,
                presence=kept.presences.get(key),
            )
    return views


def intervals_of(kept: Artefacts, card: Card) -> defaultdict[Key, tuple[list[Interval], list[Interval]]]:
    """Return every video's predictions and truths, each marked as matched or not under the card's convention.

    A truth whose offset is not annotated is drawn up to its apex.

    Raises
    ------
    UserError : when the predictions and the truth are not those that the card was made of.
    """
    matches = match(kept, card.card)
    lanes: defaultdict[Key, tuple[list[Interval], list[Interval]]] = defaultdict(lambda: ([], []))
    for row, hit in zip(kept.predictions.rows(), matches.predictions.tolist(), strict=True):
        lanes[row.subject, row.video][0].append(_interval(row, hit))
    for row, hit in zip(kept.truth.events.rows(), matches.truths.tolist(), strict=True):
        lanes[row.subject, row.video][1].append(_interval(row, hit))
    return lanes


def score_ranges(kept: Artefacts) -> Ranges:
    """Return one pair of levels for each type, so that the curves of one run can be compared."""
    return {kind: shared_range([s[:, column] for s in kept.scores.values()]) for kind, column in COLUMNS.items()}


def _interval(row: IntervalRow, matched: bool) -> Interval:
    return Interval(
        onset=row.onset,
        offset=row.offset or row.apex or row.onset,
        type=ExpressionType(row.type),
        matched=matched,
        apex=row.apex or None,
        emotion=row.emotion,
        action_units=row.action_units,
        score=None if math.isnan(row.score) else row.score,
    )
