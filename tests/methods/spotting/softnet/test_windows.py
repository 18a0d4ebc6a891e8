from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mebench.faces.cache import FrameCache
from mebench.faces.face_points import STAND_IN
from mebench.methods.spotting.softnet import windows as module
from mebench.methods.spotting.softnet.config import SoftnetConfig
from mebench.methods.spotting.softnet.pictures import Layout
from mebench.methods.spotting.softnet.windows import Windows, flow_pictures
from mebench.schema.presence import Presence
from mebench.schema.recordings import ExpressionType
from tests.methods.spotting.planted import macro, micro, planted

LAYOUT = Layout.of_points(STAND_IN)


def test_windows_lie_within_one_part() -> None:
    video = planted("s", (), count=20)
    found = np.arange(20) != 9
    begins = np.zeros(20, bool)
    begins[15] = True
    windows = Windows.of(video, Presence(found, begins), 3)
    # A face that is lost for one frame parts nothing, but no window begins or ends there.
    assert windows.parts == ((0, 15), (15, 20))
    assert windows.first.tolist() == [0, 1, 2, 3, 4, 5, 7, 8, 10, 11, 15, 16]
    assert (windows.second - windows.first).tolist() == [3] * len(windows)
    assert len(Windows.of(video, Presence.everywhere(20), 20)) == 0


def test_sparse_windows_keep_the_last_one_and_are_interpolated() -> None:
    windows = Windows.of(planted("s", (), count=20), Presence.everywhere(20), 6, samples_per_k=2)
    assert windows.first.tolist() == [0, 3, 6, 9, 12, 13]
    ((start, values),) = windows.series(windows.first.astype(float))
    assert start == 0
    assert values.tolist() == list(range(14))


def test_a_window_that_shares_a_frame_with_an_event_is_positive() -> None:
    """k = 3, an event in the frames of index 10 to 12:

    window [7, 10) shares none, [8, 11) shares one, [12, 15) shares one, [13, 16) shares none.
    """
    video = planted("s", (micro(11, 13), macro(1, 2)), count=30)
    windows = Windows.of(video, Presence.everywhere(30), 3)
    labels = windows.labels(video, ExpressionType.MICRO)
    assert windows.first[labels].tolist() == [8, 9, 10, 11, 12]
    assert windows.first[windows.labels(video, ExpressionType.MACRO)].tolist() == [0, 1]


def test_pictures_are_computed_once_for_each_kind_of_flow(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    video = planted("s", (micro(4, 10),), count=16)
    cache = FrameCache(tmp_path)
    faces = cache.aligned(video)
    windows = Windows.of(video, Presence.everywhere(16), 4, samples_per_k=2)
    made = {
        flow: flow_pictures(
            video, faces, windows, LAYOUT, SoftnetConfig(flow=flow, **({"warps": 1} if flow == "tvl1" else {})), cache
        )
        for flow in ("farneback", "tvl1")
    }
    assert all(pictures.shape == (len(windows), 42, 42, 3) for pictures in made.values())
    seen = made["tvl1"].gather(np.array([1]))[0, 21:]
    assert seen.max() == 255
    assert not np.array_equal(made["farneback"].gather(np.arange(2)), made["tvl1"].gather(np.arange(2)))
    monkeypatch.setattr(module, "farneback", lambda *_: pytest.fail("flow was computed again"))
    again = flow_pictures(video, faces, windows, LAYOUT, SoftnetConfig(flow="farneback"), cache)
    assert again.digest == made["farneback"].digest
