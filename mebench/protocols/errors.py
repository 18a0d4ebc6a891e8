"""The errors behind a scorecard, from the files that it was made of."""

from __future__ import annotations

from pathlib import Path

from mebench.errors import UserError
from mebench.metrics.conventions import convention_of
from mebench.metrics.error_analysis import ErrorAnalysis, analyse, unsupported
from mebench.protocols.catalogue import PROTOCOLS
from mebench.schema.scorecard import Scorecard


def error_analysis(predictions: Path, truth: Path, card: Scorecard) -> ErrorAnalysis:
    """Analyse the errors of predictions that have been graded.

    Parameters
    ----------
    predictions, truth : the files of which the card was made.
    card : says under which protocol and convention.

    Raises
    ------
    UserError : when the card is not of spotted intervals, or its convention is one under which errors do not add up.
    """
    grader = PROTOCOLS.get(card.protocol.id)()
    if grader.task != "spotting":
        raise UserError(f"{grader.id} grades {grader.task}, not spotted intervals: leave --errors out.")
    rules = convention_of(card.convention)
    if reason := unsupported(rules):
        raise UserError(f"There is no error analysis under this convention ({reason}): leave --convention out.")
    answer = grader.read_truth(truth)
    found, _ = grader.read_predictions(predictions)
    return analyse(found, answer.events, answer.videos, rules)
