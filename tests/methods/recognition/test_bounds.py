"""The bounds: the majority follows the training clips alone, the true class repeats the truth."""

from __future__ import annotations

import numpy as np
import pytest

from mebench.errors import UserError
from mebench.methods.base import RunContext
from mebench.methods.recognition.bounds import Majority, TrueClass
from mebench.schema.recordings import Clip

CLASSES = ("negative", "positive", "surprise")


def clips(*emotions):
    return [Clip("toy", f"s{i}", "c", 30.0, None, emotion) for i, emotion in enumerate(emotions)]  # type: ignore[arg-type]


def context(log=lambda line: None):
    return RunContext(0, "cpu", cache=None, classes=CLASSES, log=log)  # type: ignore[arg-type]


def test_the_majority_is_that_of_the_training_clips():
    logged = []
    model = Majority.configure()
    model.fit(clips("surprise", "positive", "surprise", "surprise"), [], context(logged.append))
    (clip,) = clips("negative")
    np.testing.assert_allclose(model.recognise(clip, context()), [0, 0.25, 0.75])
    assert logged == [{"negative": 0, "positive": 1, "surprise": 3}]


def test_what_was_counted_comes_back_from_its_state():
    model, other = Majority.configure(), Majority.configure()
    assert model.state() == {}
    model.fit(clips("positive", "negative", "negative"), [], context())
    other.load_state(model.state())
    (clip,) = clips("")
    assert np.array_equal(other.recognise(clip, context()), model.recognise(clip, context()))


def test_nothing_to_count_is_told():
    with pytest.raises(UserError, match="No training clip has one of the classes negative, positive, surprise"):
        Majority.configure().fit(clips("fear"), [], context())
    with pytest.raises(UserError, match="majority has learnt nothing"):
        Majority.configure().recognise(clips("")[0], context())


def test_the_true_class_is_certain():
    (clip,) = clips("positive")
    assert TrueClass.configure().recognise(clip, context()) == {"negative": 0, "positive": 1, "surprise": 0}
    assert TrueClass.needs_truth
    assert TrueClass.is_bound
    assert not TrueClass.trains
