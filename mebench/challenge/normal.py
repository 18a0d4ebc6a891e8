"""What the process that reads a submission hands to the one that scores it: predictions in one strict form.

Conventions
-----------
The form is plain JSON: columns of text and numbers, and never a byte of the files. Whoever takes it in checks it as if
the reader had been taken over by what it read.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mebench.challenge.formats.log import Claim
from mebench.errors import UserError
from mebench.protocols import base
from mebench.schema.answers import LONGEST_ANSWER, Answer, Answers
from mebench.schema.intervals import Intervals
from mebench.schema.recognition import Labels
from mebench.schema.scorecard import MethodRef
from mebench.schema.tables import LARGEST_FRAME, LONGEST_TEXT

Predictions = Intervals | Labels | Answers

_MOST_LINES = 10**9
_INTERVALS = ("subject", "video", "onset", "offset", "is_macro", "score", "emotion")


@dataclasses.dataclass(frozen=True, eq=False)
class Normal:
    """A submission without its files.

    Attributes
    ----------
    predictions : those without problems, under the challenge's ids.
    method : its name.
    source : names of the files, for messages.
    lines : line in its file of every prediction.
    claims : what a log file says about the truth.
    """

    predictions: Predictions
    method: str = ""
    source: str = "submission"
    lines: tuple[int, ...] = ()
    claims: tuple[Claim, ...] = ()

    def graded(self) -> base.Predicted[Any]:
        """Return the predictions the way a protocol takes them."""
        return base.Predicted(self.predictions, method=MethodRef(self.method), source=self.source, lines=self.lines)

    def to_plain(self) -> dict[str, Any]:
        """Return plain JSON types."""
        return {
            **_plain(self.predictions),
            "method": self.method,
            "source": self.source,
            "lines": list(self.lines),
            "claims": [list(dataclasses.astuple(claim)) for claim in self.claims],
        }

    @classmethod
    def from_plain(cls, raw: Any) -> Normal:
        """Make one of plain JSON types.

        Raises
        ------
        UserError : for anything that `to_plain` does not give.
        """
        parts = _object(raw, ("intervals", "labels", "answers"), ("method", "source", "lines", "claims"))
        ((kind, columns),) = [item for item in parts.items() if item[0] in _READERS]
        predictions = _READERS[kind](columns)
        lines = _column(parts["lines"], _whole(_MOST_LINES))
        _require(len(lines) == len(predictions.rows if isinstance(predictions, Answers) else predictions))
        name = _text(LONGEST_ANSWER)
        claims = [
            Claim(*_row(row, (name, _whole(_MOST_LINES), name, name, _frame, _frame))) for row in _list(parts["claims"])
        ]
        _require(name(parts["method"]) and name(parts["source"]))
        return cls(predictions, parts["method"], parts["source"], tuple(lines), tuple(claims))


def _plain(predictions: Predictions) -> dict[str, Any]:
    if isinstance(predictions, Answers):
        return {"answers": [list(row) for row in predictions.rows]}
    if isinstance(predictions, Labels):
        keys = [list(key) for key in predictions.keys]
        probabilities = [_without_nan(row) for row in predictions.probabilities]
        return {"labels": {"keys": keys, "emotions": list(predictions.emotions), "probabilities": probabilities}}
    columns = {name: getattr(predictions, name).tolist() for name in _INTERVALS}
    columns["score"] = [None if math.isnan(score) else score for score in columns["score"]]
    return {"intervals": columns}


def _without_nan(row: Mapping[str, float]) -> dict[str, float | None]:
    return {name: None if math.isnan(value) else value for name, value in row.items()}


def _read_intervals(raw: Any) -> Intervals:
    columns = _object(raw, (), _INTERVALS)
    checks = (_name, _name, _frame, _frame, _flag, _number, _name)
    read = {name: _column(columns[name], check) for name, check in zip(_INTERVALS, checks, strict=True)}
    _require(len({len(column) for column in read.values()}) == 1)
    read["score"] = [math.nan if score is None else score for score in read["score"]]
    return Intervals.from_columns(**read)


def _read_labels(raw: Any) -> Labels:
    columns = _object(raw, (), ("keys", "emotions", "probabilities"))
    keys = tuple((d, s, c) for d, s, c in (_row(row, (_name, _name, _name)) for row in _list(columns["keys"])))
    emotions = _column(columns["emotions"], _name)
    probabilities = _column(columns["probabilities"], _is_probabilities)
    _require(len(emotions) == len(keys) and len(probabilities) in (0, len(keys)))
    rows = tuple({name: math.nan if p is None else float(p) for name, p in row.items()} for row in probabilities)
    return Labels(keys, tuple(emotions), rows)


def _read_answers(raw: Any) -> Answers:
    checks = (_text(LONGEST_ANSWER),) * len(Answer._fields)
    return Answers(tuple(Answer(*_row(row, checks)) for row in _list(raw)))


_READERS: Mapping[str, Callable[[Any], Predictions]] = {
    "intervals": _read_intervals,
    "labels": _read_labels,
    "answers": _read_answers,
}


def _require(holds: object) -> None:
    if not holds:
        raise UserError("The process that read the submission handed on what is no prediction: look at the submission.")


def _object(raw: Any, one_of: Sequence[str], keys: Sequence[str]) -> dict[str, Any]:
    """Check that a value is an object with these keys and, where some are given, exactly one of others."""
    _require(isinstance(raw, dict))
    rest = set(raw) - set(keys)
    _require(set(keys) <= set(raw) and (len(rest) == 1 and rest <= set(one_of) if one_of else not rest))
    return dict(raw)


def _list(raw: Any) -> list[Any]:
    _require(isinstance(raw, list))
    return list(raw)


def _column(raw: Any, check: Callable[[Any], bool]) -> list[Any]:
    values = _list(raw)
    _require(all(map(check, values)))
    return values


def _row(raw: Any, checks: Sequence[Callable[[Any], bool]]) -> list[Any]:
    values = _list(raw)
    _require(len(values) == len(checks) and all(check(value) for check, value in zip(checks, values, strict=True)))
    return values


def _text(longest: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is str and len(value) <= longest


def _whole(most: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and 0 <= value <= most


_name = _text(LONGEST_TEXT)
_frame = _whole(LARGEST_FRAME)


def _flag(value: Any) -> bool:
    return type(value) is bool


def _number(value: Any) -> bool:
    return value is None or (type(value) in (int, float) and math.isfinite(value))


def _is_probabilities(value: Any) -> bool:
    return isinstance(value, dict) and all(_name(name) and _number(p) for name, p in value.items())
