"""Recognisers by features: each learns what moves, computes nothing twice, and keeps all that it has learnt."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from mebench.errors import UserError
from mebench.methods.catalogue import METHODS
from mebench.methods.recognition.of_features import FeatureRecogniser
from tests.methods.recognition.moving import CLASSES, clip, clips, context

OPTIONS = {
    "lbp_top": {"face_size": "64", "rows": "3", "columns": "3"},
    "bi_woof": {"flow": "farneback", "face_size": "64"},
    "apex_hog_svm": {},
}


@pytest.fixture(params=OPTIONS)
def model(request) -> FeatureRecogniser:
    return METHODS.get(request.param).configure({"crop": "whole", **OPTIONS[request.param]})


def told(model, tested, where):
    return np.stack([model.recognise(clip.without_truth(), where) for clip in tested])


def test_other_people_are_recognised(model, tmp_path):
    logged = []
    where = context(tmp_path, logged.append)
    model.fit(clips(range(1, 7)), [], where)
    tested = clips(range(11, 15))
    probabilities = told(model, tested, where)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    right = [CLASSES[i] == clip.emotion for i, clip in zip(probabilities.argmax(axis=1), tested, strict=True)]
    assert np.mean(right) >= 0.75
    assert logged[0]["clips_of_class"] == dict.fromkeys(CLASSES, 6)
    assert logged[0]["features"] == model.features(tested[0], where).size


def test_features_are_computed_once_for_all_folds_and_settings_of_the_machines(model, tmp_path, monkeypatch):
    computed = []
    monkeypatch.setattr(
        type(model), "compute", lambda self, clip, context: computed.append(clip.key) or np.full(3, len(computed), "f4")
    )
    every = clips(range(1, 4))
    for one in every:
        model.prepare(one.without_truth(), context(tmp_path))
    assert len(computed) == len(every)
    for left_out in ("s1", "s2"):
        other = type(model)(dataclasses.replace(model.config, c=7.0, class_weight="none"))
        other.fit([one for one in every if one.subject != left_out], [], context(tmp_path))
        told(other, [one for one in every if one.subject == left_out], context(tmp_path))
    assert len(computed) == len(every)


def test_what_features_depend_on_has_them_computed_anew(model, tmp_path):
    where = context(tmp_path)
    keys = {model.key(one, where) for one in (clip(), clip(2), clip(count=11))}
    keys |= {model.key(dataclasses.replace(clip(), onset=2), where)}
    changes = {
        "lbp_top": {"frames": 8, "rows": 2, "uniform": False, "radius_t": 2, "face_size": 48, "neighbours": 4},
        "bi_woof": {"rows": 2, "bins": 4, "flow": "dis", "strain": "quarter", "face_size": 48},
        "apex_hog_svm": {"of": "apex"},
    }[model.id]
    for name, value in changes.items():
        keys.add(type(model)(dataclasses.replace(model.config, **{name: value})).key(clip(), where))
    assert len(keys) == 4 + len(changes)


def test_features_tell_nothing_of_the_truth(model, tmp_path):
    where = context(tmp_path)
    assert model.key(clip(), where) == model.key(clip().without_truth(), where)


def test_what_was_learnt_comes_back_from_its_state(model, tmp_path):
    where, other = context(tmp_path), type(model)(model.config)
    assert other.state() == {}
    model.fit(clips(range(1, 4)), [], where)
    other.load_state(model.state())
    tested = clips(range(11, 12))
    assert np.array_equal(told(model, tested, where), told(other, tested, where))


def test_scaling_comes_from_the_training_clips(tmp_path):
    model = METHODS.get("bi_woof").configure({**OPTIONS["bi_woof"], "crop": "whole", "scale": "standard"})
    where = context(tmp_path)
    train = clips(range(1, 4))
    model.fit(train, clips(range(8, 9)), where)
    features = np.stack([model.features(clip, where) for clip in train])
    np.testing.assert_allclose(model.state()["mean"], features.mean(axis=0), atol=1e-6)


def test_clips_of_no_class_are_left_out_and_counted(model, tmp_path):
    logged = []
    where = context(tmp_path, logged.append)
    strangers = [dataclasses.replace(clip(9), emotion="fear")]
    model.fit([*clips(range(1, 3)), *strangers], [], where)
    assert (logged[0]["clips"], logged[0]["clips_without_class"]) == (6, 1)
    with pytest.raises(UserError, match="No training clip has one of the classes negative, positive, surprise"):
        model.fit(strangers, [], where)


def test_nothing_learnt_is_told(model, tmp_path):
    with pytest.raises(UserError, match=f"{model.id} has learnt nothing yet"):
        model.recognise(clip(), context(tmp_path))


@pytest.mark.parametrize(("id", "options", "problem"), [
    ("lbp_top", {"frames": "3"}, "frames=3 must be 0 or at least 4"),
    ("lbp_top", {"face_size": "16", "rows": "15"}, "rows=15 must be at most 14"),
    ("lbp_top", {"neighbours": "17"}, "neighbours=17 must be at least 2 and at most 16"),
    ("bi_woof", {"bins": "1"}, "bins=1 must be at least 2"),
    ("bi_woof", {"face_size": "32", "rows": "33"}, "rows=33 must be at least 1 and at most 32"),
    ("apex_hog_svm", {"c": "-1"}, "c=-1 must be above 0"),
    ("apex_hog_svm", {"margin": "9"}, "margin=9 must be"),
])  # fmt: skip
def test_impossible_settings_are_refused(id, options, problem):
    with pytest.raises(UserError, match=f"{id}: {problem}"):
        METHODS.get(id).configure(options)
