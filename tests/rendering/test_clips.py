"""Recipes of clips and the expressions that they give."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from mebench.rendering.clips import ClipRecipe, Manner, Population, draw_clip, identity_seed
from mebench.rendering.identity import make_identity
from mebench.schema.action_units import action_unit_numbers
from mebench.schema.recordings import ExpressionType

MICRO = Manner(ExpressionType.MICRO, (0.4, 0.9, 1.8), (0.12, 0.3, 0.5))
RISING = Manner(ExpressionType.MACRO, (2.0, 3.0, 5.0), (0.3, 0.6, 1.0), ends="apex")
RECIPE = ClipRecipe(0, Population("here"), 0, 0, "happiness", MICRO, 200.0)


def clips(n=60, **changes):
    return [draw_clip(dataclasses.replace(RECIPE, clip=clip, **changes)) for clip in range(n)]


def test_durations_keep_their_limits():
    frames = np.array([clip.frames for clip in clips()])
    assert frames.min() >= 24
    assert frames.max() <= 100
    assert frames.mean() == pytest.approx(200 * (0.12 + 0.3 + 0.5) / 3, rel=0.1)


def test_a_very_short_expression_keeps_three_frames():
    fast = dataclasses.replace(MICRO, seconds=(0.01, 0.02, 0.03))
    assert {clip.frames for clip in clips(5, manner=fast, fps=25.0)} == {3}


def test_the_expression_moves_from_its_first_frame_to_its_last():
    for clip in clips(10):
        moved = (np.maximum(clip.left, clip.right)[:, None] * clip.curves).max(axis=0)
        assert (moved > 0).all()
        assert 0 < clip.apex < clip.frames - 1


def test_a_rising_clip_ends_with_its_strongest_frame():
    for clip in clips(10, manner=RISING):
        total = (clip.left + clip.right) @ clip.curves
        assert clip.apex == clip.frames - 1
        assert (np.diff(total) >= 0).all()
        assert clip.curves[np.maximum(clip.left, clip.right) > 0, -1].min() == 1


def test_a_still_is_one_frame_at_full_height():
    clip = draw_clip(dataclasses.replace(RECIPE, manner=dataclasses.replace(RISING, ends="still")))
    assert clip.curves.shape == (17, 1)
    assert clip.curves.min() == 1
    assert clip.left.max() > 1


def test_strength_scales_what_is_below_the_limits():
    for whole, half in zip(clips(10), clips(10, strength=0.5), strict=True):
        below = (whole.left > 0) & (whole.left < 2)
        np.testing.assert_allclose(half.left[below], whole.left[below] / 2, atol=1e-4)
        np.testing.assert_array_equal(half.curves, whole.curves)


def test_micro_expressions_are_weak_and_macro_expressions_strong():
    micro, macro = (np.mean([c.left.max() for c in clips(40, manner=m)]) for m in (MICRO, RISING))
    assert 0.5 < micro < 1.5
    assert macro > 2.5


def test_clips_of_a_person_share_the_face_and_the_style_but_not_the_expression():
    one, two = RECIPE, dataclasses.replace(RECIPE, clip=1)
    assert one.identity_seed == two.identity_seed
    np.testing.assert_array_equal(one.style().taste, two.style().taste)
    assert len({clip.action_units + str(clip.frames) for clip in clips(20)}) > 15
    assert sum(12 in action_unit_numbers(clip.action_units) for clip in clips(40)) > 30


def test_populations_are_different_people_of_the_wanted_kind():
    young = Population("young", oldest=0.3, beards=False)
    faces = [identity_seed(young, 0, subject) for subject in range(12)]
    others = [identity_seed(Population("others"), 0, subject) for subject in range(12)]
    assert len({*faces, *others, *(identity_seed(young, 1, subject) for subject in range(12))}) == 36
    assert all(make_identity(face).age <= 0.3 and make_identity(face).beard == 0 for face in faces)
    assert any(make_identity(face).age > 0.3 for face in others)
