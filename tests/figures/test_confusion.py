"""Confusion matrices as they are drawn."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from mebench.analysis.confusion import Confusions, confusions_of
from mebench.figures.confusion import draw_confusions, shares
from tests.analysis.test_confusion import ROWS, written


@pytest.fixture
def found(tmp_path: Path) -> Confusions:
    return confusions_of(written(tmp_path))


def test_shares_are_of_the_true_class():
    np.testing.assert_allclose(shares(np.array([[1, 3], [0, 0]])), [[0.25, 0.75], [0, 0]])


def test_the_same_card_gives_the_same_bytes(found: Confusions) -> None:
    assert draw_confusions(found) == draw_confusions(found)


def test_one_clip_more_gives_another_drawing(found: Confusions) -> None:
    more = {**found.matrices, "samm": found.matrices["samm"] + np.eye(3, 4, dtype=np.int64)}
    assert draw_confusions(found) != draw_confusions(dataclasses.replace(found, matrices=more))


def test_a_column_for_no_answer_is_drawn_where_there_are_any(found: Confusions, tmp_path: Path) -> None:
    answered = confusions_of(written(tmp_path, [row for row in ROWS if row[4]]))
    assert b"<!-- no answer -->" in draw_confusions(found)["svg"]
    assert b"<!-- no answer -->" not in draw_confusions(answered)["svg"]
    assert b"<!-- surprise -->" in draw_confusions(answered)["svg"]
