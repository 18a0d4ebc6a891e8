"""What raw scores may look like."""

from __future__ import annotations

import re

import numpy as np
import pytest

from mebench.schema.raw_scores import problem_of

INF = float("inf")


@pytest.mark.parametrize(
    ("shape", "thresholds", "problem"),
    [
        ((3, 2), (0.5, INF), ""),
        ((3, 1), (0.5,), ""),
        ((3, 2), None, ""),
        ((3,), None, r"shape \(3,\), neither \(3, 2\) nor"),
        ((2, 2), None, r"shape \(2, 2\)"),
        ((3, 3), None, r"shape \(3, 3\)"),
        ((3, 2), (0.5,), "1 raw thresholds for 2 columns"),
        ((3, 1), (float("nan"),), "no number"),
    ],
)
def test_forms(shape: tuple[int, ...], thresholds: tuple[float, ...] | None, problem: str) -> None:
    found = problem_of(np.zeros(shape), thresholds, 3)
    assert bool(found) == bool(problem)
    assert re.search(problem, found)


def test_scores_are_finite() -> None:
    assert "not finite" in problem_of(np.full((3, 1), np.nan), None, 3)
