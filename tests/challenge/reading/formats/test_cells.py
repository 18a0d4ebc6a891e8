"""Cells: whole frames, plain ids, known types, finite numbers."""

from __future__ import annotations

import math

import pytest

from mebench.challenge.reading.formats import cells
from mebench.schema.tables import Unreadable


@pytest.mark.parametrize(
    ("cell", "value"), [("12", 12), ("12.0", 12), ("+12", 12), ("012", 12), ("1e3", 1000), ("0", 0), ("-12", -12)]
)
def test_whole_frames_are_read_however_they_are_written(cell, value):
    assert cells.frame(cell) == value


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("12.5", "fractional"),
        ("12,5", "fractional"),
        ("-10000000000", "frame"),
        ("−3", "frame"),
        ("", "frame"),
        ("1e400", "frame"),
        ("nan", "frame"),
        ("9" * 5000, "frame"),
        ("1_0", "frame"),
        ("0x1", "frame"),
        ("٣", "frame"),
        ("10000000000", "frame"),
        ("12.0.0", "frame"),
    ],
)
def test_other_frames_are_refused(cell, kind):
    with pytest.raises(Unreadable, match="whole frame number") as caught:
        cells.frame(cell)
    assert caught.value.kind == kind


@pytest.mark.parametrize(
    ("cell", "kind"),
    [("", "id"), ("a" * 501, "id"), ("a\u202eb", "id"), ("=a", "formula"), ("-", "formula"), ("@a", "formula")],
)
def test_ids_that_are_none_are_refused(cell, kind):
    with pytest.raises(Unreadable) as caught:
        cells.identifier(cell)
    assert caught.value.kind == kind


def test_ids_stay_as_they_are_and_emotions_become_lower_case():
    assert cells.identifier("EP02_01f") == "EP02_01f"
    assert cells.emotion("Negative") == "negative"
    assert cells.emotion_or_none("") == ""
    with pytest.raises(Unreadable, match="an emotion"):
        cells.emotion("")


@pytest.mark.parametrize(
    ("cell", "word"),
    [("me", "micro"), ("ME", "micro"), ("Micro-expression", "micro"), ("MaE", "macro"), ("macro expression", "macro")],
)
def test_types_have_synonyms(cell, word):
    assert cells.expression(cell) == word


def test_other_types_are_refused():
    with pytest.raises(Unreadable, match="micro or macro"):
        cells.expression("1")


def test_scores_are_finite_or_absent():
    assert cells.score("-3.5") == -3.5
    assert math.isnan(cells.score(""))
    for cell in ("nan", "inf", "1e400", "x"):
        with pytest.raises(Unreadable, match="a finite number"):
            cells.score(cell)


@pytest.mark.parametrize("cell", ["-0.1", "1.1", "", "nan", "inf"])
def test_probabilities_lie_between_0_and_1(cell):
    assert cells.probability("1e-3") == 0.001
    with pytest.raises(Unreadable):
        cells.probability(cell)
