"""Linear machines: what scikit-learn's own one-against-one does, and nothing of what is tested."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from mebench.errors import UserError
from mebench.methods.recognition.linear import LinearMachines, SvmSettings
from mebench.settings import build_config


def samples(seed=0, counts=(30, 12, 9), d=40):
    rng = np.random.default_rng(seed)
    labels = np.repeat(np.arange(len(counts)), counts)
    centres = rng.normal(0, 0.6, (len(counts), d))
    return (centres[labels] + rng.normal(3, 1, (len(labels), d))).astype(np.float32), labels


@pytest.mark.parametrize("weight", ["none", "balanced"])
@pytest.mark.parametrize("c", [0.003, 1.0])
def test_scores_are_those_of_one_machine_with_all_classes(weight, c):
    features, labels = samples()
    others, _ = samples(seed=1)
    machines = LinearMachines.fit(features, labels, SvmSettings(c=c, class_weight=weight))
    scaler = StandardScaler().fit(features.astype(np.float64))
    theirs = SVC(C=c, kernel="linear", class_weight=None if weight == "none" else "balanced", tol=1e-5)
    theirs.fit(scaler.transform(features.astype(np.float64)), labels)
    scores = theirs.decision_function(scaler.transform(others.astype(np.float64)))
    np.testing.assert_allclose(machines.scores(others), scores, atol=2e-4)


def test_probabilities_follow_the_scores_and_add_up_to_one():
    features, labels = samples()
    machines = LinearMachines.fit(features, labels, SvmSettings())
    probabilities, scores = machines.probabilities(features, 3), machines.scores(features)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    assert (np.argsort(probabilities, axis=1) == np.argsort(scores, axis=1)).all()
    np.testing.assert_allclose(np.log(probabilities[:, 0] / probabilities[:, 2]), scores[:, 0] - scores[:, 2])


def test_two_separable_clips_are_parted_in_the_middle():
    machines = LinearMachines.fit(np.array([[0.0], [4.0]]), np.array([0, 1]), SvmSettings(c=100, scale="none"))
    np.testing.assert_allclose(machines.margins(np.array([[0.0], [2.0], [4.0]]))[:, 0], [1, 0, -1], atol=1e-6)


def test_a_class_without_training_clips_has_no_probability():
    features, labels = samples(counts=(10, 10))
    machines = LinearMachines.fit(features, labels * 2, SvmSettings())
    probabilities = machines.probabilities(features, 4)
    assert not probabilities[:, [1, 3]].any()
    assert (probabilities.argmax(axis=1) == labels * 2).mean() > 0.9


def test_a_single_class_is_certain():
    features, labels = samples(counts=(5,))
    assert (
        LinearMachines.fit(features, labels + 1, SvmSettings()).probabilities(features, 3).tolist() == [[0, 1, 0]] * 5
    )


def test_balance_helps_the_rare_class():
    rng = np.random.default_rng(3)
    labels = np.repeat([0, 1], [200, 10])
    features = rng.normal(0, 1, (210, 3)) + labels[:, None] * 0.7
    told = {
        weight: LinearMachines.fit(features, labels, SvmSettings(class_weight=weight, c=0.1)).scores(features)
        for weight in ("none", "balanced")
    }
    rare = {weight: int((scores.argmax(axis=1) == 1).sum()) for weight, scores in told.items()}
    assert rare["none"] < 10 < rare["balanced"]


def test_scaling_makes_units_irrelevant_and_constant_features_harmless():
    features, labels = samples()
    wide = np.concatenate([features * 1000 + 7, np.full((len(features), 2), 5.0)], axis=1)
    ours = LinearMachines.fit(features, labels, SvmSettings()).scores(features)
    np.testing.assert_allclose(LinearMachines.fit(wide, labels, SvmSettings()).scores(wide), ours, atol=1e-3)


def test_the_state_holds_everything():
    features, labels = samples()
    machines = LinearMachines.fit(features, labels, SvmSettings())
    state = machines.state()
    assert set(state) == {"present", "weights", "biases", "mean", "deviation"}
    again = LinearMachines.of_state(state).probabilities(features, 3)
    assert np.array_equal(again, machines.probabilities(features, 3))


def test_the_order_of_the_clips_does_not_matter():
    features, labels = samples()
    order = np.random.default_rng(0).permutation(len(labels))
    one, two = (LinearMachines.fit(features[i], labels[i], SvmSettings()) for i in (slice(None), order))
    np.testing.assert_allclose(one.scores(features), two.scores(features), atol=1e-3)


def test_what_does_not_belong_together_is_refused():
    with pytest.raises(ValueError, match="do not belong"):
        LinearMachines.fit(np.zeros((3, 2)), np.zeros(2, np.int64), SvmSettings())
    with pytest.raises(UserError, match="c=0 must be above 0"):
        build_config(SvmSettings, {"c": "0"}, owner="lbp_top")
