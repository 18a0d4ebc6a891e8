"""What an organiser sees of a submission beside its truth; never shown to participants.

Three things are looked for: videos as a whole, predictions that equal a true interval frame by frame (many of them mean
that the truth has leaked), and what a log file wrongly claims about the truth.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mebench.challenge.checks.ids import IdIndex, Key
from mebench.challenge.checks.rows import LogAssertion
from mebench.schema.intervals import IntervalRow, Intervals
from mebench.schema.truth import Truth

_MOST_LINES = 1_000


def observations(predictions: Intervals, assertions: Sequence[LogAssertion], truth: Truth) -> tuple[str, ...]:
    """Return one line per observation.

    Parameters
    ----------
    predictions : those without problems, under the truth's ids.
    assertions : what a log file says about the truth.
    truth : the truth.
    """
    true, predicted = _by_video(truth.events), _by_video(predictions)
    lines = []
    exact = 0
    keys = truth.videos.keys()
    for key in keys:
        same = {(e.onset, e.offset) for e in true[key]} & {(p.onset, p.offset) for p in predicted[key]}
        exact += len(same)
        if true[key] or predicted[key]:
            events = "; ".join(_spell(event) for event in true[key]) or "none"
            lines.append(f"{'/'.join(key)}: truth {events}; {len(predicted[key])} predicted, {len(same)} equal")
    lines += _wrong_assertions(assertions, true, IdIndex(keys))
    if len(lines) > _MOST_LINES:
        lines = [*lines[:_MOST_LINES], f"and {len(lines) - _MOST_LINES} more lines"]
    return (f"{exact} of {len(predictions)} predictions equal a true interval frame by frame", *lines)


def _by_video(intervals: Intervals) -> defaultdict[Key, list[IntervalRow]]:
    rows: defaultdict[Key, list[IntervalRow]] = defaultdict(list)
    for row in intervals.rows():
        rows[row.subject, row.video].append(row)
    return rows


def _spell(event: IntervalRow) -> str:
    return f"{event.type} {event.onset}-{event.offset}" + (f" {event.emotion}" if event.emotion else "")


def _wrong_assertions(
    assertions: Sequence[LogAssertion], true: defaultdict[Key, list[IntervalRow]], index: IdIndex
) -> list[str]:
    lines = []
    for assertion in assertions:
        row = index.find(assertion.database, "", assertion.video).row
        events = true[index.keys[row]] if row >= 0 else []
        if not any((event.onset, event.offset) == (assertion.onset, assertion.offset) for event in events):
            known = ", ".join(f"{e.onset}-{e.offset}" for e in events) or "none"
            place = f"{assertion.file}:{assertion.line}"
            lines.append(
                f"{place} claims the truth {assertion.onset}-{assertion.offset} in {assertion.video!a}; it has {known}"
            )
    return lines


OBSERVERS: Mapping[str, Callable[[Any, Sequence[LogAssertion], Any], tuple[str, ...]]] = {
    "spotting": observations,
    "spot_recognise": observations,
}
"""What looks at the predictions of a task; nothing looks at those of any other."""


def observations_of(task: str, predictions: Any, assertions: Sequence[LogAssertion], truth: Any) -> tuple[str, ...]:
    """Return one line per observation on predictions of any task, by its id; see `OBSERVERS` and `observations`."""
    observe = OBSERVERS.get(task)
    return observe(predictions, assertions, truth) if observe else ()
