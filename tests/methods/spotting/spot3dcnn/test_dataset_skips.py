from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mebench.methods.spotting.spot3dcnn.config import Spot3DConfig
from mebench.methods.spotting.spot3dcnn.dataset_skips import DatasetSkips
from mebench.methods.spotting.spot3dcnn.skips import Skips, choose_skips
from mebench.schema.recordings import Event, ExpressionType, Video

MICRO, MACRO = ExpressionType.MICRO, ExpressionType.MACRO
FIRST, OTHER = Skips(6, 19, (3, 9), (16, 50)), Skips(37, 217, (25, 75), (200, 400))
BOTH = DatasetSkips(FIRST, 30.0, {"first": FIRST, "other": OTHER})


def still(dataset: str, fps: float, events: tuple[Event, ...] = ()) -> Video:
    return Video(dataset, "s1", "v1", fps, np.zeros((100, 2, 2)), events)  # type: ignore[arg-type]


def test_each_dataset_has_the_skips_of_its_own_events_and_settings() -> None:
    a = [still("a", fps, (Event(1, 10, MICRO),)) for fps in (25.0, 30.0, 31.0)]
    b = [still("b", 200.0, (Event(1, 60, MICRO),))]
    configs = {"a": Spot3DConfig(), "b": Spot3DConfig(long_skip=70)}
    found = DatasetSkips.of_training([a[0], *b, *a[1:]], lambda video: configs[video.dataset])
    assert list(found.trained) == ["a", "b"]
    assert found.trained["a"] == found.first == choose_skips(a, configs["a"])
    assert found.trained["b"] == choose_skips(b, configs["b"])
    assert found.trained["b"].pair == (30, 70)
    assert found.rate == 30.0


@pytest.mark.parametrize(("dataset", "expected"), [("first", FIRST), ("other", OTHER)])
def test_trained_skips_stay_what_they_are(dataset: str, expected: Skips) -> None:
    assert BOTH.of(still(dataset, 120.0), Spot3DConfig(short_skip=99)) == expected
    assert not BOTH.converts(still(dataset, 120.0))


def test_others_are_converted_from_the_first_by_frame_rate() -> None:
    assert BOTH.of(still("unseen", 200.0), None) == FIRST.scaled(200 / 30)
    assert BOTH.of(still("unseen", 200.0), None).pair == (40, 127)
    assert BOTH.of(still("unseen", 30.0), None) == FIRST
    assert BOTH.of(still("unseen", 1.0), None).short == 1
    assert BOTH.converts(still("unseen", 30.0))


def test_what_the_settings_of_an_unseen_dataset_name_wins() -> None:
    found = BOTH.of(still("unseen", 60.0), Spot3DConfig(long_skip=33, short_range=(4, 5)))
    assert found == Skips(12, 33, (4, 5), (32, 100))


def test_state_keeps_every_dataset_in_order() -> None:
    many = DatasetSkips(OTHER, 200.0, {f"z.{i}" if i else "~": Skips.fixed(1, i + 1) for i in range(12)})
    for skips in (BOTH, DatasetSkips(many.trained["~"], 200.0, many.trained), DatasetSkips(Skips.fixed(5, 15))):
        state: dict[str, Any] = dict(sorted(skips.state().items(), reverse=True))
        loaded = DatasetSkips.of_state(state)
        assert loaded == skips
        assert list(loaded.trained) == list(skips.trained)


def test_a_state_without_rate_scores_every_video_alike() -> None:
    old = DatasetSkips.of_state({"skips": np.array([5, 15])})
    assert old.of(still("any", 60.0), Spot3DConfig(short_skip=3)).pair == (5, 15)
    assert not old.converts(still("any", 60.0))


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"skips": np.array([1, 2, 3])},
        {**BOTH.state(), "skips.x.first": np.ones((2, 3), int)},
        {**BOTH.state(), "skips.0.first": np.ones(5, int)},
        {**BOTH.state(), "rate": np.zeros(1)},
        {name: array for name, array in BOTH.state().items() if name != "rate"},
    ],
)
def test_broken_states_are_refused(broken: dict[str, Any]) -> None:
    with pytest.raises((KeyError, ValueError), match=r"skips|rate|reshape|invalid literal"):
        DatasetSkips.of_state(broken)
