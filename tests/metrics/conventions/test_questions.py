"""A class that no question asks for, under both presets."""

from __future__ import annotations

import pytest

from mebench.metrics.conventions.questions import PRESETS, QuestionConvention
from mebench.protocols.base import Predicted
from mebench.protocols.megc.megc2025_vqa import Megc2025Vqa
from mebench.schema.answers import Answer, Answers
from tests.every_task import QUESTION, answers


def grade(said, true, preset):
    def rows(words):
        return Answers(tuple(Answer(f"q{i}", f"v{i}", QUESTION, word, "samm") for i, word in enumerate(words)), "vqa")

    return Megc2025Vqa().score(Predicted(rows(said)), rows(true), convention=PRESETS[preset])


def test_a_class_that_nobody_asks_for():
    """Two classes of three, both right: 2/3 of the mean where the third keeps its place."""
    words = ["negative", "positive", "negative"]
    assert grade(words, words, "strict").score("uf1_coarse", "overall").value == pytest.approx(2 / 3)
    assert grade(words, words, "present_classes").score("uf1_coarse", "overall").value == 1


def test_the_presets_agree_where_every_class_is_asked_for():
    predictions, truth = answers(0.5)
    strict, present = (
        Megc2025Vqa().score(Predicted(predictions), truth, convention=rules) for rules in PRESETS.values()
    )
    assert strict.score("uf1_coarse", "overall").value == present.score("uf1_coarse", "overall").value < 1
    assert strict.fingerprint != present.fingerprint
    assert QuestionConvention.presets["present_classes"].differing() == {"absent_class": "drop"}
