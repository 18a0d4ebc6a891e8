from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from mebench.apply.stillness import share_still, still_face
from mebench.faces.cache import FrameCache
from mebench.frames.pixels import ArrayFrames
from mebench.rendering.source import SyntheticFrames, VideoRecipe
from mebench.schema.presence import Presence
from mebench.schema.recordings import Video


@pytest.fixture(scope="module")
def shot() -> np.ndarray:
    return SyntheticFrames(VideoRecipe(0, 0, 0, 40, 30.0, width=320, height=240, rhythm=None)).read(0, 40)


def note(frames: np.ndarray, cache: FrameCache) -> tuple[str, ...]:
    video = Video("mine", "somebody", "film", 30.0, ArrayFrames(frames))
    return still_face(video, cache.presence(video), cache)


def test_a_photograph_is_told_and_a_living_face_is_not(shot: np.ndarray, tmp_path: Path) -> None:
    cache = FrameCache(tmp_path)
    (told,) = note(shot[:1].repeat(40, axis=0), cache)
    assert "does not move in 100% of the frames" in told
    assert note(shot, cache) == ()


def test_steps_over_gaps_and_cuts_do_not_count() -> None:
    faces = np.zeros((300, 112, 112), np.uint8)
    faces[100:] = 90
    faces[200:] = 180
    everywhere = Presence.everywhere(300)
    assert share_still(ArrayFrames(faces), everywhere) == pytest.approx(297 / 299)
    found, begins = everywhere.found.copy(), everywhere.begins.copy()
    found[100], begins[200] = False, True
    assert share_still(ArrayFrames(faces), dataclasses.replace(everywhere, found=found, begins=begins)) == 1
    assert share_still(ArrayFrames(faces[:1]), Presence.everywhere(1)) == 0
