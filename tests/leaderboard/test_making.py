"""What a card says of its training."""

from __future__ import annotations

import pytest

from mebench.leaderboard.cards import read_card
from mebench.leaderboard.making import duration, making_of


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0 s"), (59.4, "59 s"), (59.6, "1 min 0 s"), (200, "3 min 20 s"), (18_630, "5 h 10 min")]
)
def test_times_are_read_by_people(seconds, text):
    assert duration(seconds) == text


def test_what_the_card_says(make_run):
    run = make_run(timing={"training_seconds": 61.5}, environment={"seed": 0, "date": "2026-11-20"})
    making = making_of(read_card(run).card)
    assert making.lines == ("seed 0", "time 1 min 2 s", "date 2026-11-20")
    assert making.seconds == "61.5"


@pytest.mark.parametrize("timing", [{}, {"training_seconds": "long", "seed": [], "date": ""}, {"training_seconds": -1}])
def test_what_it_does_not_say(make_run, timing):
    assert making_of(read_card(make_run(timing=timing)).card).lines == ("–",)
