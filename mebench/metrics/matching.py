"""One-to-one matching of predictions and truths, and the looser rules of published code.

Conventions
-----------
Every rule takes the candidate pairs and returns, for each prediction, the truth it is credited with and, for each
truth, the prediction that finds it; -1 where there is none. Only `one_to_one` and the greedy rules agree both ways.

    truth        |----A----|  |----B----|
    predicted       |----p----|  |-q-|            p reaches A and B, q reaches nothing
    one_to_one   p-A, so 1 TP, 1 FP, 1 FN;   truth_found   A and B are found, so 2 TP
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mebench.metrics.pairs import Ints, Pairs

Match = tuple[Ints, Ints]
"""(truth of each prediction, prediction of each truth), -1 where there is none."""

_ROUNDS = 16


def one_to_one(pairs: Pairs, n_predictions: int, n_truths: int) -> Match:
    """Match as many predictions and truths as can be matched at once, one-to-one.

    A pair whose prediction or truth has no other candidate belongs to some maximum matching, so such pairs are taken
    off in whole arrays; what is left, where every candidate is contested, is solved by augmenting paths. The number of
    matched pairs depends on no order; among equals the larger IoU is preferred.

    Parameters
    ----------
    pairs : candidate pairs.
    n_predictions, n_truths : numbers of rows.
    """
    truth_of, prediction_of = _nobody(n_predictions), _nobody(n_truths)
    p, t, iou = pairs.prediction, pairs.truth, pairs.iou
    for _ in range(_ROUNDS):
        if not len(p):
            return truth_of, prediction_of
        single_p = np.bincount(p, minlength=n_predictions)[p] == 1
        single_t = np.bincount(t, minlength=n_truths)[t] == 1
        taken = _settle(p, t, iou, single_p, single_t)
        if not len(taken):
            break
        truth_of[p[taken]], prediction_of[t[taken]] = t[taken], p[taken]
        free = (truth_of[p] < 0) & (prediction_of[t] < 0)
        p, t, iou = p[free], t[free], iou[free]
    _augment(p, t, iou, truth_of, prediction_of)
    return truth_of, prediction_of


def _settle(
    p: Ints, t: Ints, iou: NDArray[np.float64], single_p: NDArray[np.bool_], single_t: NDArray[np.bool_]
) -> Ints:
    """Return leaf pairs that share no prediction and no truth: of leaves at one truth (or prediction) the best."""
    lonely = np.flatnonzero(single_p)
    best = lonely[_first_of(t[lonely], np.lexsort((p[lonely], -iou[lonely], t[lonely])))]
    rest = np.flatnonzero(single_t & ~single_p)
    other = rest[_first_of(p[rest], np.lexsort((t[rest], -iou[rest], p[rest])))]
    return np.concatenate((best, other))


def _first_of(values: Ints, order: Ints) -> Ints:
    """Return the row that comes first in `order` for each distinct value; `order` sorts by value first."""
    ordered = values[order]
    return order[np.concatenate(([True], ordered[1:] != ordered[:-1]))] if len(order) else order


def _augment(p: Ints, t: Ints, iou: NDArray[np.float64], truth_of: Ints, prediction_of: Ints) -> None:
    """Match the contested rest by breadth-first augmenting paths from each truth."""
    order = np.lexsort((p, -iou, t))
    candidates: dict[int, list[int]] = {}
    for truth, prediction in zip(t[order].tolist(), p[order].tolist(), strict=True):
        candidates.setdefault(truth, []).append(prediction)
    owner: dict[int, int] = {}
    given: dict[int, int] = {}
    for truth in candidates:
        _augment_from(truth, candidates, owner, given)
    for prediction, truth in owner.items():
        truth_of[prediction], prediction_of[truth] = truth, prediction


def _augment_from(start: int, candidates: dict[int, list[int]], owner: dict[int, int], given: dict[int, int]) -> None:
    """Look for a free prediction; on the way there, every truth passes its own one on to the truth before it."""
    reached_from: dict[int, int] = {}
    queue = [start]
    for truth in queue:
        for prediction in candidates[truth]:
            if prediction in reached_from:
                continue
            reached_from[prediction] = truth
            if prediction in owner:
                queue.append(owner[prediction])
                continue
            while True:
                holder = reached_from[prediction]
                passed_on = given.get(holder)
                owner[prediction], given[holder] = holder, prediction
                if passed_on is None:
                    return
                prediction = passed_on


def greedy_by_score(pairs: Pairs, n_predictions: int, n_truths: int, rank: Ints) -> Match:
    """Let each prediction, best rank first, look at its best truth only; a truth that is taken makes it false (VOC).

    Parameters
    ----------
    pairs : candidate pairs.
    n_predictions, n_truths : numbers of rows.
    rank : shape (n_predictions,), 0 for the prediction that chooses first.
    """
    best = _first_of(pairs.prediction, np.lexsort((pairs.truth, -pairs.iou, pairs.prediction)))
    p, t = pairs.prediction[best], pairs.truth[best]
    winner = _first_of(t, np.lexsort((rank[p], t)))
    return _both_ways(p[winner], t[winner], n_predictions, n_truths)


def greedy_by_time(pairs: Pairs, n_predictions: int, n_truths: int, rank: Ints) -> Match:
    """Let each prediction, best rank first, take the best truth that is left.

    Parameters
    ----------
    pairs, n_predictions, n_truths, rank : see `greedy_by_score`.
    """
    order = np.lexsort((pairs.truth, -pairs.iou, rank[pairs.prediction]))
    used_p: set[int] = set()
    used_t: set[int] = set()
    taken: list[int] = []
    for i, p, t in zip(order.tolist(), pairs.prediction[order].tolist(), pairs.truth[order].tolist(), strict=True):
        if p not in used_p and t not in used_t:
            used_p.add(p)
            used_t.add(t)
            taken.append(i)
    return _both_ways(pairs.prediction[taken], pairs.truth[taken], n_predictions, n_truths)


def truth_found(pairs: Pairs, n_predictions: int, n_truths: int) -> Match:
    """Credit each side with its best partner, however often that one is used (MEGC2020 baseline)."""
    truth_of, prediction_of = _nobody(n_predictions), _nobody(n_truths)
    best = _first_of(pairs.prediction, np.lexsort((pairs.truth, -pairs.iou, pairs.prediction)))
    truth_of[pairs.prediction[best]] = pairs.truth[best]
    best = _first_of(pairs.truth, np.lexsort((pairs.prediction, -pairs.iou, pairs.truth)))
    prediction_of[pairs.truth[best]] = pairs.prediction[best]
    return truth_of, prediction_of


def best_of_truth(pairs: Pairs, n_predictions: int, n_truths: int) -> Match:
    """Credit only predictions that are the best of some truth (AUW-GCN); several truths may share one."""
    _, prediction_of = truth_found(pairs, n_predictions, n_truths)
    return _credit(prediction_of, n_predictions), prediction_of


def first_come(pairs: Pairs, n_predictions: int, n_truths: int) -> Match:
    """Give each truth to the first prediction in file order that reaches it; one may take several (STRS-Metric)."""
    prediction_of = _nobody(n_truths)
    first = _first_of(pairs.truth, np.lexsort((pairs.prediction, pairs.truth)))
    prediction_of[pairs.truth[first]] = pairs.prediction[first]
    return _credit(prediction_of, n_predictions), prediction_of


def _credit(prediction_of: Ints, n_predictions: int) -> Ints:
    """Return the first truth that each prediction finds."""
    truth_of = _nobody(n_predictions)
    found = np.flatnonzero(prediction_of >= 0)[::-1]
    truth_of[prediction_of[found]] = found
    return truth_of


def _both_ways(p: Ints, t: Ints, n_predictions: int, n_truths: int) -> Match:
    truth_of, prediction_of = _nobody(n_predictions), _nobody(n_truths)
    truth_of[p], prediction_of[t] = t, p
    return truth_of, prediction_of


def _nobody(n: int) -> Ints:
    return np.full(n, -1, np.int64)


def rank_of(keys: Sequence[NDArray[np.generic]]) -> Ints:
    """Return the rank of each row when sorted by the keys, the first key being the most significant."""
    order = np.lexsort(tuple(reversed(keys)))
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return rank
