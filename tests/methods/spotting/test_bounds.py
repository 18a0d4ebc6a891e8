"""The bounds: chance is reproducible and follows the training rates, the oracle repeats the truth."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from mebench.errors import UserError
from mebench.methods.base import RunContext
from mebench.methods.spotting.base import MACRO, MICRO
from mebench.methods.spotting.bounds import Oracle, RandomIntervals, place_at_random
from mebench.schema.recordings import Event, ExpressionType, Video

MICRO_TYPE, MACRO_TYPE = ExpressionType.MICRO, ExpressionType.MACRO


class Blank:
    """Black frames, made only to have a length."""

    digest = "blank"

    def __init__(self, n: int) -> None:
        self.n = n

    def __len__(self) -> int:
        return self.n

    def read(self, start: int, stop: int, *, grey: bool = True) -> np.ndarray:
        return np.zeros((stop - start, 4, 4) + (() if grey else (3,)), np.uint8)


def video(events=(), n=3000, fps=30.0, subject="s1", id="v1") -> Video:
    return Video("toy", subject, id, fps, Blank(n), tuple(events))


def context(seed: int = 0) -> RunContext:
    return RunContext(seed=seed, device="cpu", cache=None)  # type: ignore[arg-type]


def test_oracle_repeats_the_truth():
    truth = (Event(1, 3, MICRO_TYPE), Event(3, 10, MACRO_TYPE))
    spotting = Oracle.configure().spot(video(truth, n=10), context())
    assert [(i.onset, i.offset, i.type, i.score) for i in spotting.intervals] == [
        (1, 3, MICRO_TYPE, 1.0),
        (3, 10, MACRO_TYPE, 1.0),
    ]
    assert spotting.scores[:, MICRO].tolist() == [1] * 3 + [0] * 7
    assert spotting.scores[:, MACRO].tolist() == [0] * 2 + [1] * 8


def test_oracle_is_declared_as_a_bound():
    assert Oracle.needs_truth
    assert not Oracle.trains


def test_oracle_of_a_video_without_events_is_empty():
    spotting = Oracle.configure().spot(video(n=5), context())
    assert spotting.intervals == ()
    assert not spotting.scores.any()
    assert spotting.scores.shape == (5, 2)


def test_draws_depend_on_seed_and_video_alone():
    method = RandomIntervals.configure()
    first, second = video(id="a"), video(id="b")
    alone = method.spot(first, context())
    method.spot(second, context())
    again = method.spot(first, context())
    assert alone.intervals == again.intervals
    assert np.array_equal(alone.scores, again.scores)
    assert alone.intervals != method.spot(first, context(seed=1)).intervals
    assert alone.intervals != method.spot(second, context()).intervals


def test_rates_and_durations_follow_the_training_videos():
    events = [Event(start, start + 11, MICRO_TYPE) for start in range(1, 3000, 100)]
    method = RandomIntervals.configure()
    method.fit([video(events)], [], context())
    found = [
        i
        for n in range(40)
        for i in method.spot(video(id=str(n), fps=60.0, n=6000), context()).intervals
        if i.type == MICRO_TYPE
    ]
    assert len(found) == pytest.approx(40 * 30, rel=0.1)
    assert {i.offset - i.onset + 1 for i in found} == {24}


def test_the_factor_on_the_rates_is_that_of_the_dataset(monkeypatch):
    monkeypatch.setattr(RandomIntervals, "presets", {"still": {"rate_scale": 0.0}})
    method = RandomIntervals.for_datasets({}, ["toy", "still"])
    assert method.spot(video(), context()).intervals
    assert method.spot(dataclasses.replace(video(), dataset="still"), context()).intervals == ()


def test_a_type_without_training_events_keeps_its_defaults():
    method = RandomIntervals.configure({"macro_seconds": "1.5"})
    method.fit([video([Event(1, 12, MICRO_TYPE)])], [], context())
    found = [i for n in range(20) for i in method.spot(video(id=str(n)), context()).intervals if i.type == MACRO_TYPE]
    assert {i.offset - i.onset + 1 for i in found} == {45}


def test_scores_are_those_of_the_intervals():
    spotting = RandomIntervals.configure().spot(video(), context())
    assert spotting.intervals
    expected = np.zeros_like(spotting.scores)
    for i in spotting.intervals:
        expected[i.onset - 1 : i.offset, MICRO if i.type == MICRO_TYPE else MACRO] = np.float32(i.score)
    assert np.array_equal(expected, spotting.scores)


def test_state_round_trip_gives_the_same_draws():
    taught, fresh = RandomIntervals.configure(), RandomIntervals.configure()
    taught.fit([video([Event(5, 20, MICRO_TYPE), Event(100, 190, MACRO_TYPE)], n=600)], [], context())
    fresh.load_state(taught.state())
    assert fresh.spot(video(), context()).intervals == taught.spot(video(), context()).intervals


@pytest.mark.parametrize("seed", range(20))
def test_placed_intervals_lie_inside_and_never_overlap(seed):
    rng = np.random.default_rng(seed)
    lengths = rng.integers(1, 40, rng.integers(0, 12))
    placed = place_at_random(lengths, 100, rng)
    assert [b - a + 1 for a, b in placed] == lengths[np.cumsum(lengths) <= 100].tolist()
    edges = [0, *(edge for pair in placed for edge in pair), 101]
    assert all(offset < onset for offset, onset in zip(edges[::2], edges[1::2], strict=True))


def test_placement_reaches_both_ends():
    rng = np.random.default_rng(0)
    starts = {place_at_random(np.array([3]), 5, rng)[0] for _ in range(200)}
    assert starts == {(1, 3), (2, 4), (3, 5)}


@pytest.mark.parametrize("options", [{"micro_rate": "-1"}, {"macro_seconds": "0"}])
def test_impossible_settings_are_refused(options):
    with pytest.raises(UserError, match="random_intervals: m.*=.* must be (at least|above) 0"):
        RandomIntervals.configure(options)


def test_truth_of_the_test_video_is_not_read():
    method = RandomIntervals.configure()
    plain = video()
    told = dataclasses.replace(plain, events=(Event(1, 10, MICRO_TYPE),))
    assert method.spot(plain, context()).intervals == method.spot(told, context()).intervals
