from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mebench.methods.spotting.kth_frame import Lags, kth_frame, mean_length
from mebench.schema.recordings import Event, ExpressionType, Video

MICRO, MACRO = ExpressionType.MICRO, ExpressionType.MACRO


def video(*events: Event, dataset: str = "toy", fps: float = 30.0) -> Video:
    frames: Any = range(200)
    return Video(dataset, "s", "v", fps, frames, events)


def nothing(_: Video) -> tuple[None, None]:
    return (None, None)


def test_the_published_lags_follow_from_the_printed_durations() -> None:
    assert [kth_frame(n) for n in (74, 434, 12.6, 37.5, 0.2)] == [37, 217, 6, 19, 1]


def test_lags_are_half_of_offset_minus_onset() -> None:
    lags = Lags.of_training([video(Event(1, 13, MICRO), Event(20, 34, MICRO), Event(50, 86, MACRO))], nothing)
    assert mean_length([video(Event(1, 13, MICRO), Event(20, 34, MICRO))], MICRO) == 14
    assert lags.trained == {"toy": (7, 18, 30.0)}


def test_what_the_settings_name_wins() -> None:
    assert Lags.of_training([video()], lambda _: (6, None)).trained == {"toy": (6, 32, 30.0)}


def test_a_video_has_the_lags_of_its_own_dataset_or_the_first_ones_at_its_rate() -> None:
    videos = [video(Event(1, 13, MICRO), Event(50, 86, MACRO)), video(dataset="fast", fps=200.0)]
    lags = Lags.of_training(videos, nothing)
    assert lags.of(videos[0], (99, 99)) == (6, 18)
    assert lags.of(videos[1], (None, None)) == (37, 217)
    assert lags.of(video(dataset="other", fps=60.0), (None, 40)) == (12, 40)


def test_lags_come_through_named_arrays_in_their_order() -> None:
    lags = Lags({"z": (6, 18, 30.0), "a": (37, 174, 200.0)})
    again = Lags.of_state({**lags.state(), "net.weight": np.zeros(3)})
    assert list(again.trained.items()) == list(lags.trained.items())


@pytest.mark.parametrize("arrays", [{}, {"lags.0.a": np.zeros(3)}, {"lags.0.a": np.ones(2)}])
def test_other_arrays_are_no_lags(arrays: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        Lags.of_state(arrays)
