"""Sheets of ratings are checked cell by cell."""

from __future__ import annotations

import json

import numpy as np
import pytest

from mebench.errors import UserError
from mebench.schema.problems import InvalidTable
from mebench.schema.ratings import Item, RatedItems, Rating, Scale, rating_matrix, read_ratings

TRUTH = RatedItems((Item("casme2", "a"), Item("samm", "b")), Scale(1, 5, 1), 2, "rated")


def sheets(folder, **text):
    for coder, rows in text.items():
        (folder / f"{coder}.csv").write_text("database,item,rating\n" + rows)
    return read_ratings(folder)


def test_sheets_of_coders_become_a_matrix(tmp_path):
    ratings, lines = sheets(tmp_path, anna="samm,b,2\ncasme2,a,1\n", ben="casme2,a,5\nsamm,b,4.0\n")
    matrix, coders = rating_matrix(ratings, TRUTH, "ratings", lines)
    assert coders == ("anna", "ben")
    assert matrix.tolist() == [[1, 5], [2, 4]]


def test_one_table_names_its_coders(tmp_path):
    path = tmp_path / "all.csv"
    path.write_text("item,coder,database,rating\na,x,casme2,1\na,y,casme2,3\n")
    assert read_ratings(path)[0] == (Rating("x", "casme2", "a", 1), Rating("y", "casme2", "a", 3))


def test_every_problem_at_once(tmp_path):
    rows = "casme2,a,6\ncasme2,c,1\nsamm,b,2\nsamm,b,3\n"
    ratings, lines = sheets(tmp_path, anna=rows, ben="casme2,a,1.5\n", carl="casme2,a,1\nsamm,b,1\n")
    with pytest.raises(InvalidTable) as caught:
        rating_matrix(ratings, TRUTH, "ratings", lines)
    assert sorted((p.line, p.kind) for p in caught.value.problems) == [
        (0, "coders"),
        (0, "missing"),
        (2, "off_the_scale"),
        (2, "off_the_scale"),
        (3, "unknown_item"),
        (4, "twice"),
        (5, "twice"),
    ]
    assert "expected a rating from 1 to 5 in steps of 1, found '6'" in str(caught.value)
    with pytest.raises(InvalidTable, match=r"anna.csv:2, rating: expected a finite number"):
        sheets(tmp_path, anna="casme2,a,good\n")
    with pytest.raises(InvalidTable, match=r"anna.csv:2, rating: expected a rating"):
        sheets(tmp_path, anna="casme2,a,\n")


@pytest.mark.parametrize(
    ("scale", "held", "refused"),
    [
        (Scale(1, 5, 1), (1, 3, 5), (0, 2.5, 6)),
        (Scale(0, 1), (0, 0.3, 1), (-0.1, 1.1)),
        (Scale(-1, 1, 0.1), (-1, -0.7, 0.3, 1), (0.25,)),
    ],
)
def test_scales(scale, held, refused):
    assert all(map(scale.holds, held))
    assert not any(map(scale.holds, refused))


@pytest.mark.parametrize("low_high_step", [(5, 1, 1), (1, 1, 0), (1, 5, 9), (1, 5, -1), (0, float("inf"), 1)])
def test_scales_that_cannot_be(low_high_step):
    with pytest.raises(ValueError, match="scale"):
        Scale(*low_high_step)


def test_the_truth_declares_the_scale(tmp_path):
    TRUTH.write(tmp_path)
    assert RatedItems.read(tmp_path) == TRUTH
    assert TRUTH.digest() != RatedItems(TRUTH.items, Scale(1, 7, 1), 2, "rated").digest()
    for declared, message in (
        ({"dataset": "x", "coders": 3}, "lacks the field 'scale'"),
        ({"dataset": "x", "coders": 0, "scale": {"low": 1, "high": 5, "step": 1}}, "at least 1"),
        ({"dataset": "x", "coders": 3, "scale": {"low": 5, "high": 1, "step": 1}}, "is empty: mend the scale"),
    ):
        (tmp_path / "truth.json").write_text(json.dumps(declared))
        with pytest.raises(UserError, match=message):
            RatedItems.read(tmp_path)
    (tmp_path / "truth.json").unlink()
    with pytest.raises(UserError, match="declare the scale there"):
        RatedItems.read(tmp_path)
    (tmp_path / "items.csv").write_text("database,item\na,x\na,x\n")
    with pytest.raises(InvalidTable, match=r"items.csv:3, item: expected each item once"):
        RatedItems.read(tmp_path)


def test_no_sheets(tmp_path):
    with pytest.raises(UserError, match=r"holds no \.csv file"):
        read_ratings(tmp_path)


def test_a_coder_who_rated_nothing_known_lacks_everything():
    ratings = [Rating("x", "casme2", "a", 1), Rating("x", "samm", "b", 1), Rating("y", "casme2", "?", 1)]
    with pytest.raises(InvalidTable) as caught:
        rating_matrix(ratings, TRUTH, "r")
    assert sorted(p.kind for p in caught.value.problems) == ["missing", "missing", "unknown_item"]
    assert np.isfinite([p.line for p in caught.value.problems]).all()
