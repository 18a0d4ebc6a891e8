"""Which video and which event a figure is of."""

from __future__ import annotations

import dataclasses

import pytest

from mebench.errors import UserError
from mebench.figures.video import apex_of, event_of, video_of

DATASET = "synth_lv:subjects=2,videos=1,seconds=8"


def test_without_a_name_it_is_the_first_video_with_an_event() -> None:
    video = video_of(DATASET, "")
    assert video.events
    assert video_of(DATASET, "s01/s01_1").id == "s01_1"
    with pytest.raises(UserError, match="There is no video 's01_2'. Did you mean 's01_1'"):
        video_of(DATASET, "s01_2")


def test_events_are_numbered_by_their_onset() -> None:
    video = video_of(DATASET, "")
    assert event_of(video, 1) == video.events[0]
    with pytest.raises(UserError, match=rf"has events 1 to {len(video.events)}: choose another --event"):
        event_of(video, 99)
    with pytest.raises(UserError, match="has no events"):
        event_of(video.without_truth(), 1)


def test_an_event_without_an_apex_has_its_middle() -> None:
    event = dataclasses.replace(video_of(DATASET, "").events[0], onset=10, offset=20, apex=None)
    assert apex_of(event) == 15
    assert apex_of(dataclasses.replace(event, apex=12)) == 12
