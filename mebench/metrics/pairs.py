"""Candidate pairs: which predictions and truths of the same group overlap enough.

Conventions
-----------
A *group* is what must agree before two intervals are compared: the video, and the type where types must match. Only
pairs that reach the threshold are ever formed: with an IoU of at least k a truth's onset lies between
`onset - (1 - k) / k * length` and `onset + (1 - k) * length` of the prediction, so the pairs are ranges of the truths
sorted by onset, and their number grows with the overlaps, not with predictions times truths.
"""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

_BLOCK = 1 << 20
"""Ranges are expanded in blocks of so many pairs, which bounds the memory."""


@dataclasses.dataclass(frozen=True)
class Side:
    """Predictions or truths as numbers; arrays of shape (n,).

    Attributes
    ----------
    group : number of the group, from 0.
    onset, offset : first and last frame number, inclusive.
    """

    group: Ints
    onset: Ints
    offset: Ints


@dataclasses.dataclass(frozen=True)
class Pairs:
    """Pairs that reach the threshold, sorted by prediction and then by truth; arrays of shape (n_pairs,).

    Attributes
    ----------
    prediction, truth : row numbers.
    iou : their intersection over union.
    """

    prediction: Ints
    truth: Ints
    iou: NDArray[np.float64]

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.iou)


def iou_of(first: tuple[Ints, Ints], second: tuple[Ints, Ints], *, inclusive: bool = True) -> NDArray[np.float64]:
    """Intersection over union of intervals (MEGC2019 spotting rules).

    Parameters
    ----------
    first, second : (onset, offset) arrays of one shape.
    inclusive : whether a length is `offset - onset + 1` or `offset - onset`.

    Returns
    -------
    Values in [0, 1] of that shape; 0 where both lengths are 0. The quotient of whole numbers is rounded once, so a
    threshold written as the same fraction is met exactly.
    """
    extra = 1 if inclusive else 0
    inter = np.maximum(np.minimum(first[1], second[1]) - np.maximum(first[0], second[0]) + extra, 0)
    union = (first[1] - first[0]) + (second[1] - second[0]) + 2 * extra - inter
    return np.where(union > 0, inter / np.maximum(union, 1), 0.0)


def candidate_pairs(
    predictions: Side, truths: Side, *, iou: float = 0.5, inclusive: bool = True, strictly_above: bool = False
) -> Pairs:
    """Return every pair of one group whose IoU reaches the threshold.

    Parameters
    ----------
    predictions, truths : the two sides; rows whose offset lies before the onset pair with nothing.
    iou : the threshold k in (0, 1].
    inclusive : whether a length is `offset - onset + 1` or `offset - onset`.
    strictly_above : whether the IoU must exceed k instead of reaching it.
    """
    kept = np.flatnonzero(truths.offset >= truths.onset)
    rows = np.flatnonzero(predictions.offset >= predictions.onset)
    if not len(kept) or not len(rows):
        return Pairs(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
    # Intervals may begin before frame 1, so the axis of a group begins at the first onset.
    smallest = min(int(truths.onset[kept].min()), int(predictions.onset[rows].min()))
    largest = max(int(truths.offset[kept].max()), int(predictions.offset[rows].max()))
    stride = largest - smallest + 2
    key = truths.group[kept] * stride + truths.onset[kept] - smallest
    order = np.argsort(key, kind="stable")
    kept, key = kept[order], key[order]
    low, high = _windows(predictions, rows, iou, smallest, largest)
    base = predictions.group[rows] * stride - smallest
    first, last = np.searchsorted(key, base + low), np.searchsorted(key, base + high, side="right")
    blocks = []
    for block in _blocks(last - first):
        p, t = _expand(rows[block], first[block], last[block] - first[block], kept)
        value = iou_of(
            (predictions.onset[p], predictions.offset[p]), (truths.onset[t], truths.offset[t]), inclusive=inclusive
        )
        hit = value > iou if strictly_above else value >= iou
        blocks.append((p[hit], t[hit], value[hit]))
    p, t, value = (np.concatenate(part) for part in zip(*blocks, strict=True))
    by_row = np.lexsort((t, p))
    return Pairs(p[by_row], t[by_row], value[by_row])


def _windows(predictions: Side, rows: Ints, iou: float, smallest: int, largest: int) -> tuple[Ints, Ints]:
    """Return the lowest and highest onset that a truth can have, one frame of slack included."""
    onset = predictions.onset[rows]
    length = predictions.offset[rows] - onset + 1
    low = np.maximum(onset - np.ceil((1 - iou) / iou * length) - 1, smallest)
    high = np.minimum(onset + np.ceil((1 - iou) * length) + 1, largest)
    return low.astype(np.int64), high.astype(np.int64)


def _blocks(sizes: Ints) -> list[slice]:
    """Cut the rows where the running number of pairs passes a multiple of the block size."""
    block = np.cumsum(sizes) // _BLOCK
    cuts = [0, *(np.flatnonzero(np.diff(block)) + 1).tolist(), len(sizes)]
    return [slice(a, b) for a, b in itertools.pairwise(cuts)]


def _expand(rows: Ints, first: Ints, sizes: Ints, kept: Ints) -> tuple[Ints, Ints]:
    """Turn ranges of sorted truths into one row a pair."""
    total = int(sizes.sum())
    starts = np.cumsum(sizes) - sizes
    position = np.arange(total) - np.repeat(starts - first, sizes)
    return np.repeat(rows, sizes), kept[position]
