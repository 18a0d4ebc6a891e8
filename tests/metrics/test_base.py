"""What every metric promises, and what a metric of frames adds."""

from __future__ import annotations

import numpy as np
import pytest

from mebench.metrics.base import FrameMetric, Metric, heading_of


class HitRate(Metric):
    id = "hit_rate"

    def values(self, sums):
        return sums[..., :1] / np.maximum(sums[..., 1:2], 1)


@pytest.mark.parametrize(
    ("id", "heading"),
    [("f1", "F1"), ("f1_spotting", "F1 spotting"), ("mean_absolute_error", "mean absolute error"), ("uar", "UAR")],
)
def test_a_heading_is_the_id_in_words_with_capitals_for_abbreviations(id, heading):
    assert heading_of(id) == heading


def test_a_metric_says_what_it_leaves_out():
    class Half(Metric):
        id = "half"

    class Blind(FrameMetric):
        id = "blind"

    assert Half().parts(None, None, None) == {}
    with pytest.raises(NotImplementedError, match="half returns parts, but does not say what they add up to"):
        Half().values(np.ones((1, 2)))
    with pytest.raises(NotImplementedError, match="blind does not say what frames add"):
        Blind().measure(np.zeros((1, 2, 2), np.uint8), np.zeros((1, 2, 2), np.uint8))
    assert Blind.task == "generation"


def test_a_value_is_defined_when_anything_was_added():
    metric = HitRate()
    assert not metric.defined(np.zeros(2))
    assert metric.defined(np.array([0.0, 3.0]))
    assert metric.values(np.array([[1.0, 4.0], [0.0, 0.0]])).tolist() == [[0.25], [0.0]]
