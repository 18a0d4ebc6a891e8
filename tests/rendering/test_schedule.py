import re

import numpy as np
import pytest

from mebench.rendering.events import EMOTIONS, course, draw_expression
from mebench.rendering.schedule import Rhythm, busy_factor, intensities, is_empty, plan_video
from mebench.schema.action_units import ACTION_UNITS
from mebench.schema.recordings import ExpressionType

MACRO, MICRO = ExpressionType.MACRO, ExpressionType.MICRO
CODE = re.compile(r"^([LR]?)(\d+)([A-E])$")


def plans(n=1200, fps=30.0, count=25, rhythm=None):
    return [plan_video(np.random.default_rng(seed), n, fps, rhythm or Rhythm()) for seed in range(count)]


@pytest.mark.parametrize("fps", [25.0, 30.0, 200.0])
def test_durations_are_those_of_macro_and_micro_expressions(fps):
    events = [p.event for plan in plans(int(30 * fps), fps, 8) for p in plan]
    for e in events:
        if e.type is MICRO:
            assert e.length >= 3
            assert 0.1 <= e.length / fps <= 0.5
        else:
            assert 0.5 < e.length / fps <= 4.0


def test_mean_durations_resemble_the_thesis():
    events = [p.event for plan in plans(count=40) for p in plan]
    macro = np.array([e.length / 30 for e in events if e.type is MACRO])
    micro = np.array([e.length / 30 for e in events if e.type is MICRO])
    assert 1.3 <= macro.mean() <= 2.0
    assert 0.30 <= micro.mean() <= 0.42
    assert 0.35 <= len(micro) / len(macro) <= 0.70


def test_events_lie_inside_the_video_with_neutral_frames_at_both_ends():
    for n in (300, 600):
        for plan in plans(n):
            for p in plan:
                assert 1 < p.event.onset <= p.event.apex <= p.event.offset < n
            assert [p.start for p in plan] == sorted(p.start for p in plan)


def test_the_move_to_neutral_ratio_is_met():
    for ratio in (0.05, 0.40):
        covered = []
        for plan in plans(rhythm=Rhythm(ratio=ratio)):
            moving = np.zeros(1200, bool)
            for p in plan:
                moving[p.start : p.start + p.expression.frames] = True
            covered.append(moving.mean())
        assert np.mean(covered) == pytest.approx(ratio, rel=0.12)


def test_only_micro_expressions_overlap_and_some_do():
    overlaps = 0
    for plan in plans():
        for a in plan:
            for b in plan:
                if a is not b and a.start <= b.start < a.start + a.expression.frames:
                    overlaps += 1
                    assert MICRO in (a.expression.type, b.expression.type)
    assert overlaps > 5


def test_action_unit_strings_are_facs_and_agree_with_the_intensities():
    for plan in plans(count=10):
        for p in plan:
            e = p.expression
            units = [CODE.match(part).groups() for part in e.action_units.split("+")]
            assert {int(u) for _, u, _ in units} <= set(EMOTIONS[e.emotion])
            for side, unit, letter in units:
                i = ACTION_UNITS.index(int(unit))
                assert (e.left[i] > 0) == (side != "R")
                assert (e.right[i] > 0) == (side != "L")
                assert letter in ("AB" if e.type is MICRO else "BCDE"), e.action_units
            peak = max(e.left.max(), e.right.max())
            assert 0.5 <= peak <= 1.5 if e.type is MICRO else 2.1 <= peak <= 5


def test_contempt_is_one_sided():
    rng = np.random.default_rng(0)
    drawn = [draw_expression(rng, MACRO, 40) for _ in range(150)]
    contempt = [e for e in drawn if e.emotion == "contempt"]
    assert contempt
    assert all((e.left.max() == 0) != (e.right.max() == 0) for e in contempt)
    others = [e for e in drawn if e.emotion == "happiness"]
    assert all(e.left.max() > 0 and e.right.max() > 0 for e in others)


def test_the_course_starts_fast_and_returns_slowly():
    curves = np.array([course(np.random.default_rng(s), 60) for s in range(50)])
    assert curves.min() >= 0
    assert curves.max() <= 1
    assert (curves.max(axis=1) > 0.9).all()
    apex = curves.argmax(axis=1) / 60
    assert 0.25 < apex.mean() < 0.48
    up = np.array([np.argmax(c > 0.5 * c.max()) for c in curves])
    down = np.array([59 - np.argmax(c[::-1] > 0.5 * c.max()) for c in curves])
    assert np.mean(up) < np.mean(59 - down)
    # Curved: no straight line from onset to apex.
    rise = curves[0][: curves[0].argmax()]
    assert np.abs(np.diff(rise, 2)).max() > 0.005


def test_intensities_are_zero_outside_events_and_reach_their_height_at_the_apex():
    plan = plans(count=1)[0]
    left, right = intensities(plan, 1200)
    moving = np.zeros(1200, bool)
    for p in plan:
        moving[p.start : p.start + p.expression.frames] = True
        apex = p.event.apex - 1
        total = (left[apex] + right[apex]).sum()
        assert total >= 0.6 * (p.expression.left + p.expression.right).sum() * 0.8
        assert (left[p.start] + right[p.start]).sum() > 0
        assert (left[p.event.offset - 1] + right[p.event.offset - 1]).sum() > 0
    assert left[~moving].max() == right[~moving].max() == 0


@pytest.mark.parametrize("videos", [1, 2, 3, 5])
def test_videos_without_events_are_made_up_for(videos):
    empty = [is_empty(s, v) for s in range(40) for v in range(videos)]
    assert (1 - np.mean(empty)) * busy_factor(videos) == pytest.approx(1)
    assert not any(is_empty(s, 0) for s in range(40))
