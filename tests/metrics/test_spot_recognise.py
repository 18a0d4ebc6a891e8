"""Spot-then-recognise: the published baseline, scikit-learn, and 0/0."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import f1_score, precision_score, recall_score

from mebench.metrics.spot_recognise import NAMES, spot_recognise_defined, spot_recognise_values


def values_of(spotted, matrix, **options):
    return dict(zip(NAMES, spot_recognise_values(np.array(spotted), np.array(matrix), **options).tolist(), strict=True))


ONE_CLASS_SAID = [[3, 0, 0, 0], [2, 0, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0]]
"""All six are said to be negative, three of them are: the only way to a precision of .1667 and a recall of .3333."""


@pytest.mark.parametrize(
    ("spotted", "matrix", "printed"),
    [
        ((6, 217, 202), ONE_CLASS_SAID, (0.0278, 0.1667, 0.3333, 0.2222, 0.0062)),
        (
            (3, 115, 34),
            [[1, 0, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]],
            (0.0387, 0.1667, 0.3333, 0.2222, 0.0086),
        ),
    ],
)
def test_the_baseline_of_megc2025(spotted, matrix, printed):
    found = values_of(spotted, matrix)
    names = ("f1_spotting", "macro_precision", "uar", "f1_analysis", "strs")
    assert tuple(round(found[name], 4) for name in names) == printed


@pytest.mark.parametrize("seed", range(30))
def test_scikit_learn_agrees_absent_classes_included(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 25))
    true = rng.choice(rng.permutation(3)[: rng.integers(1, 4)], n)
    said = rng.choice(rng.permutation(4)[: rng.integers(1, 5)], n)
    matrix = np.zeros((4, 4), int)
    np.add.at(matrix, (true, said), 1)
    found = values_of((n, 5, 5), matrix)
    options = {"labels": [0, 1, 2], "average": "macro", "zero_division": 0}
    precision, recall = precision_score(true, said, **options), recall_score(true, said, **options)
    assert found["macro_precision"] == pytest.approx(precision)
    assert found["uar"] == pytest.approx(recall)
    assert found["uf1"] == pytest.approx(f1_score(true, said, **options))
    expected = 2 * precision * recall / (precision + recall) if precision + recall else 0
    assert found["f1_analysis"] == pytest.approx(expected)
    assert found["strs"] == pytest.approx(expected * 2 * n / (2 * n + 10))


def test_perfect_with_a_single_class_is_no_nan():
    matrix = np.diag([5, 0, 0, 0])
    assert values_of((5, 0, 0), matrix)["f1_analysis"] == pytest.approx(1 / 3)
    assert values_of((5, 0, 0), matrix, drop_absent=True)["strs"] == 1


def test_nothing_over_nothing():
    nothing = np.zeros((4, 4), int)
    assert set(values_of((0, 0, 0), nothing).values()) == {0.0}
    assert not any(spot_recognise_defined(np.array([0, 0, 0]), nothing))
    of = dict(zip(NAMES, spot_recognise_defined(np.array([0, 3, 4]), nothing), strict=True))
    assert of["f1_spotting"]
    assert of["strs"]
    assert not of["f1_analysis"]
    of = dict(zip(NAMES, spot_recognise_defined(np.array([2, 3, 4]), nothing), strict=True))
    assert not of["strs"]


def test_vectorised():
    spotted = np.array([[6, 217, 202], [0, 0, 0]])
    matrices = np.stack([np.array(ONE_CLASS_SAID), np.zeros((4, 4), int)])
    both = spot_recognise_values(spotted, matrices)
    assert both.shape == (2, len(NAMES))
    assert np.array_equal(both[0], spot_recognise_values(spotted[0], matrices[0]))
