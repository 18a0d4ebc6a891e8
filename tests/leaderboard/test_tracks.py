from __future__ import annotations

import numpy as np
import pytest

from mebench.leaderboard.tracks import Interval, build_timeline
from mebench.schema.presence import Presence
from mebench.schema.recordings import ExpressionType

MICRO, MACRO = ExpressionType.MICRO, ExpressionType.MACRO


def build(predictions=(), truth=None, **options):
    return build_timeline("s1/a", 100, 10.0, predictions, truth, **options)


def test_macro_stands_above_micro():
    assert [band.type for band in build().bands] == ["macro", "micro"]


def test_each_type_has_its_own_lane():
    macro, micro = build([Interval(1, 10, MACRO), Interval(21, 22, MICRO), Interval(31, 32, MICRO)]).bands
    assert [(m.left, m.width) for m in macro.predicted] == [(0.0, 10.0)]
    assert [(m.left, m.width) for m in micro.predicted] == [(20.0, 2.0), (30.0, 2.0)]


@pytest.mark.parametrize(
    ("matched", "truth_kind", "predicted_kind"),
    [(True, "found", "hit"), (False, "missed", "false"), (None, "plain", "plain")],
)
def test_styles_tell_what_was_found(matched, truth_kind, predicted_kind):
    interval = Interval(1, 10, MACRO, matched)
    band = build([interval], [interval]).bands[0]
    assert (band.truth[0].kind, band.predicted[0].kind) == (truth_kind, predicted_kind)


def test_a_title_says_everything_about_a_truth():
    interval = Interval(11, 20, MACRO, False, apex=15, emotion="happiness", action_units="6+12")
    title = build([], [interval]).bands[0].truth[0].title
    assert title == (
        "true macro-expression · frames 11–20 · 1.00–2.00 s · apex 15 · happiness · 6+12 · missed: false negative"
    )


def test_a_title_says_the_score_of_a_prediction():
    title = build([Interval(1, 1, MICRO, True, score=0.12345)]).bands[1].predicted[0].title
    assert title == "predicted micro-expression · frames 1–1 · 0.00–0.10 s · score 0.123 · true positive"


def test_an_apex_is_marked_in_the_middle_of_its_frame():
    assert build([], [Interval(11, 20, MACRO, apex=15)]).bands[0].truth[0].apex == 14.5


@pytest.mark.parametrize("apex", [None, 5, 21])
def test_an_apex_outside_its_event_is_not_marked(apex):
    assert build([], [Interval(11, 20, MACRO, apex=apex)]).bands[0].truth[0].apex is None


def test_the_scores_of_each_type_are_drawn_between_their_own_levels():
    scores = np.zeros((100, 2), np.float32)
    scores[:, 0] = 0.25
    macro, micro = build(scores=scores, ranges={MICRO: (0.0, 0.25), MACRO: (-1.0, 1.0)}).bands
    assert (micro.curve.low, micro.curve.high) == (0.0, 0.25)
    assert micro.curve.path.startswith("M0 100v-100h1")
    assert macro.curve.path.startswith("M0 100v-50h1")


def test_without_truth_and_scores_the_lanes_are_not_there():
    assert [(band.truth, band.curve) for band in build().bands] == [(None, None)] * 2


def test_scores_of_another_video_are_refused():
    with pytest.raises(ValueError, match=r"s1/a has 100 frames, its scores have the shape \(99, 2\)"):
        build(scores=np.zeros((99, 2)))


def test_a_video_without_frames_is_refused():
    with pytest.raises(ValueError, match="0 frames"):
        build_timeline("x", 0, 30.0, [])


def test_frames_without_a_face_and_cuts_stand_where_they_are():
    found, begins = np.ones(100, bool), np.zeros(100, bool)
    found[20:30] = False
    begins[60] = True
    view = build(presence=Presence(found, begins))
    assert [(mark.left, mark.width, mark.title) for mark in view.unseen] == [
        (20.0, 10.0, "no face in frames 21–30: not scored")
    ]
    assert [(mark.left, mark.title) for mark in view.cuts] == [
        (60.0, "another shot or another person begins with frame 61")
    ]
    assert (build().unseen, build().cuts) == ((), ())
