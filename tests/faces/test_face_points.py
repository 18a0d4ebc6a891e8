from __future__ import annotations

import numpy as np
import pytest

from mebench.errors import UserError
from mebench.faces.alignment import AlignmentConfig
from mebench.faces.face_points import STAND_IN, face_points
from mebench.faces.geometry import EYES
from mebench.faces.landmarks.base import LEFT_EYE, RIGHT_EYE
from mebench.rendering.geometry import Geometry, neutral_landmarks
from mebench.schema.presence import Presence
from mebench.schema.recordings import Video


class Rendered:
    """Blank frames whose landmarks are known: a neutral face, turned, twice as large, and walking to the right."""

    digest = "rendered"
    lost: tuple[int, ...] = ()

    def __len__(self) -> int:
        return 20

    def read(self, start: int, stop: int, *, grey: bool = True) -> np.ndarray:
        return np.zeros((stop - start, 240, 320), np.uint8)

    def landmarks(self, start: int, stop: int) -> np.ndarray:
        marks = neutral_landmarks(Geometry())
        turned = (marks[:, 0] + 1j * marks[:, 1]) * 90 * np.exp(0.2j)
        points = [turned + 160 + i + 100j for i in range(start, stop)]
        points = [p * np.nan if i in self.lost else p for i, p in zip(range(start, stop), points, strict=True)]
        return np.stack([np.real(points), np.imag(points)], axis=-1)


def video() -> Video:
    return Video("toy", "s", "v", 30.0, Rendered())


def test_the_stand_in_has_its_eyes_where_aligned_faces_have_them_and_is_symmetric() -> None:
    assert STAND_IN.shape == (68, 2)
    for part, eye in zip((LEFT_EYE, RIGHT_EYE), EYES, strict=True):
        np.testing.assert_allclose(STAND_IN[part].mean(axis=0), eye, atol=0.6)
    middle = (EYES[0][0] + EYES[1][0]) / 2
    for left, right in ((17, 26), (21, 22), (31, 35), (36, 45), (37, 44), (39, 42), (40, 47), (48, 54), (59, 55)):
        assert STAND_IN[left, 0] + STAND_IN[right, 0] == pytest.approx(2 * middle)
        assert STAND_IN[left, 1] == pytest.approx(STAND_IN[right, 1])


def test_the_stand_in_lies_near_the_points_of_a_rendered_face() -> None:
    found = face_points(video(), AlignmentConfig(landmarks="rendered"), Presence.everywhere(20))
    assert np.hypot(*(found[17:] - STAND_IN[17:]).T).max() < 2.5


def test_points_follow_the_face_wherever_it_is() -> None:
    found = face_points(video(), AlignmentConfig(landmarks="rendered"), Presence.everywhere(20))
    for part, eye in zip((LEFT_EYE, RIGHT_EYE), EYES, strict=True):
        np.testing.assert_allclose(found[part].mean(axis=0), eye, atol=1e-6)


def test_a_detector_without_points_gives_the_stand_in() -> None:
    assert face_points(video(), None, Presence.everywhere(20)) is STAND_IN


def test_frames_without_a_face_give_no_points(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Rendered, "lost", tuple(range(10)))
    config = AlignmentConfig(landmarks="rendered")
    found = face_points(video(), config, Presence.everywhere(20))
    assert np.isfinite(found).all()
    lost = Presence(np.arange(20) < 10, np.zeros(20, bool))
    with pytest.raises(UserError, match="rendered finds no landmarks in s/v: give landmarks=cascade"):
        face_points(video(), config, lost)
