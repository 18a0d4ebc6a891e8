"""What the method makes of its two parts: what it says of itself, what each learns from, and what is kept."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from mebench.errors import UserError
from mebench.frames.pixels import ArrayFrames
from mebench.methods.base import RunContext
from mebench.methods.recognition.bounds import Majority
from mebench.methods.spot_recognise.two_steps import SpotThenRecognise
from mebench.methods.spotting.bounds import RandomIntervals
from mebench.schema.recordings import Clip, Event, ExpressionType, Video

MICRO, MACRO = ExpressionType.MICRO, ExpressionType.MACRO
CLASSES = ("negative", "positive", "surprise")
EVENTS = (
    Event(1, 9, MICRO, 4, "anger"),
    Event(11, 20, MACRO, None, "happiness"),
    Event(21, 30, MACRO, 25, "negative"),
    Event(31, 40, MICRO, 35, "others"),
    Event(41, 42, MICRO, 41, "surprise"),
    Event(51, 70, MICRO, 55, ""),
)


def video(subject: str = "s1", events: tuple[Event, ...] = EVENTS) -> Video:
    return Video("d", subject, "v", 30.0, ArrayFrames(np.zeros((60, 4, 4), np.uint8)), events)


def context(lines: list[Any] | None = None) -> RunContext:
    log = (lambda line: None) if lines is None else lines.append
    return RunContext(0, "cpu", cache=None, classes=CLASSES, log=log)  # type: ignore[arg-type]


def method(**options: str) -> SpotThenRecognise:
    return SpotThenRecognise.configure({"spotter": "random_intervals", "recogniser": "majority", **options})


class Remembers(Majority):
    """Keeps what it was given."""

    def fit(self, train: Sequence[Clip], validation: Sequence[Clip], context: RunContext) -> None:
        self.given = (list(train), list(validation))
        super().fit(train, validation, context)


def learnt(**options: str) -> tuple[list[Clip], list[Clip], list[Any]]:
    model, lines = method(**options), []
    model.recogniser = Remembers.configure()
    model.fit([video()], [video("s2", EVENTS[:1])], context(lines))
    return (*model.recogniser.given, lines)


def test_the_recogniser_learns_from_events_under_the_class_that_they_belong_to() -> None:
    train, validation, lines = learnt()
    assert [(c.id, c.emotion, c.onset, c.apex, c.offset) for c in train] == [
        ("v_1-9", "negative", 1, 4, 9),
        ("v_11-20", "positive", 1, 0, 10),
        ("v_21-30", "negative", 1, 5, 10),
    ]
    assert [(c.subject, c.emotion) for c in validation] == [("s2", "negative")]
    assert lines[0] == {"clips": 3, "validation_clips": 1, "left_out": 3}
    assert lines[1] == {"part": "recogniser", "negative": 2, "positive": 1, "surprise": 0}


def test_only_events_of_the_kept_types_teach() -> None:
    assert [c.id for c in learnt(types="micro")[0]] == ["v_1-9"]
    assert [c.id for c in learnt(types="macro")[0]] == ["v_11-20", "v_21-30"]


@pytest.mark.parametrize(("types", "kinds"), [("all", {"micro", "macro"}), ("micro", {"micro"}), ("macro", {"macro"})])
def test_only_intervals_of_the_kept_types_are_left(types: str, kinds: set[str]) -> None:
    spotter = "oracle"
    found = method(spotter=spotter, types=types).spot(video(), context())
    assert {str(interval.type) for interval in found.intervals} == kinds
    assert found.scores.shape == (60, 2)


def test_without_an_emotion_there_is_nothing_to_learn() -> None:
    with pytest.raises(UserError, match="No event of the training videos has one of the classes negative, positive"):
        method().fit([video(events=EVENTS[3:])], [], context())


def test_what_it_says_of_itself_follows_from_its_parts() -> None:
    chance, bound = method(), method(spotter="oracle")
    assert (chance.trains, chance.is_bound, chance.needs_truth, chance.validation) == (True, True, False, "pair")
    assert (chance.reads_frames, chance.looks_at_faces) == (False, False)
    assert (bound.trains, bound.needs_truth, bound.validation) == (True, True, "none")
    real = method(spotter="au_sum", recogniser="bi_woof")
    assert (real.is_bound, real.reads_frames, real.looks_at_faces) == (False, True, True)
    assert (chance.learns_to_spot, bound.learns_to_spot) == (True, False)
    assert SpotThenRecognise.needs_truth is False, "the class itself is left as it was"


def test_the_digest_covers_the_settings_of_both_parts() -> None:
    options = ({}, {"spotter_with": "rate_scale=2"}, {"recogniser": "bi_woof"}, {"spotter": "oracle"})
    bi_woof = {"recogniser": "bi_woof", "recogniser_with": "c=3/bins=4"}
    assert len({method(**more).digest() for more in (*options, bi_woof)}) == 5
    assert method(**bi_woof).recogniser.config.bins == 4
    assert method(parts="made up").digest() == method().digest()
    assert method(**options[1]).spotter.config.rate_scale == 2


def test_the_parts_have_the_settings_published_for_a_dataset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RandomIntervals, "presets", {"d": {"rate_scale": 5.0}})
    options = {"spotter": "random_intervals", "recogniser": "majority"}
    assert SpotThenRecognise.configure(options).spotter.config.rate_scale == 1
    assert SpotThenRecognise.configure(options, "d").spotter.config.rate_scale == 5
    several = SpotThenRecognise.for_datasets(options, ["other", "d"])
    assert several.spotter.config.rate_scale == 1
    assert several.spotter.config_for(video()).rate_scale == 5


def test_what_both_have_learnt_comes_back() -> None:
    model, other = method(), method()
    model.fit([video()], [video("s2")], context())
    other.load_state(model.state())
    again = other.state()
    assert {name: array.tolist() for name, array in model.state().items()} == {k: v.tolist() for k, v in again.items()}
    assert {name.split("/")[0] for name in again} == {"spotter", "recogniser"}
    clip = Clip("d", "s", "c", 30.0, ArrayFrames(np.zeros((5, 4, 4), np.uint8)))
    assert list(other.recognise(clip, context())) == pytest.approx([2 / 3, 1 / 3, 0])


def test_it_takes_datasets_of_long_videos() -> None:
    assert method().supports("d", ("spotting",)) is None
    assert method().supports("d", ("spot_recognise",)) is None
    assert method().supports("d", ("recognition",)) == "random_intervals is for spotting, d is for recognition"


def test_notes_tell_how_an_apex_is_found() -> None:
    told = method(recogniser="bi_woof").notes(dataclasses.replace(video(), events=()))
    assert any("No apex is annotated" in note for note in told)
