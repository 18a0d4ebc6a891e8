"""ROC curves as they are drawn: which scores, whose, and the same bytes for the same run."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np

from mebench.analysis.roc import RocCurve, roc_of_run
from mebench.figures.roc import POINTS, areas, arrays, draw_roc, everybody, whose


def test_the_same_run_gives_the_same_bytes(trained: Path) -> None:
    assert draw_roc(roc_of_run(trained)) == draw_roc(roc_of_run(trained))


def test_the_drawing_depends_on_which_scores_they_are(trained: Path) -> None:
    found = roc_of_run(trained)
    assert found.kind == "processed"
    assert draw_roc(found) != draw_roc(dataclasses.replace(found, kind="raw"))


def test_what_is_drawn_is_named(trained: Path) -> None:
    found = roc_of_run(trained)
    assert (whose(found), everybody(found)) == ("fold s01", "all 5 people")
    pair = roc_of_run(trained, "001-s01-s02")
    assert whose(pair) == "fold 001-s01-s02, 2 people pooled"
    assert everybody(dataclasses.replace(found, tested=3)) == "3 of 5 people"
    assert everybody(dataclasses.replace(found, tested=1, planned=1)) == "the only person"


def test_what_is_drawn_lies_beside_it(trained: Path) -> None:
    kept = arrays(roc_of_run(trained))
    assert set(kept) == {f"{side}/{scope}" for side in ("fold", "pooled") for scope in ("macro", "micro")}
    assert all(curve[:, 0].tolist() == [0, 0] and curve[:, -1].tolist() == [1, 1] for curve in kept.values())
    assert all(curve.shape[1] <= POINTS for curve in kept.values())


def test_a_curve_without_an_area_is_drawn(trained: Path) -> None:
    flat = RocCurve(np.array([0.0, 1.0]), np.zeros(2), None)
    found = dataclasses.replace(roc_of_run(trained), of_fold={"movement": flat}, pooled={"movement": flat})
    assert list(areas(found.of_fold)) == ["movement not defined"]
    assert draw_roc(found)["png"].startswith(b"\x89PNG")
