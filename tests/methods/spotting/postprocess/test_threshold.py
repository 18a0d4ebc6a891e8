from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mebench.methods.spotting.postprocess.threshold import Rule, roc_threshold


def quality(scores: np.ndarray, labels: np.ndarray, threshold: float, rule: str) -> float:
    predicted = scores >= threshold
    true, false = np.sum(predicted & labels), np.sum(predicted & ~labels)
    tpr, fpr = true / labels.sum(), false / (~labels).sum()
    return {"youden": tpr - fpr, "corner": -np.hypot(1 - tpr, fpr), "f1": 2 * true / (predicted.sum() + labels.sum())}[
        rule
    ]


def test_threshold_lies_halfway_between_the_classes_when_they_part() -> None:
    assert roc_threshold(np.array([0.1, 0.2, 0.6, 0.9]), np.array([False, False, True, True])) == pytest.approx(0.4)


@given(
    st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=2, max_size=30),
    st.sampled_from(["youden", "corner", "f1"]),
)
def test_no_other_threshold_is_better(rows: list[tuple[int, bool]], rule: Rule) -> None:
    scores, labels = np.array([r[0] / 6 for r in rows]), np.array([r[1] for r in rows])
    found = roc_threshold(scores, labels, rule)
    if labels.all() or not labels.any():
        assert found is None
        return
    assert found is not None
    best = max(quality(scores, labels, value, rule) for value in scores)
    assert quality(scores, labels, found, rule) == pytest.approx(best)


def test_without_both_labels_there_is_no_curve() -> None:
    assert roc_threshold(np.array([0.1, 0.9]), np.array([True, True])) is None
    assert roc_threshold(np.array([]), np.array([], dtype=bool)) is None
