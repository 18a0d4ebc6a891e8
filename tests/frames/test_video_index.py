from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from mebench.frames.video_index import VideoIndex

INDEX = VideoIndex(
    np.array([0.0, 0.033333, 0.1]),
    30.0,
    np.array([0, 0, 1]),
    missing=(2,),
    damaged=(),
    promised=3,
    decoded=2,
    short=0.0,
    stamped=True,
    placed=True,
)


def test_an_index_comes_back_from_plain_json_as_it_was() -> None:
    again = VideoIndex.from_plain(json.loads(json.dumps(INDEX.plain())))
    assert again.plain() == INDEX.plain()
    np.testing.assert_array_equal(again.times, INDEX.times)
    np.testing.assert_array_equal(again.shown, INDEX.shown)
    assert (again.missing, again.damaged, again.promised) == ((2,), (), 3)


def test_the_times_of_an_hour_are_small() -> None:
    n = 108_000
    hour = dataclasses.replace(INDEX, times=np.rint(np.arange(n) / 29.97 * 1e6) / 1e6, shown=np.arange(n))
    assert len(json.dumps(hour.plain())) < 200_000


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ({"missing": (), "decoded": 3}, False),
        ({}, True),
        ({"missing": (), "decoded": 3, "promised": 4}, True),
        ({"missing": (), "decoded": 3, "promised": None}, False),
        ({"missing": (), "decoded": 3, "short": 2.0}, True),
        ({"missing": (), "decoded": 3, "damaged": (1,)}, True),
        ({"missing": (), "decoded": 3, "placed": False}, True),
    ],
)
def test_what_is_broken(change: dict, broken: bool) -> None:
    assert dataclasses.replace(INDEX, **change).broken == broken
