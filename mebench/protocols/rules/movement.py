"""Intervals of any expression, whatever its type: the scope `movement` (thesis 5.3, Table 5.2).

Conventions
-----------
Predictions and truths are matched one to one without looking at types; the other rules are those in force. A card has
this scope when its method knows one kind of expression (its raw scores have one column), or when the convention is
such, as the preset `movement` is. Precision, recall and F1 are pooled, and beside it averaged over the tested people
(`metrics.statistics.folds`), as the thesis prints them.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from mebench.metrics.conventions.spotting import SpottingConvention
from mebench.metrics.intervals import RATIOS, defined, ratios, tally
from mebench.metrics.statistics.additive import Additive
from mebench.metrics.statistics.folds import over_folds
from mebench.protocols.rules.raw_scores import MOVEMENT
from mebench.schema.intervals import Intervals
from mebench.schema.truth import Truth


def is_untyped(rules: SpottingConvention) -> bool:
    """Return whether a convention matches one to one and knows no types."""
    return rules.event_type == "ignored" and rules.matching == "one_to_one"


def movement_statistics(
    predictions: Intervals, truth: Truth, of_video: NDArray[np.int64], n_people: int, rules: SpottingConvention
) -> list[Additive]:
    """Return precision, recall and F1 of any expression, pooled and over folds.

    Parameters
    ----------
    of_video : shape (n_videos,), whose video it is, from 0.
    """
    untyped = dataclasses.replace(rules, event_type="ignored", matching="one_to_one", outside="")
    per_video = tally(predictions, truth.events, truth.videos, untyped).counts.sum(axis=1)
    counts = np.zeros((n_people, 3), np.int64)
    np.add.at(counts, of_video, per_video)
    known = tuple(defined(counts.sum(axis=0)).tolist())
    pooled = Additive("ratios", MOVEMENT, RATIOS, counts, known, key=f"untyped/{MOVEMENT}")
    return [
        pooled,
        over_folds(MOVEMENT, RATIOS, ratios(counts), (counts != 0).any(axis=1), f"untyped_folds/{MOVEMENT}"),
    ]
