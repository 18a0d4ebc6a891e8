"""The class of a frame: the most probable one, or the third in which the output of a regression lies."""

from __future__ import annotations

import numpy as np

from mebench.methods.recognition.frame_recogniser import classes_of_frames


def test_of_probabilities_the_most_probable_and_the_first_of_equal_ones() -> None:
    rows = np.array([[0.2, 0.5, 0.3], [0.4, 0.2, 0.4], [0.0, 0.0, 1.0]])
    assert classes_of_frames(rows).tolist() == [1, 0, 2]


def test_of_outputs_the_third() -> None:
    assert classes_of_frames(np.array([-0.4, 0.3, 0.34, 0.66, 0.67, 1.2])).tolist() == [0, 0, 1, 1, 2, 2]
