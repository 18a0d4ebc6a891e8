from __future__ import annotations

import pytest

from mebench.testing.truths import RATINGS, exam_of


@pytest.mark.parametrize("task", ["spotting", "spot_recognise", "recognition", "generation", "questions", RATINGS])
def test_there_is_a_truth_of_every_task(task: str) -> None:
    exam = exam_of(task)
    assert exam is not None
    assert len(exam.people) == 4
    assert exam.truth.digest() == exam_of(task).truth.digest()
    assert exam_of("cooking") is None
