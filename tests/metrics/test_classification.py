"""UF1, UAR, macro precision and accuracy, held against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mebench.metrics.classification import (
    NAMES,
    confusion,
    per_class,
    recognition_defined,
    recognition_scores,
    recognition_values,
)

samples = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=40)


@settings(max_examples=100, deadline=None)
@given(samples)
def test_equals_scikit_learn_absent_classes_included(rows):
    from sklearn.metrics import accuracy_score, f1_score, precision_score, recall_score

    truth, predicted = zip(*rows, strict=True)
    options = {"labels": range(4), "average": "macro", "zero_division": 0}
    found = recognition_scores(confusion(truth, predicted, 4))
    assert found["uf1"].value == pytest.approx(f1_score(truth, predicted, **options))
    assert found["uar"].value == pytest.approx(recall_score(truth, predicted, **options))
    assert found["macro_precision"].value == pytest.approx(precision_score(truth, predicted, **options))
    assert found["accuracy"].value == pytest.approx(accuracy_score(truth, predicted))
    assert all(value.defined for value in found.values())


@settings(max_examples=60, deadline=None)
@given(samples)
def test_the_legacy_rule_leaves_absent_classes_out(rows):
    from sklearn.metrics import f1_score

    truth, predicted = zip(*rows, strict=True)
    found = recognition_scores(confusion(truth, predicted, 4), drop_absent=True)
    assert found["uf1"].value == pytest.approx(f1_score(truth, predicted, average="macro", zero_division=0))


def test_uar_is_recall_and_macro_precision_has_its_own_name():
    """
              predicted
    truth  neg  8  0        recall .8 (8 of 10, two elsewhere) and 1
           pos  0  2        precision 1 and .5
    """
    matrix = np.array([[8, 2], [0, 2]])
    precision, recall, f1 = per_class(matrix)
    assert recall.tolist() == [0.8, 1.0]
    assert precision.tolist() == [1.0, 0.5]
    assert f1.tolist() == pytest.approx([16 / 18, 4 / 6])
    found = recognition_scores(matrix)
    assert (found["uar"].value, found["macro_precision"].value) == (0.9, 0.75)


def test_nothing_is_nan():
    found = recognition_scores(np.zeros((3, 3), int))
    assert all(value == (0.0, False) for value in found.values())
    assert tuple(found) == NAMES


def test_folds_are_pooled_before_anything_is_divided():
    first, second = confusion([0, 0], [0, 1], 2), confusion([1], [1], 2)
    pooled = recognition_scores(first + second)["uf1"].value
    assert pooled == pytest.approx((2 / 3 + 2 / 3) / 2)
    assert pooled != np.mean([recognition_scores(m)["uf1"].value for m in (first, second)])


def test_many_matrices_at_once():
    matrices = np.random.default_rng(0).integers(0, 9, (5, 3, 3))
    whole = recognition_values(matrices)
    assert whole.shape == (5, 4)
    for matrix, row in zip(matrices, whole, strict=True):
        assert [value.value for value in recognition_scores(matrix).values()] == row.tolist()


def test_confusion_counts_and_refuses():
    assert confusion([0, 1, 1], [0, 0, 1], 2).tolist() == [[1, 0], [1, 1]]
    assert confusion([], [], 2).sum() == 0
    with pytest.raises(ValueError, match=r"0\.\.1"):
        confusion([0, 2], [0, 0], 2)
    with pytest.raises(ValueError, match="shape"):
        confusion([0, 1], [0], 2)


@pytest.mark.parametrize("seed", range(10))
def test_answers_that_name_no_class_are_misses_only(seed):
    from sklearn.metrics import f1_score, precision_score, recall_score

    rng = np.random.default_rng(seed)
    truth, predicted = rng.integers(0, 3, 30), rng.integers(0, 4, 30)
    matrix = confusion(truth, predicted, 4)
    values = dict(zip(NAMES, recognition_values(matrix, n_classes=3).tolist(), strict=True))
    options = {"labels": [0, 1, 2], "average": "macro", "zero_division": 0}
    assert values["uf1"] == pytest.approx(f1_score(truth, predicted, **options))
    assert values["uar"] == pytest.approx(recall_score(truth, predicted, **options))
    assert values["macro_precision"] == pytest.approx(precision_score(truth, predicted, **options))
    assert values["accuracy"] == pytest.approx((truth == predicted).mean())


def test_defined_where_nothing_names_a_class():
    only_nothing = np.array([[0, 0, 2], [0, 0, 1], [0, 0, 0]])
    assert recognition_defined(only_nothing, n_classes=2) == (True, True, False, True)
    assert recognition_defined(np.zeros((3, 3), int), n_classes=2) == (False,) * 4
