"""Published numbers follow from published counts, to the last digit that was printed."""

from __future__ import annotations

import numpy as np
import pytest

from mebench.metrics.intervals import ratios

# thesis Table 4.3, SAMM-LV: TP, FP, FN and the printed precision, recall, F1
TABLE_4_3 = {
    "au_sum macro": ((172, 328, 171), (0.3440, 0.5015, 0.4081)),
    "au_sum micro": ((6, 71, 153), (0.0779, 0.0377, 0.0508)),
    "au_sum overall": ((178, 399, 324), (0.3085, 0.3546, 0.3299)),
    "mdmd macro": ((22, 334, 321), (0.0618, 0.0641, 0.0629)),
    "mdmd micro": ((29, 1407, 130), (0.0202, 0.1824, 0.0364)),
    "mdmd overall": ((51, 1741, 451), (0.0285, 0.1016, 0.0445)),
}


@pytest.mark.parametrize("row", TABLE_4_3)
def test_thesis_table_4_3(row):
    counts, printed = TABLE_4_3[row]
    assert np.round(ratios(np.array(counts)), 4).tolist() == list(printed)


@pytest.mark.parametrize("method", ["au_sum", "mdmd"])
def test_thesis_table_4_3_adds_up_to_502_events(method):
    macro, micro, overall = (np.array(TABLE_4_3[f"{method} {scope}"][0]) for scope in ("macro", "micro", "overall"))
    assert (macro + micro).tolist() == overall.tolist()
    assert overall[0] + overall[2] == 502


def counts_of(hits, predicted, true):
    return np.array([hits, predicted - hits, true - hits])


@pytest.mark.parametrize(
    ("samm", "casme", "printed"),
    [
        # the 3D-CNN baseline of 2022 (thesis Table 5.12) and the winner (Liong et al. 2022): hits, predictions, truths
        ((6, 71, 31), (4, 10, 36), (0.1176, 0.1739, 0.1351)),
        ((5, 11, 31), (10, 38, 36), (None, None, 0.2586)),
    ],
)
def test_megc2022_pools_counts_over_both_sets(samm, casme, printed):
    parts = [counts_of(*samm), counts_of(*casme)]
    pooled = ratios(parts[0] + parts[1])
    for part, value in zip(parts, printed, strict=False):
        assert value is None or round(float(ratios(part)[2]), 4) == value
    assert round(float(pooled[2]), 4) == printed[2]
    assert round(float(np.mean([ratios(part)[2] for part in parts])), 4) != printed[2]


def test_megc2022_winner_precision_and_recall():
    pooled = ratios(counts_of(5, 11, 31) + counts_of(10, 38, 36))
    assert np.round(pooled[:2], 4).tolist() == [0.3061, 0.2239]


def test_the_abstracts_1531_is_a_digit_swap():
    value = float(ratios(counts_of(6, 71, 31) + counts_of(4, 10, 36))[2])
    assert f"{value:.4f}" == "0.1351"


def test_megc2025_baseline():
    # SAMM 6/217/202, CAS 3/115/34 as TP/FP/FN (arXiv:2506.15298)
    assert round(float(ratios(np.array([6, 217, 202]))[2]), 4) == 0.0278
    assert round(float(ratios(np.array([3, 115, 34]))[2]), 4) == 0.0387
