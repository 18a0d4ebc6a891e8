"""What the process that reads a submission hands to the one that scores it: predictions in one strict form.

Conventions
-----------
The form is plain JSON: columns of text and numbers, and never a byte of the files. Whoever takes it in checks it as if
the reader had been taken over by what it read.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from mebench.challenge.checks.organiser import observations_of
from mebench.challenge.checks.rows import LogAssertion
from mebench.protocols import base
from mebench.schema.answers import LONGEST_ANSWER
from mebench.schema.scorecard import MethodRef
from mebench.tasks.base import Task
from mebench.tasks.strict_form import column, is_frame, list_of, object_of, require, row, text_up_to, whole_up_to

_MOST_LINES = 10**9
_KEYS = ("predictions", "method", "source", "lines", "assertions")


@dataclasses.dataclass(frozen=True, eq=False)
class Normal:
    """A submission without its files.

    Attributes
    ----------
    task : what they are predictions of.
    predictions : those without problems, under the challenge's ids.
    method : its name.
    source : names of the files, for messages.
    lines : line in its file of every prediction.
    assertions : what a log file says about the truth.
    """

    task: Task[Any, Any]
    predictions: Any
    method: str = ""
    source: str = "submission"
    lines: tuple[int, ...] = ()
    assertions: tuple[LogAssertion, ...] = ()

    def graded(self) -> base.Predicted[Any]:
        """Return the predictions the way a protocol takes them."""
        return base.Predicted(self.predictions, method=MethodRef(self.method), source=self.source, lines=self.lines)

    def observations(self, truth: Any) -> tuple[str, ...]:
        """Return what organisers see of the predictions beside the truth, one line per observation."""
        return observations_of(self.task.id, self.predictions, self.assertions, truth)

    def to_plain(self) -> dict[str, Any]:
        """Return plain JSON types."""
        return {
            "predictions": self.task.plain(self.predictions),
            "method": self.method,
            "source": self.source,
            "lines": list(self.lines),
            "assertions": [list(dataclasses.astuple(assertion)) for assertion in self.assertions],
        }

    @classmethod
    def from_plain(cls, raw: Any, task: Task[Any, Any]) -> Normal:
        """Make one of plain JSON types.

        Raises
        ------
        UserError : for anything that `to_plain` does not give.
        """
        parts = object_of(raw, _KEYS)
        predictions = task.from_plain(parts["predictions"])
        lines = column(parts["lines"], whole_up_to(_MOST_LINES))
        require(len(lines) == len(predictions))
        name = text_up_to(LONGEST_ANSWER)
        checks = (name, whole_up_to(_MOST_LINES), name, name, is_frame, is_frame)
        assertions = tuple(LogAssertion(*row(assertion, checks)) for assertion in list_of(parts["assertions"]))
        require(name(parts["method"]) and name(parts["source"]))
        return cls(task, predictions, parts["method"], parts["source"], tuple(lines), assertions)
