"""The errors behind a scorecard, from the files that it was made of."""

from __future__ import annotations

from mebench.errors import UserError
from mebench.metrics.error_analysis import ErrorAnalysis, analyse, unsupported
from mebench.protocols.grading import Loaded, convention_of
from mebench.protocols.rules.spotting import SpottingProtocol
from mebench.schema.scorecard import Scorecard


def error_analysis(loaded: Loaded, card: Scorecard) -> ErrorAnalysis:
    """Analyse the errors of predictions that have been graded.

    Parameters
    ----------
    loaded : the predictions and the truth of which the card was made.
    card : says under which convention.

    Raises
    ------
    UserError : when the card is not of spotted intervals, or its convention is one under which errors do not add up.
    """
    if not isinstance(loaded.protocol, SpottingProtocol):
        what = f"{loaded.protocol.id} grades {loaded.protocol.task}"
        raise UserError(f"{what}, not spotted intervals: leave --errors out.")
    rules = convention_of(card)
    if reason := unsupported(rules):
        raise UserError(f"There is no error analysis under this convention ({reason}): leave --convention out.")
    return analyse(loaded.predicted.predictions, loaded.truth.events, loaded.truth.videos, rules)
