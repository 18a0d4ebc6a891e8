"""From files to a scorecard: predictions as runs and baselines keep them, in the form that their task writes.

What others have written is read by `mebench.challenge.reading.grading`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mebench.errors import UserError
from mebench.metrics.conventions.base import Convention
from mebench.protocols.base import Predicted, Protocol
from mebench.protocols.catalogue import PROTOCOLS
from mebench.schema.scorecard import MethodRef, Scorecard
from mebench.tasks.catalogue import task_of


@dataclasses.dataclass(frozen=True)
class Loaded:
    """Predictions and truth, read once, and the protocol that grades them.

    Attributes
    ----------
    protocol, predicted, truth : the three.
    notes : what was read other than it was written, and what whoever grades should know.
    """

    protocol: Protocol
    predicted: Predicted
    truth: Any
    notes: tuple[str, ...] = ()

    def score(self, convention: Convention | None = None) -> Scorecard:
        """Grade under the protocol's own convention, or another; see `Protocol.score`."""
        return self.protocol.score(self.predicted, self.truth, convention=convention)

    def under_all(self) -> Mapping[str, Scorecard]:
        """Grade under every preset of the protocol's task.

        Returns
        -------
        A card for each preset, by its name, `strict` first: how much of a published difference is one of rules.
        """
        return {name: self.score(rules) for name, rules in self.protocol.presets().items()}


def load(predictions: Path, truth: Path, protocol: str, method: MethodRef | None = None) -> Loaded:
    """Read predictions and truth for a protocol.

    Parameters
    ----------
    predictions : what the protocol's task asks for: a table of intervals or of clips, JSON lines of answers, sheets of
        ratings.
    truth : the folder of the truth's files.
    protocol : id of the protocol.
    method : which method made the predictions, where that is known.

    Raises
    ------
    InvalidTable : with every problem of the tables.
    UserError : for an unknown protocol, a missing file, or a truth without any item.
    """
    grader = PROTOCOLS.get(protocol)()
    answer = grader.read_truth(truth)
    task = task_of(grader.task)
    if not task.names(answer):
        raise UserError(
            f"The truth in {truth} holds no {task.items}, so there is nothing to grade: give another folder."
        )
    found, lines = grader.read_predictions(predictions)
    predicted = Predicted(found, method=method or MethodRef(), source=predictions.name, lines=lines)
    return Loaded(grader, predicted, answer)


def grade_files(
    predictions: Path,
    truth: Path,
    protocol: str,
    convention: str | Convention | None = None,
    method: MethodRef | None = None,
) -> Scorecard:
    """Grade predictions against a truth folder.

    Parameters
    ----------
    predictions, truth, protocol, method : see `load`.
    convention : a preset's name or rules, instead of the protocol's own.

    Raises
    ------
    InvalidTable : with every problem of the tables.
    UserError : for an unknown protocol or preset, or a missing file.
    """
    # An unknown name is told before anything is read.
    rules = PROTOCOLS.get(protocol).preset(convention) if isinstance(convention, str) else convention
    return load(predictions, truth, protocol, method).score(rules)


def convention_of(card: Scorecard) -> Any:
    """Return the convention that a card records, as an object of its task; see `Convention.of_card`.

    Raises
    ------
    UserError : when the task or a rule is not known here, or the fingerprint is another.
    """
    return task_of(card.task).convention.of_card(card.convention)
