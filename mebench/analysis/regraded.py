"""The same predictions graded twice must give the same card: every count, every score, every end of an interval.

Conventions
-----------
Nothing was trained and nothing is random, so there is no tolerance, and a number that rose is as wrong as one that
fell: the predictions, the truth or the grader have changed. Ends of intervals may differ by rounding alone.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping

from mebench.analysis.regression import EXACT, Comparison, Row, Verdict, compare_scorecards
from mebench.schema.scorecard import Counts, Scorecard

_FIELDS = (("tp", 1), ("fp", -1), ("fn", -1))
"""Counts, and whether more is better or worse."""
_ROUNDING = 1e-9
_NAMED_VIDEOS = 5


def compare_regraded(new: Scorecard, baseline: Scorecard) -> Comparison:
    """Hold a card against the recorded one of the very same predictions.

    Parameters
    ----------
    new, baseline : the cards.

    Returns
    -------
    One row for each count, score and end of an interval; a note names the videos whose counts have moved.
    """
    found = compare_scorecards(new, baseline, EXACT)
    if found.errors:
        return found
    rows = (*_count_rows(new, baseline), *found.rows, *_end_rows(new, baseline))
    strict = [dataclasses.replace(r, verdict=Verdict.CHANGED) if r.verdict is Verdict.RISEN else r for r in rows]
    return dataclasses.replace(found, rows=tuple(strict), notes=tuple(_moved_videos(new, baseline)))


def _count_rows(new: Scorecard, baseline: Scorecard) -> Iterator[Row]:
    nothing = Counts(0, 0, 0)
    for scope, old in baseline.counts.items():
        for field, sign in _FIELDS:
            was, now = getattr(old, field), getattr(new.counts.get(scope, nothing), field)
            gain = sign * (now - was)
            verdict = Verdict.EQUAL if gain == 0 else Verdict.RISEN if gain > 0 else Verdict.FALLEN
            yield Row(field, scope, was, now, 0.0, verdict)


def _end_rows(new: Scorecard, baseline: Scorecard) -> Iterator[Row]:
    for old in baseline.scores:
        score = new.find(old.metric, old.scope)
        if old.ci95 is None or score is None:
            continue
        for i, end in enumerate(("lower", "upper")):
            name = f"{end} end of {old.metric}"
            if score.ci95 is None:
                yield Row(name, old.scope, old.ci95[i], None, 0.0, Verdict.MISSING)
                continue
            equal = abs(score.ci95[i] - old.ci95[i]) <= _ROUNDING
            yield Row(name, old.scope, old.ci95[i], score.ci95[i], 0.0, Verdict.EQUAL if equal else Verdict.CHANGED)


def _moved_videos(new: Scorecard, baseline: Scorecard) -> Iterator[str]:
    """Say in which videos counts have moved: `s1/a: macro tp 3 to 2, fn 0 to 1`."""
    now = {(row.subject, row.video): row.counts for row in new.by_video}
    moved = [
        f"{row.subject}/{row.video}: {changes}"
        for row in baseline.by_video
        if (changes := _changes(row.counts, now.get((row.subject, row.video), {})))
    ]
    yield from moved[:_NAMED_VIDEOS]
    if len(moved) > _NAMED_VIDEOS:
        yield f"and {len(moved) - _NAMED_VIDEOS} more videos"


def _changes(old: Mapping[str, Counts], new: Mapping[str, Counts]) -> str:
    texts = []
    for scope in old:
        if scope == "overall" and len(old) > 1:
            continue
        was, now = old[scope], new.get(scope, Counts(0, 0, 0))
        pairs = [(field, getattr(was, field), getattr(now, field)) for field, _ in _FIELDS]
        if moved := [f"{field} {a} to {b}" for field, a, b in pairs if a != b]:
            texts.append(f"{scope} {', '.join(moved)}")
    return "; ".join(texts)
