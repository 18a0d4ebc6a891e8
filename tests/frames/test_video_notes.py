from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from mebench.frames import video_notes
from mebench.frames.video_index import VideoIndex
from mebench.frames.video_notes import notes_of

SOUND = VideoIndex(
    np.arange(60) / 30, 30.0, np.arange(60), (), (), promised=60, decoded=60, short=0.0, stamped=True, placed=True
)
LOST = " as without a face, with traces of damage perhaps in those that follow"


@pytest.mark.parametrize(
    ("change", "notes"),
    [
        ({}, ()),
        ({"promised": None}, ()),
        ({"promised": 50}, ()),
        ({"promised": 97}, ("60 of 97 promised frames could be decoded; 37 are not in the file, cut off or broken.",)),
        (
            {"missing": (7,), "decoded": 59},
            (f"59 of 60 promised frames could be decoded; frame 7 is lost or damaged and counts{LOST}.",),
        ),
        (
            {"missing": (7, 8, 30), "decoded": 57, "promised": 61},
            (
                f"57 of 61 promised frames could be decoded; 3 frames (7-8, 30) are lost or damaged and count{LOST}; 1 is "
                "not in the file, cut off or broken.",
            ),
        ),
        ({"damaged": (30, 31)}, ("60 of 60 promised frames could be decoded; 2 with damage, at or near frame 30-31.",)),
        ({"stamped": False}, ("The time stamps are out of order, so that seconds follow from 30 frames/s.",)),
    ],
)
def test_each_sentence(change: dict, notes: tuple[str, ...]) -> None:
    assert notes_of(dataclasses.replace(SOUND, **change)) == notes


@pytest.mark.parametrize("installed", [True, False])
def test_the_extra_is_advised_where_it_is_not_installed(monkeypatch: pytest.MonkeyPatch, installed: bool) -> None:
    monkeypatch.setattr(video_notes, "has_pyav", lambda: installed)
    (note,) = notes_of(dataclasses.replace(SOUND, promised=62, placed=False))
    assert note.startswith(
        "60 of 62 promised frames could be decoded; frames are lost, so that later ones have too low"
    )
    assert ('pip install "mebench[video]"' in note) != installed


def test_a_pause_is_no_rate_that_varies() -> None:
    times = np.arange(60) / 30 + np.where(np.arange(60) < 30, 0, 2)
    (note,) = notes_of(dataclasses.replace(SOUND, times=times))
    assert note == "Time is missing, as where a recording was paused: 2.0 s before frame 31."
    times = np.cumsum(np.tile([1 / 30, 1 / 30, 2], 20))
    (note,) = notes_of(dataclasses.replace(SOUND, times=times))
    assert note.endswith("2.0 s before frame 12, 2.0 s before frame 15 and at 15 more places.")
    times = np.concatenate([np.arange(30), 30 + 2 * np.arange(30)]) / 30
    holes, rate = notes_of(dataclasses.replace(SOUND, times=times + np.where(np.arange(60) < 40, 0, 3)))
    assert holes.endswith("3.0 s before frame 41.")
    assert rate == "The frame rate varies (15 to 30, 20.22 frames/s in the mean): seconds follow the time stamps."
