"""Scores of one video, drawn as text: '#' is a frame above the threshold."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from mebench.errors import UserError
from mebench.methods.spotting.postprocess.config import PostprocessConfig
from mebench.methods.spotting.postprocess.pipeline import condition, movement_intervals, typed_intervals
from mebench.schema.presence import Presence
from mebench.schema.recordings import ExpressionType
from mebench.schema.timing import Timing
from mebench.settings import build_config

PLAIN = PostprocessConfig(micro_minimum=0.0, micro_maximum=None, macro_minimum=0.0, micro_overlap=1.0)
MICRO, MACRO = ExpressionType.MICRO, ExpressionType.MACRO


def curve(picture: str) -> np.ndarray:
    return np.array([0.9 if mark == "#" else 0.1 for mark in picture], np.float32)


def curves(micro: str, macro: str) -> np.ndarray:
    return np.stack([curve(micro), curve(macro)], axis=1)


def spans(intervals: tuple) -> list[tuple[int, int, ExpressionType]]:
    return [(i.onset, i.offset, i.type) for i in intervals]


def test_intervals_are_one_based_and_inclusive() -> None:
    scores = curves("..##......", "....###..#")
    found = typed_intervals(scores, (0.5, 0.5), 30, (2, 4), PLAIN)
    assert spans(found) == [(3, 4, MICRO), (5, 7, MACRO), (10, 10, MACRO)]
    assert all(i.score == pytest.approx(0.9) for i in found)


def test_too_short_and_too_long_intervals_are_dropped() -> None:
    config = dataclasses.replace(PLAIN, micro_minimum=0.2, micro_maximum=0.4, macro_minimum=0.3)
    scores = curves("#.##.#####", "##.###....")
    assert spans(typed_intervals(scores, (0.5, 0.5), 10, (2, 4), config)) == [(3, 4, MICRO), (4, 6, MACRO)]


def test_an_infinite_threshold_predicts_nothing() -> None:
    found = typed_intervals(curves("####", "####"), (np.inf, 0.5), 30, (2, 4), PLAIN)
    assert spans(found) == [(1, 4, MACRO)]


def test_multi_scale_merges_and_automated_iou_does_not() -> None:
    scores = curves("..........", "###..###..")
    merging = dataclasses.replace(PLAIN, postprocess="multi_scale")
    assert spans(typed_intervals(scores, (0.5, 0.5), 30, (2, 4), PLAIN)) == [(1, 3, MACRO), (6, 8, MACRO)]
    assert spans(typed_intervals(scores, (0.5, 0.5), 30, (2, 4), merging)) == [(1, 8, MACRO)]  # gap 2 = k/2


def test_movement_is_typed_by_its_duration() -> None:
    found = movement_intervals(curve("#####.######"), 0.5, 10, 2, PLAIN)  # .5 s and .6 s at 10 frames/s
    assert spans(found) == [(1, 5, MICRO), (7, 12, MACRO)]


def test_durations_follow_the_time_stamps_where_there_are_some() -> None:
    # six frames at 20 frames/s, six at 5: 8 frames/s in the mean
    timing = Timing.of_stamps(np.concatenate([np.arange(6) / 20, 0.3 + np.arange(6) / 5]))
    picture = curve("#####.#####.")  # .25 s and 1 s
    found = movement_intervals(picture, 0.5, timing.fps, 2, PLAIN, timing)
    assert spans(found) == [(1, 5, MICRO), (7, 11, MACRO)]
    config = dataclasses.replace(PLAIN, macro_minimum=0.5)
    both = np.stack([curve("." * 12), picture], axis=1)
    assert spans(typed_intervals(both, (0.5, 0.5), timing.fps, (2, 4), config, timing)) == [(7, 11, MACRO)]
    assert len(typed_intervals(both, (0.5, 0.5), timing.fps, (2, 4), config)) == 2


def test_condition_smooths_each_type_at_its_own_skip() -> None:
    noise = np.random.default_rng(0).random((300, 1)).repeat(2, axis=1)
    smooth = condition(noise, (3, 80), PLAIN)
    assert smooth.shape == (300, 2)
    assert smooth.dtype == np.float32
    assert noise[:, 0].std() > smooth[:, 0].std() > 2 * smooth[:, 1].std()


def test_normalising_a_video_stretches_before_smoothing() -> None:
    scores = np.stack([np.linspace(0.2, 0.3, 200)] * 2, axis=1)
    config = dataclasses.replace(PLAIN, normalise="range", micro_cutoff=1.2)
    assert np.allclose(condition(scores, (3, 3), config)[:, 0], np.linspace(0, 1, 200), atol=0.02)


def test_micro_intervals_inside_macro_intervals_are_dropped() -> None:
    scores = curves("####..##.###", "....####....")
    allowing = {share: dataclasses.replace(PLAIN, micro_overlap=share) for share in (0.0, 1.0)}
    found = {share: typed_intervals(scores, (0.5, 0.5), 30, (2, 4), config) for share, config in allowing.items()}
    assert spans(found[0.0]) == [(1, 4, MICRO), (5, 8, MACRO), (10, 12, MICRO)]
    assert spans(found[1.0]) == [(1, 4, MICRO), (5, 8, MACRO), (7, 8, MICRO), (10, 12, MICRO)]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"micro_cutoff": "0"}, "above 0"),
        ({"butterworth_order": "0"}, "at least 1"),
        ({"savgol_window": "4"}, "odd"),
        ({"threshold": "best"}, "not one of"),
    ],
)
def test_impossible_settings_are_refused(options: dict[str, str], message: str) -> None:
    with pytest.raises(UserError, match=message):
        build_config(PostprocessConfig, options, owner="spot3dcnn")


def test_each_stretch_is_smoothed_on_its_own_and_rest_is_that_of_frames_with_a_face() -> None:
    scores = np.random.default_rng(2).uniform(0.2, 0.4, (120, 2)).astype(np.float32)
    found = np.ones(120, bool)
    found[50:90] = False
    scores[~found] = 0.99
    seen = Presence(found, np.zeros(120, bool))
    got = condition(scores, (3, 9), PLAIN, seen)
    assert not got[50:90].any()
    with_face = condition(scores[found], (3, 9), dataclasses.replace(PLAIN, butterworth_order=1))
    assert abs(float(np.median(got[found]) - np.median(with_face))) < 0.02
    alone = dataclasses.replace(PLAIN, normalise="none")
    parts = [condition(scores[a:b], (3, 9), alone) for a, b in seen.stretches()]
    assert np.array_equal(condition(scores, (3, 9), alone, seen)[found], np.concatenate(parts))


def test_a_face_everywhere_is_conditioned_as_ever() -> None:
    scores = np.random.default_rng(2).uniform(size=(90, 2)).astype(np.float32)
    assert np.array_equal(condition(scores, (3, 9), PLAIN), condition(scores, (3, 9), PLAIN, Presence.everywhere(90)))
