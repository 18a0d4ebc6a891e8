"""Which intervals count as found, under the very convention of a card.

The marks of a timeline are worked out again from the predictions and the truth beside the card; they are shown only
when they add up to the counts that the card reports.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.leaderboard.artefacts import Artefacts
from mebench.metrics.intervals import tally
from mebench.protocols.grading import convention_of
from mebench.schema.scorecard import Counts, Scorecard

_TYPES = ("micro", "macro")
"""The order of types in the counts of `metrics.intervals`."""


@dataclasses.dataclass(frozen=True, eq=False)
class Matches:
    """Which predictions and truths have a partner; boolean, one for each row of their tables."""

    predictions: NDArray[np.bool_]
    truths: NDArray[np.bool_]


def match(kept: Artefacts, card: Scorecard) -> Matches:
    """Match the predictions and the truth that lie beside a card.

    Raises
    ------
    UserError : when they are not those that the card was made of.
    """
    convention = convention_of(card)
    try:
        found = tally(kept.predictions, kept.truth.events, kept.truth.videos, convention)
    except ValueError as error:
        raise UserError(f"The predictions beside the card do not fit its truth ({error}): grade them again.") from error
    totals = found.counts.sum(axis=0).tolist()
    if card.complete and any(card.counts.get(kind) != Counts(*totals[i]) for i, kind in enumerate(_TYPES)):
        raise UserError("What lies beside the card is not what it was made of: grade the predictions again.")
    return Matches(found.truth_of >= 0, found.prediction_of >= 0)
