"""Which raw scores can be graded together, and what is told of the others."""

from __future__ import annotations

import numpy as np
import pytest

from mebench.runs.work.raw_forms import gradable
from mebench.schema.raw_scores import RawScores

KEYS = [("s1", "a"), ("s2", "b"), ("s3", "c")]


def of(columns: int, thresholds: bool = True) -> RawScores:
    levels = (0.5,) * columns if thresholds else None
    return RawScores(np.zeros((4, columns), np.float32), levels, np.ones(4, bool))


def test_one_form_is_graded_and_nothing_told() -> None:
    raw = {key: of(2) for key in KEYS}
    assert gradable(raw, KEYS, "mine") == (raw, [])
    assert gradable({}, KEYS, "mine") == (None, [])


def test_without_any_threshold_nothing_is_told() -> None:
    raw = {key: of(1, thresholds=False) for key in KEYS}
    assert gradable(raw, KEYS, "mine") == (raw, [])


@pytest.mark.parametrize(
    ("method", "told"),
    [
        ("mine", "mine gave no raw scores of s2/b, s3/c, so the card has no metrics of raw scores: for them, mend its"),
        ("spot3dcnn", "The folds of s2/b, s3/c keep no raw scores, as those that were done before there were any"),
    ],
)
def test_the_cause_is_the_method_unless_it_is_ours(method: str, told: str) -> None:
    graded, (sentence,) = gradable({KEYS[0]: of(2)}, KEYS, method)
    assert graded is None
    assert sentence.startswith(told)


def test_two_forms_name_the_method_and_the_videos() -> None:
    graded, (sentence,) = gradable({KEYS[0]: of(2), KEYS[1]: of(1), KEYS[2]: of(2)}, KEYS, "mine")
    assert graded is None
    assert "mine gave raw scores of one column of s2/b and of two columns of s1/a, s3/c" in sentence


def test_thresholds_of_some_videos_leave_the_ratios_out() -> None:
    raw = {KEYS[0]: of(2), KEYS[1]: of(2, thresholds=False), KEYS[2]: of(2)}
    graded, (sentence,) = gradable(raw, KEYS, "mine")
    assert graded == raw
    assert sentence.startswith("mine gave no raw thresholds of s2/b, so the card has no precision, recall and F1")
