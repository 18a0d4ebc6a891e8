"""Labels of videos from what is said of their frames, as the docstring's example works them out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mebench.methods.recognition.video_label import label_of_frames, label_of_outputs, third_of

FRAMES = [[0.9, 0.1, 0.0], [0.1, 0.6, 0.3], [0.1, 0.6, 0.3], [0.0, 0.4, 0.6]]


def test_the_example():
    assert label_of_frames(np.array(FRAMES)) == pytest.approx([0.275, 0.425, 0.3])
    assert label_of_frames(np.array(FRAMES), "vote") == pytest.approx([0.25, 0.5, 0.25])


def test_the_rules_may_disagree():
    """One frame that is sure outweighs two that are not, unless frames vote."""
    frames = np.array([[1.0, 0.0, 0.0], [0.4, 0.0, 0.6], [0.4, 0.0, 0.6]])
    assert np.argmax(label_of_frames(frames)) == 0
    assert np.argmax(label_of_frames(frames, "vote")) == 2


@pytest.mark.parametrize(
    ("outputs", "rule", "expected"),
    [
        ([0.0, 0.3], "mean", [1, 0, 0]),
        ([1 / 3], "mean", [0, 1, 0]),
        ([2 / 3, 2 / 3, 2 / 3], "mean", [0, 1, 0]),
        ([0.5, 0.9], "mean", [0, 0, 1]),
        ([-0.2, 1.4], "vote", [0.5, 0, 0.5]),
        ([0.1, 0.1, 0.9, 0.9, 0.9], "vote", [0.4, 0, 0.6]),
        ([0.1, 0.1, 0.9, 0.9, 0.9], "mean", [0, 1, 0]),
    ],
)
def test_outputs_fall_into_thirds(outputs, rule, expected):
    assert label_of_outputs(np.array(outputs), rule) == pytest.approx(expected)


def test_thirds_grow_with_the_output():
    values = np.linspace(-0.5, 1.5, 201)
    assert third_of(values).tolist() == [0 if v < 1 / 3 else 1 if v <= 2 / 3 else 2 for v in values.tolist()]


@given(st.lists(st.lists(st.floats(0.01, 1), min_size=3, max_size=3), min_size=1, max_size=8), st.randoms())
def test_the_order_of_frames_moves_nothing_and_all_adds_up_to_one(rows, random):
    frames = np.array(rows) / np.sum(rows, axis=1, keepdims=True)
    order = random.sample(range(len(rows)), len(rows))
    for rule in ("mean", "vote"):
        label = label_of_frames(frames, rule)
        assert label.sum() == pytest.approx(1)
        assert label_of_frames(frames[order], rule) == pytest.approx(label)


def test_what_is_no_list_of_frames_is_refused():
    for bad in (np.zeros((0, 3)), np.zeros(3)):
        with pytest.raises(ValueError, match="have shape"):
            label_of_frames(bad)
    for bad in (np.zeros(0), np.zeros((2, 2))):
        with pytest.raises(ValueError, match="have shape"):
            label_of_outputs(bad)
