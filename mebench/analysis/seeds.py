"""Methods that learn by chance: runs of one method that differ in the seed alone, as one result with a spread.

Conventions
-----------
A score of such a method has two uncertainties, and neither holds the other: over seeds (the chance of training, on the
people that were tested) and over subjects (the chance of whom was tested, for the one training that was recorded).
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from pathlib import Path

from mebench.errors import UserError
from mebench.protocols.catalogue import PROTOCOLS
from mebench.runs.provenance import SEED
from mebench.runs.store import RunFolder
from mebench.schema.scorecard import Score, Scorecard
from mebench.schema.seed_scores import SeedScores


def seed_of(path: Path, card: Scorecard) -> int | None:
    """Return the seed of a card, from the card or from the run in whose folder it lies; None where neither says it."""
    seed = card.environment.get(SEED)
    if seed is None:
        try:
            seed = RunFolder(path.parent).config().get("seed")
        except UserError:
            return None
    return seed if isinstance(seed, int) and not isinstance(seed, bool) else None


def mean_card(cards: Sequence[Scorecard]) -> Scorecard:
    """Return a card with the mean of each score that all cards have, for a comparison: it has no counts of its own.

    Parameters
    ----------
    cards : of one method, graded alike, of different seeds; at least one.
    """
    first = cards[0]
    scores = []
    for score in first.scores:
        same = [found for card in cards if (found := card.find(score.metric, score.scope)) is not None]
        if len(same) == len(cards):
            value = statistics.fmean(found.value for found in same)
            scores.append(Score(score.metric, score.scope, value, defined=all(found.defined for found in same)))
    return first.replace(scores=tuple(scores), complete=all(card.complete for card in cards))


def uncertainties(card: Scorecard, seeds: SeedScores) -> list[str]:
    """Return a sentence for each score that ranks, which says what chance of training and of subjects make of it.

    Parameters
    ----------
    card : the recorded card.
    seeds : its method over several seeds.
    """
    spreads = seeds.spreads()
    metric = _ranking_metric(card)
    return [
        f"{score.metric} of {score.scope}: over seeds {spreads[score.metric, score.scope]} (the chance of training)"
        + (f"; {_interval(score)}" if score.ci95 else "")
        for score in card.scores
        if score.metric == metric and (score.metric, score.scope) in spreads
    ]


def _interval(score: Score) -> str:
    assert score.ci95 is not None
    low, high = score.ci95
    return f"recorded {score.value:.3f}, interval over subjects [{low:.3f}, {high:.3f}] (the chance of who is tested)"


def _ranking_metric(card: Scorecard) -> str:
    try:
        return PROTOCOLS.get(card.protocol.id).ranking[0]
    except UserError:
        return ""
