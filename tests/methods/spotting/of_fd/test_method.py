from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from mebench.errors import UserError
from mebench.faces.cache import FrameCache
from mebench.methods.base import RunContext
from mebench.methods.catalogue import METHODS
from mebench.methods.spotting.of_fd import method as module
from mebench.methods.spotting.of_fd.method import OfFd
from mebench.schema.presence import Presence
from mebench.schema.recordings import ExpressionType
from mebench.testing.methods import check_method
from tests.methods.spotting.planted import macro, micro, planted


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> RunContext:
    return RunContext(0, "cpu", FrameCache(tmp_path_factory.mktemp("cache")))


def test_it_is_registered_with_the_published_values() -> None:
    assert METHODS.get("of_fd") is OfFd
    assert not OfFd.trains
    casme, samm = (OfFd.configure(dataset=id).config for id in ("casme_sq", "samm_lv"))
    assert (casme.gap_brows, casme.gap_mouth, casme.gap_nose, casme.overlap) == (1.8, 1.85, 2.1, 0.29)
    assert (samm.gap_brows, samm.gap_mouth, samm.gap_nose, samm.overlap) == (1.65, 1.5, 1.5, 0.34)


@pytest.mark.parametrize("event", [micro(51, 64), macro(51, 81)])
def test_a_planted_movement_is_found_with_its_type(event: Any, context: RunContext) -> None:
    found = OfFd.configure().spot(planted("p", (event,), count=120, noise=1.0).without_truth(), context)
    (interval,) = found.intervals
    inside = min(interval.offset, event.offset) - max(interval.onset, event.onset) + 1
    assert inside / (max(interval.offset, event.offset) - min(interval.onset, event.onset) + 1) > 0.75
    assert interval.type == event.type
    assert found.scores.shape == (120, 2)
    assert event.onset <= int(found.scores[:, 0].argmax()) + 1 <= event.offset
    assert interval.score == pytest.approx(found.scores.max(), rel=1e-3)


def test_a_quiet_video_has_nothing(context: RunContext) -> None:
    found = OfFd.configure().spot(planted("q", (), count=120, noise=1.0), context)
    assert found.intervals == ()
    assert found.scores.max() < 0.5


def test_motion_is_computed_once_and_thresholds_change_no_motion(
    context: RunContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    video = planted("p", (micro(51, 64),), count=120, noise=1.0)
    first = OfFd.configure().spot(video, context)
    monkeypatch.setattr(module, "motion_of", lambda *_: pytest.fail("motion was computed again"))
    assert OfFd.configure().spot(video, context).intervals == first.intervals
    assert OfFd.configure({"gap_brows": 50, "gap_mouth": 50, "gap_nose": 50}).spot(video, context).intervals == ()


def test_windows_cover_every_frame_of_each_part_and_reach_over_no_cut() -> None:
    video = planted("x", (), count=500)
    found, begins = np.arange(500) != 300, np.arange(500) == 400
    windows = OfFd.configure()._windows(video, Presence(found, begins))
    assert np.array_equal(np.unique(np.concatenate(windows)), np.flatnonzero(found))
    assert max(map(len, windows)) == 200
    assert all(at[-1] < 400 or at[0] >= 400 for at in windows)


def test_of_fast_videos_every_nth_frame_is_looked_at() -> None:
    video = dataclasses.replace(planted("x", (), count=500), fps=200.0)
    (first, *_) = OfFd.configure()._windows(video, Presence.everywhere(500))
    assert (first[1] - first[0], len(first)) == (7, 72)


def test_frames_without_a_face_have_no_score(context: RunContext, monkeypatch: pytest.MonkeyPatch) -> None:
    video = planted("p", (micro(51, 64),), count=120, noise=1.0)
    seen = Presence(np.arange(120) != 57, np.zeros(120, bool))
    monkeypatch.setattr(FrameCache, "presence", lambda *_: seen)
    found = OfFd.configure().spot(video, context)
    assert not found.scores[57].any()
    assert [i.type for i in found.intervals] == [ExpressionType.MICRO]


def test_a_video_of_a_few_frames_has_nothing(context: RunContext) -> None:
    for count in (1, 2, 3, 9):
        assert OfFd.configure().spot(planted("x", (), count=count), context).intervals == ()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"nose_share": 0}, "nose_share=0 must be above 0 and at most 1"),
        ({"foot": 1}, "foot=1 must be at least 0 and below 1"),
        ({"size": 10}, "size=10 must be at least 64 and at most 1024"),
        ({"rate": 0}, "of_fd: rate=0 must be above 0"),
        ({"window_seconds": 0}, "of_fd: window_seconds=0 must be above 0"),
        ({"cutoff": 100}, "cutoff=100 cuts nothing off: at rate=30 .* above 15 Hz"),
        ({"gap_nose": -1}, "gap_nose=-1 must be at least 0"),
        ({"step_seconds": 9}, "step_seconds=9 is above window_seconds=6.67: windows would leave frames out"),
        ({"shortest": 9}, "shortest=9 is above longest=6.67: swap them"),
    ],
)
def test_what_cannot_be_is_told(options: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError, match=message):
        OfFd.configure(options)


def test_a_video_too_slow_for_the_filter_is_told() -> None:
    video = planted("x", (), count=30)
    assert OfFd.configure().notes(video) == ()
    (note,) = OfFd.configure().notes(dataclasses.replace(video, fps=8.0))
    assert note == "8 frames/s that are looked at hold nothing above cutoff=5 Hz; signals are not smoothed"


@pytest.mark.slow
def test_it_keeps_what_every_method_must() -> None:
    assert [finding for finding in check_method(OfFd) if finding.state != "ok"] == []
