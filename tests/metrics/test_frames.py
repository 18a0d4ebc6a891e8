"""ROC, AUC and frame counts, held against scikit-learn and against frames laid out one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mebench.metrics import frames

scored = st.lists(st.tuples(st.booleans(), st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0])), min_size=2, max_size=40)


def columns(rows):
    return np.array([r[0] for r in rows]), np.array([r[1] for r in rows])


@settings(max_examples=150, deadline=None)
@given(scored)
def test_auc_equals_scikit_learn_ties_included(rows):
    from sklearn.metrics import roc_auc_score

    labels, scores = columns(rows)
    value, is_defined = frames.auc(labels, scores)
    assert is_defined == (0 < labels.sum() < len(labels))
    if is_defined:
        assert value == pytest.approx(roc_auc_score(labels, scores), abs=1e-12)
    else:
        assert value == 0.0


@settings(max_examples=100, deadline=None)
@given(scored)
def test_the_curve_equals_scikit_learns(rows):
    from sklearn.metrics import roc_curve

    labels, scores = columns(rows)
    if 0 < labels.sum() < len(labels):
        expected = roc_curve(labels, scores, drop_intermediate=False)
        for ours, theirs in zip(frames.roc_curve(labels, scores), expected, strict=True):
            assert np.allclose(ours, theirs)


def quality(labels, scores, threshold, rule):
    hit = scores >= threshold
    tpr, fpr = hit[labels].mean(), hit[~labels].mean()
    f1 = 2 * np.sum(hit & labels) / (hit.sum() + labels.sum())
    return {"youden": tpr - fpr, "corner": -np.hypot(1 - tpr, fpr), "f1": f1}[rule]


@settings(max_examples=100, deadline=None)
@given(scored, st.sampled_from(["youden", "corner", "f1"]))
def test_the_threshold_is_the_best_of_all_thresholds(rows, rule):
    labels, scores = columns(rows)
    threshold = frames.roc_threshold(labels, scores, rule)
    if labels.all() or not labels.any():
        assert threshold is None
        return
    best = max(quality(labels, scores, at, rule) for at in np.unique(scores))
    assert quality(labels, scores, threshold, rule) == pytest.approx(best)
    assert all(quality(labels, scores, at, rule) < best + 1e-12 for at in np.unique(scores) if at > threshold)


def test_the_threshold_lies_halfway_between_the_classes_when_they_part():
    labels = np.array([False, False, True, True])
    assert frames.roc_threshold(labels, np.array([0.1, 0.2, 0.6, 0.9])) == pytest.approx(0.4)


def test_auc_by_hand():
    """Of 2 x 2 pairs two are in order, one is tied, one is not: 2.5 / 4."""
    assert frames.auc(np.array([True, True, False, False]), np.array([0.9, 0.5, 0.5, 0.7])) == (0.625, True)


def test_auc_does_not_care_about_the_scale_of_scores():
    rng = np.random.default_rng(0)
    labels, scores = rng.random(500) < 0.2, rng.random(500)
    assert frames.auc(labels, scores) == frames.auc(labels, np.exp(scores) * 7)


def test_misfits_are_refused():
    with pytest.raises(ValueError, match=r"labels have shape \(2,\), scores have shape \(3,\)"):
        frames.auc(np.array([True, False]), np.zeros(3))
    with pytest.raises(ValueError, match="NaN or infinity"):
        frames.roc_curve(np.array([True, False]), np.array([0.0, np.nan]))
    with pytest.raises(ValueError, match="shape"):
        frames.frame_counts(np.zeros(2, bool), np.zeros(3, bool))


def test_no_frames_at_all():
    empty = np.empty(0, bool), np.empty(0)
    assert frames.auc(*empty) == (0.0, False)
    assert frames.roc_threshold(*empty) is None


def test_the_interval_of_the_auc_holds_the_value_and_shrinks_with_subjects():
    rng = np.random.default_rng(3)

    def width(n_subjects):
        subject = np.repeat(np.arange(n_subjects), 200)
        labels = rng.random(len(subject)) < 0.3
        scores = rng.normal(size=len(subject)) + labels + rng.normal(size=n_subjects)[subject]
        low, high = frames.auc_interval(labels, scores, subject)
        value, _ = frames.auc(labels, scores)
        assert low < value < high
        return high - low

    assert width(50) < width(5)


def test_the_interval_equals_resampling_frame_by_frame():
    """Bins move an AUC by less than one in a thousand."""
    from mebench.metrics.statistics.bootstrap import SEED, weights

    rng = np.random.default_rng(4)
    subject = np.repeat(np.arange(6), 300)
    labels = rng.random(1800) < 0.2 + 0.1 * (subject % 3)
    scores = rng.normal(size=1800) + 0.8 * labels
    drawn = weights(6, frames._RESAMPLES, SEED)[:200].astype(int)
    slow = [frames.auc(np.repeat(labels, row[subject]), np.repeat(scores, row[subject]))[0] for row in drawn]
    low, high = frames.auc_interval(labels, scores, subject)
    assert low == pytest.approx(np.quantile(slow, 0.025), abs=0.015)
    assert high == pytest.approx(np.quantile(slow, 0.975), abs=0.015)


def test_classes_that_are_parted_without_a_fault_have_their_auc_inside():
    """Bins put the lowest positive beside the highest negative, so every resample lies below 1."""
    labels = np.arange(6000) >= 4567
    low, high = frames.auc_interval(labels, np.linspace(0, 1, 6000), np.arange(6000) % 4)
    assert frames.auc(labels, np.linspace(0, 1, 6000)) == (1.0, True)
    assert 0.999 < low < high == 1.0


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5), st.integers(0, 2)), min_size=3, max_size=30))
def test_the_auc_lies_inside_its_interval_whatever_the_subjects(rows):
    labels, scores, subject = (np.array(column) for column in zip(*rows, strict=True))
    found = frames.auc_interval(labels, scores.astype(float), subject)
    value, _ = frames.auc(labels, scores)
    assert found is None or found[0] <= value <= found[1]


def test_no_interval_for_one_subject_or_one_class():
    labels, scores = np.array([True, False]), np.array([1.0, 0.0])
    assert frames.auc_interval(labels, scores, np.array([0, 0])) is None
    assert frames.auc_interval(np.array([True, True]), scores, np.array([0, 1])) is None


interval = st.tuples(st.integers(0, 2), st.integers(1, 20), st.integers(-2, 12)).map(
    lambda r: (r[0], r[1], r[1] + r[2])
)


@settings(max_examples=200, deadline=None)
@given(st.lists(interval, max_size=8), st.lists(interval, max_size=8))
def test_covered_counts_equal_frames_laid_out_one_by_one(predicted, true):
    def mask(rows):
        laid = np.zeros((3, 40), bool)
        for v, a, b in rows:
            laid[v, a : b + 1] = True
        return laid

    def arrays(rows):
        return tuple(np.array(rows, np.int64).reshape(-1, 3).T)

    counts = frames.covered_counts(arrays(predicted), arrays(true), 3)
    p, t = mask(predicted), mask(true)
    assert counts.tolist() == [list(frames.frame_counts(p[v], t[v])) for v in range(3)]
