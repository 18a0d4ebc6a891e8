from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest

from mebench.errors import UserError
from mebench.faces.landmarks.rendered import RenderedPoints
from mebench.rendering.source import SyntheticFrames, VideoRecipe
from mebench.schema.recordings import Video

FRAME = np.zeros((240, 320), np.uint8)


def test_the_truth_of_rendered_frames(video_of: Callable[..., Video]) -> None:
    frames = SyntheticFrames(VideoRecipe(0, 0, 0, 40, 30.0, width=320, height=240))
    video = dataclasses.replace(video_of(FRAME[None]), frames=frames)
    (face,) = RenderedPoints.configure().of_recording(video).find(FRAME, 7)
    assert face.points is not None
    np.testing.assert_allclose(face.points, frames.truth().landmarks[7], atol=1e-4)
    assert np.abs(face.eyes - (frames.truth().eyes[7] @ [1, 1j])).max() < 3


def test_a_frame_without_a_face() -> None:
    nothing = RenderedPoints(None, lambda start, stop: np.full((stop - start, 68, 2), np.nan))
    assert nothing.find(FRAME, 3) == []


def test_frames_that_were_not_rendered(video_of: Callable[..., Video]) -> None:
    with pytest.raises(UserError, match="were not rendered here: give landmarks=cascade"):
        RenderedPoints.configure().of_recording(video_of(FRAME[None]))
    with pytest.raises(UserError, match="needs the recording"):
        RenderedPoints.configure().find(FRAME, 0)
