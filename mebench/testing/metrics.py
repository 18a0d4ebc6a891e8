"""Checks of metrics: what people add is finite, and values of sums keep shape, range and direction."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mebench.metrics.base import FrameMetric, Metric
from mebench.tasks.catalogue import TASKS, task_of
from mebench.testing import fakes
from mebench.testing.findings import Check, Finding, Skip, Tell, find_all, silent
from mebench.testing.plugins import common_checks
from mebench.testing.truths import Exam, exam_of
from mebench.testing.watched import WatchedChecks

Floats = NDArray[np.float64]
Parts = Mapping[str, Mapping[str, Any]]
_SLACK = 1e-9


def check_metric(metric: Metric | type[Metric], tell: Tell = silent) -> Iterator[Finding]:
    """Check a metric, or one of frames, on small predictions.

    Yields
    ------
    A finding a check.
    """
    made = metric() if isinstance(metric, type) else metric
    trial = _FrameTrial(made) if isinstance(made, FrameMetric) else _Trial(made)
    yield from find_all(f"metric {made.id}", {**common_checks(type(made)), **trial.checks()}, tell)


class _Trial(WatchedChecks):
    """One metric at work; its sums are of perfect, partial and bad predictions."""

    def __init__(self, metric: Any) -> None:
        super().__init__("writes nothing", "a metric neither reads nor writes files")
        self.metric = metric

    def checks(self) -> dict[str, Check]:
        """Return the checks in order."""
        checks: dict[str, Check] = {
            "says its heading, task, direction and range": self._declared,
            "measures what every person adds": self._measures,
            "turns sums into values": self._values,
            "keeps its range and its direction": self._range,
            "measures the same twice, and changes nothing that it is handed": self._again,
        }
        return self.watched(checks)

    @contextlib.contextmanager
    def guard(self) -> Iterator[None]:
        """Take what numpy warns of for a fault."""
        with warnings.catch_warnings():
            warnings.simplefilter("error", RuntimeWarning)
            yield

    def _declared(self) -> str:
        metric = self.metric
        if not metric.name:
            return "It has no `name`: give the heading of its column."
        if metric.task not in TASKS:
            return f"There is no task {metric.task!r}: name the task whose cards it stands on."
        if not isinstance(metric.higher_is_better, bool):
            return f"`higher_is_better` is {metric.higher_is_better!r}: say True or False."
        low, top = metric.bounds
        if low is not None and top is not None and not low < top:
            return f"`bounds` is {metric.bounds!r}: give the smallest value before the largest, None for no end."
        return ""

    def _exam(self) -> Exam:
        exam = exam_of(self.metric.task)
        if exam is None:
            raise Skip(f"No small truth of {self.metric.task} can be made here: grade a file by `mebench grade`.")
        return exam

    def _parts(self, predictions: Any) -> Parts:
        found: Parts = self.metric.parts(predictions, self._exam().truth, task_of(self.metric.task).convention())
        return found

    def _measures(self) -> str:
        exam = self._exam()
        parts = [self._parts(predictions) for predictions in (exam.perfect, exam.partial, exam.worst)]
        if not any(parts):
            return "`parts` returned nothing: return what every person adds, by scope and person."
        for found in parts:
            for scope, of_person in found.items():
                if unknown := sorted(set(of_person) - exam.people):
                    return f"`parts` names {unknown[0]!r} in {scope}, whom the truth does not know: name its subjects."
                rows = list(of_person.values())
                if len({np.shape(row) for row in rows}) > 1 or any(np.ndim(row) != 1 for row in rows):
                    return (
                        f"`parts` of {scope} are not equally many numbers a person: give one row of equal length each."
                    )
                if not np.isfinite(np.array(rows, np.float64)).all():
                    return f"`parts` of {scope} are not finite: give sums and counts, and divide in `values`."
        return ""

    def sums(self) -> list[dict[str, Floats]]:
        """Return the summed parts by scope of perfect, partial and bad predictions."""
        exam = self._exam()
        return [
            {scope: np.array(list(rows.values()), np.float64).sum(axis=0) for scope, rows in parts.items() if rows}
            for parts in (self._parts(predictions) for predictions in (exam.perfect, exam.partial, exam.worst))
        ]

    def _values(self) -> str:
        rows = [row for sums in self.sums() for row in sums.values()]
        if not rows:
            return "There are no sums to turn into values: return parts."
        stack = np.stack([*rows, np.zeros_like(rows[0])])
        values = np.asarray(self.metric.values(stack))
        if values.shape != (len(stack), 1):
            return (
                f"`values` of {len(stack)} sums has shape {values.shape}, not {(len(stack), 1)}: keep the rows apart."
            )
        if not np.isfinite(values).all():
            return "`values` is not finite: return 0 where it is 0/0."
        alone = np.concatenate([np.asarray(self.metric.values(row[None])) for row in stack])
        if not np.array_equal(values, alone):
            return "`values` of many sums differ from those of each alone: treat every row by itself."
        if not all(isinstance(bool(self.metric.defined(row)), bool) for row in stack):
            return "`defined` gave no truth value."
        return (
            "`defined` says that sums of 0 have a value: return False for 0/0."
            if self.metric.defined(stack[-1])
            else ""
        )

    def _range(self) -> str:
        low, top = self.metric.bounds
        perfect, *others = self.sums()
        best = {scope: self._value(row) for scope, row in perfect.items()}
        sign = 1 if self.metric.higher_is_better else -1
        for sums in (perfect, *others):
            for scope, row in sums.items():
                value = self._value(row)
                if value is None:
                    continue
                if (low is not None and value < low - _SLACK) or (top is not None and value > top + _SLACK):
                    return f"{value:g} of {scope} lies outside `bounds` {self.metric.bounds!r}: mend either."
                if (most := best.get(scope)) is not None and sign * value > sign * most + _SLACK:
                    better = "higher" if sign > 0 else "lower"
                    return (
                        f"Perfect predictions have {most:g} of {scope}, worse {value:g}, yet `higher_is_better` says "
                        f"that {better} is better: mend either."
                    )
        return ""

    def _value(self, row: Floats) -> float | None:
        return float(np.asarray(self.metric.values(row[None]))[0, 0]) if self.metric.defined(row) else None

    def _again(self) -> str:
        exam = self._exam()
        before = exam.truth.digest(), repr(exam.partial)
        truth, rules = exam.truth, task_of(self.metric.task).convention()
        first, second = (_plain(self.metric.parts(exam.partial, truth, rules)) for _ in range(2))
        if first != second:
            return "It measures something else when it is asked again: keep nothing between calls."
        if (exam.truth.digest(), repr(exam.partial)) != before:
            return "It changed the truth or the predictions: work on copies."
        return ""


class _FrameTrial(_Trial):
    """A metric of frames at work."""

    def _frames(self) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        target = fakes.clip("p1", "c1", "positive").frames.read(0, 12, grey=False)
        other = fakes.clip("p2", "c1", "negative").frames.read(0, 12, grey=False)
        return other, target

    def _measures(self) -> str:
        other, target = self._frames()
        for made, wanted in ((other, target), (other[..., 0], target[..., 0])):
            whole = np.asarray(self.metric.measure(made, wanted), np.float64)
            if whole.ndim != 1 or not np.isfinite(whole).all():
                return "`measure` returned no row of finite numbers: give sums and counts, and divide in `values`."
            halves = [np.asarray(self.metric.measure(made[part], wanted[part]), np.float64) for part in _HALVES]
            if any(half.shape != whole.shape for half in halves):
                return "`measure` gives more numbers of more frames: give as many of any number of frames."
            if not np.allclose(sum(halves), whole, rtol=1e-6, atol=1e-6):
                return "What two halves of a clip add is not what the whole adds: give sums, and divide in `values`."
        return ""

    def sums(self) -> list[dict[str, Floats]]:
        """Return what perfect frames add, and other ones."""
        other, target = self._frames()
        pairs = ((target, target), (other, target))
        return [{"overall": np.asarray(self.metric.measure(*pair), np.float64)} for pair in pairs]

    def _again(self) -> str:
        other, target = self._frames()
        before = other.copy(), target.copy()
        first, second = (np.asarray(self.metric.measure(other, target), np.float64) for _ in range(2))
        if not np.array_equal(first, second):
            return "It measures something else when it is asked again: keep nothing between calls."
        if not (np.array_equal(before[0], other) and np.array_equal(before[1], target)):
            return "It changed the frames that it was handed: work on copies."
        return ""


_HALVES = (slice(0, 6), slice(6, None))


def _plain(parts: Parts) -> dict[str, dict[str, list[float]]]:
    return {
        scope: {person: np.asarray(row, np.float64).tolist() for person, row in rows.items()}
        for scope, rows in parts.items()
    }
