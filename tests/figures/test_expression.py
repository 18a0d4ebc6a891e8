"""The curves of frames: the same numbers are the same bytes, and what is told is what is drawn."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from mebench.apply.expression import ExpressionCurve, ExpressionCurves
from mebench.figures.expression import arrays, draw_expression, told
from mebench.frames.pixels import ArrayFrames
from mebench.metrics.coded_frames import CodedAgreement
from mebench.schema.recordings import Clip

CLASSES = ("negative", "neutral", "positive")
CLIP = Clip("d", "s", "c$", 10.0, ArrayFrames(np.zeros((4, 2, 2), np.uint8)), "positive", 2, 3, 4)


@pytest.fixture
def found() -> ExpressionCurves:
    one = ExpressionCurve("r", "sure", CLASSES, np.eye(3)[[1, 1, 2, 2]], CodedAgreement(2 / 3, 3, 4), 0.5, 7)
    other = ExpressionCurve(
        "q", "smooth", CLASSES, np.array([0.4, 0.5, 0.6, 0.65]), CodedAgreement(0, None, None), 0, 1
    )
    return ExpressionCurves(CLIP, (one, other))


def test_the_same_numbers_are_the_same_bytes(found: ExpressionCurves) -> None:
    first, second = draw_expression(found), draw_expression(found)
    assert first == second
    assert sorted(first) == ["png", "svg"]
    moved = dataclasses.replace(found, clip=dataclasses.replace(CLIP, onset=3))
    assert draw_expression(moved)["svg"] != first["svg"]


def test_it_is_told_how_well_each_agrees(found: ExpressionCurves) -> None:
    assert list(told(found)) == [
        "sure: agreement 0.67, positive is said from 3 to 4, coded from 2 to 4",
        "sure: mean agreement 0.50 of 7 clips with both coded",
        "smooth: agreement 0.00, no frame is said to be positive",
    ]


def test_a_clip_without_coding_is_drawn_too(found: ExpressionCurves) -> None:
    bare = dataclasses.replace(found.curves[1], agreement=None)
    plain = ExpressionCurves(dataclasses.replace(CLIP, onset=0, apex=0, offset=0), (bare,))
    assert draw_expression(plain)["png"].startswith(b"\x89PNG")
    assert list(told(plain)) == ["smooth: c$ has no coded onset and offset to agree with"]


def test_the_arrays_are_what_is_drawn(found: ExpressionCurves) -> None:
    kept = arrays(found)
    assert {name: array.shape for name, array in kept.items()} == {"sure-1": (4, 3), "smooth-2": (4,), "coded": (3,)}
    assert kept["coded"].tolist() == [2, 3, 4]
