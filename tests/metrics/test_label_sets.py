"""F1 of each label and their means: by hand, as scikit-learn, and as meb's published constants say."""

from __future__ import annotations

import numpy as np
import pytest

from mebench.metrics.label_sets import label_counts, label_set_statistic, label_set_values
from mebench.protocols.papers.cd6me import Cd6me

CONSTANT = {"casme": 0.161, "casme2": 0.194, "samm": 0.153, "fourdme": 0.202, "mmew": 0.207, "casme3": 0.151}
"""Published F1 of saying that every action unit is there (arXiv 2211.11425); .178 on average."""


def test_by_hand():
    """Two clips, three labels: the first label right once and missed once, the second invented, the third absent."""
    truth = np.array([[1, 0, 0], [1, 0, 0]], bool)
    said = np.array([[1, 1, 0], [0, 0, 0]], bool)
    counts = label_counts(truth, said)
    assert counts.sum(axis=0).tolist() == [[1, 0, 1], [0, 1, 0], [0, 0, 0]]
    total = counts.sum(axis=0)[None]
    assert label_set_values(total) == pytest.approx([(2 / 3) / 3, (1 / 2) / 3, 1 / 3])
    assert label_set_values(total, drop_absent=True) == pytest.approx([(2 / 3) / 2, (1 / 2) / 2, 1 / 2])


@pytest.mark.parametrize("seed", range(5))
def test_scikit_learn_agrees(seed):
    from sklearn.metrics import f1_score, precision_score, recall_score

    random = np.random.default_rng(seed)
    truth, said = random.random((40, 6)) < 0.3, random.random((40, 6)) < 0.4
    truth[:, 5] = said[:, 5] = False
    found = label_set_values(label_counts(truth, said).sum(axis=0)[None])
    scores = (
        score(truth, said, average="macro", zero_division=0) for score in (f1_score, recall_score, precision_score)
    )
    assert found == pytest.approx(list(scores))


def test_saying_everything_scores_as_published():
    """Counts of action units of six databases give the printed constants, a unit that never occurs counting as 0."""
    values = {}
    for database, (positives, clips) in Cd6me.official.items():
        counts = np.array([(n, clips - n, 0) for n in positives])[None]
        values[database] = label_set_values(counts)[0]
        assert values[database] == pytest.approx(CONSTANT[database], abs=0.0005)
    assert set(values) == set(CONSTANT)
    assert np.mean(list(values.values())) == pytest.approx(0.178, abs=0.0005)


def test_groups_are_averaged_and_empty_ones_take_no_part():
    random = np.random.default_rng(3)
    groups = random.integers(0, 5, (3, 4, 3))
    groups[1] = 0
    each = [label_set_values(group[None]) for group in groups]
    assert label_set_values(groups) == pytest.approx(np.mean([each[0], each[2]], axis=0).tolist())
    flat = label_set_statistic(n_labels=4, n_groups=3)(np.stack([groups.ravel(), 2 * groups.ravel()]).astype(float))
    assert flat[0] == pytest.approx(flat[1].tolist())
    assert flat[0] == pytest.approx(label_set_values(groups).tolist())


def test_shapes_that_differ_are_refused():
    with pytest.raises(ValueError, match="truth has shape"):
        label_counts(np.zeros((2, 3), bool), np.zeros((3, 3), bool))
