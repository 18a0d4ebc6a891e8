"""The rule of absent classes is one, whichever task averages classes."""

from __future__ import annotations

import pytest

from mebench.metrics.conventions.classes import ClassRules
from mebench.metrics.conventions.questions import QuestionConvention
from mebench.metrics.conventions.recognition import RecognitionConvention
from mebench.metrics.conventions.spot_recognise import SpotRecogniseConvention
from mebench.metrics.conventions.spotting import SpottingConvention

TASKS = (RecognitionConvention, QuestionConvention, SpotRecogniseConvention)


@pytest.mark.parametrize("cls", TASKS)
def test_a_class_without_samples_counts_as_zero_unless_it_is_said(cls):
    assert issubclass(cls, ClassRules)
    assert cls.preset("strict").absent_class == "keep_zero"
    assert cls.preset("present_classes").differing() == {"absent_class": "drop"}


def test_a_task_without_classes_has_no_such_rule():
    assert not issubclass(SpottingConvention, ClassRules)
    with pytest.raises(TypeError, match="absent_class"):
        SpottingConvention(absent_class="drop")


def test_each_task_has_fingerprints_of_its_own():
    drops = {cls.preset("present_classes").fingerprint for cls in TASKS}
    assert len(drops) == len(TASKS)
    assert drops.isdisjoint({cls.preset("strict").fingerprint for cls in TASKS})
