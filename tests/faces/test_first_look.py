from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from mebench.errors import UserError
from mebench.faces.first_look import look_for_faces, samples_of
from mebench.faces.landmarks.base import Face, LandmarkDetector
from mebench.frames.pixels import ArrayFrames


def face(*, eyes_found: bool = True) -> Face:
    return Face((10, 10, 40, 40), (20, 26), (40, 26), eyes_found)


class Bright(LandmarkDetector):
    """Sees a face in bright frames, for sure in very bright ones."""

    id = "bright"
    looks: list[int] = []

    def find(self, image: np.ndarray, index: int) -> Sequence[Face]:
        self.looks.append(index)
        return [face(eyes_found=False)] if image.max() > 100 else []

    def sure(self, image: np.ndarray, face: Face) -> bool:
        return image.max() > 200


@pytest.fixture
def detector() -> Bright:
    Bright.looks = []
    return Bright.configure()


def frames(**levels: int) -> ArrayFrames:
    array = np.full((101, 60, 80), 50, np.uint8)
    for name, level in levels.items():
        array[int(name[1:])] = level
    return ArrayFrames(array)


def test_the_first_frames_suffice_when_one_has_a_face(detector: Bright) -> None:
    images, faces = look_for_faces(frames(_50=150), (), detector, 3)
    assert sorted(images) == detector.looks == [0, 50, 100]
    assert [len(faces[i]) for i in (0, 50, 100)] == [0, 1, 0]


def test_more_frames_are_looked_at_when_none_has(detector: Bright) -> None:
    images, faces = look_for_faces(frames(_27=150), (), detector, 3)
    assert len(images) == 12
    assert [i for i in faces if faces[i]] == [27]


def test_frames_that_are_missing_are_passed_over(detector: Bright) -> None:
    look_for_faces(frames(_50=150, _100=150), {0, 100}, detector, 3)
    assert detector.looks[:3] == [1, 50, 99]


def test_what_is_sure_counts_where_there_is_any(detector: Bright) -> None:
    _, faces = look_for_faces(frames(_0=150, _50=250), (), detector, 3)
    assert [len(faces[i]) for i in (0, 50, 100)] == [0, 1, 0]


def test_no_face_at_all(detector: Bright) -> None:
    with pytest.raises(UserError, match="No face was found in 12 frames"):
        look_for_faces(frames(), (), detector, 3)
    with pytest.raises(UserError, match="nearly black .no pixel above 7 "):
        look_for_faces(ArrayFrames(np.full((3, 60, 80), 7, np.uint8)), (), detector, 3)


def test_no_frame_to_look_at(detector: Bright) -> None:
    with pytest.raises(UserError, match="No face was found in 0 frames"):
        look_for_faces(ArrayFrames(np.zeros((0, 60, 80), np.uint8)), (), detector, 3)


@pytest.mark.parametrize(("seen", "kept"), [([True, True, False], [0, 1]), ([True, False, False], [0, 1, 2])])
def test_faces_without_eyes_are_left_out_if_few(seen: list[bool], kept: list[int]) -> None:
    images = dict.fromkeys(range(3), np.zeros((60, 80), np.uint8))
    samples = samples_of(images, {i: face(eyes_found=there) for i, there in enumerate(seen)})
    assert [sample.index for sample in samples] == kept
