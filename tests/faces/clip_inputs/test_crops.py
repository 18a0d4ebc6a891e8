from __future__ import annotations

import numpy as np
import pytest

from mebench.faces.clip_inputs import FaceView, apex_face, clip_faces, face_at, onset_face
from mebench.faces.clip_inputs.crops import cut, faces_key
from mebench.faces.geometry import Pose
from mebench.frames import store

from .conftest import APEX, clip_of, shrunk


@pytest.mark.parametrize("colour", [False, True])
def test_faces_are_of_the_size_and_colour_that_is_asked_for(smile, cache, colour):
    faces = clip_faces(smile, cache, FaceView(size=48, colour=colour))
    assert faces.shape == ((13, 48, 48, 3) if colour else (13, 48, 48))
    if colour:
        blue, _, red = faces.gather(np.arange(13)).reshape(-1, 3).mean(axis=0)
        assert red > blue + 10


def test_one_face_is_the_same_as_among_all(smile, cache):
    view = FaceView(size=64, colour=True)
    all_of_them = clip_faces(smile, cache, view).gather(np.arange(13))
    np.testing.assert_array_equal(apex_face(smile, cache, view), all_of_them[APEX])
    np.testing.assert_array_equal(onset_face(smile, cache, view), all_of_them[0])


def test_a_single_face_decodes_nothing_but_its_frame_and_the_onset(smile, cache):
    apex_face(smile, cache, FaceView(size=64))
    assert set(smile.frames.reads) == {0, APEX}
    before = smile.frames.reads.copy()
    apex_face(smile, cache, FaceView(size=64))
    assert smile.frames.reads == before


def test_all_faces_are_prepared_once(smile, cache):
    for _ in range(3):
        clip_faces(smile, cache, FaceView(size=32))
    assert smile.frames.reads[5] == 1


def test_the_place_is_one_for_all_frames(smile, cache):
    """What does not move in the frames does not move in the crops: the background, beside the noise."""
    faces = clip_faces(smile, cache, FaceView(size=112, margin=0.5)).gather(np.arange(13)).astype(float)
    changed = np.abs(faces[APEX] - faces[0])
    assert changed[:8].max() < 8
    assert changed[70:90, 40:72].max() > 15


def test_a_margin_shows_more_of_the_frame():
    frame = np.add.outer(np.arange(480) / 4, np.arange(640) / 8).astype(np.uint8)
    place = Pose(1 + 0j, 320 + 240j)
    near, wide = (cut(frame, place, FaceView(size=112, margin=margin)).astype(int) for margin in (0.0, 0.5))
    assert np.ptp(wide) == pytest.approx(2 * np.ptp(near), rel=0.1)
    assert abs(wide[56, 56] - near[56, 56]) <= 1


def test_the_size_of_the_frames_hardly_matters(smiling, cache):
    view = FaceView(size=40)
    large, small = (onset_face(clip_of(frames), cache, view) for frames in (smiling, shrunk(smiling, (320, 240))))
    assert np.abs(large.astype(int) - small).mean() < 8


def test_whole_frames_are_scaled_as_they_are(smile, cache):
    whole = face_at(smile, cache, FaceView(size=30, crop="whole"), 0)
    blocks = smile.frames.read(0, 1)[0][:, :630].reshape(30, 16, 30, 21).mean(axis=(1, 3))
    assert whole.shape == (30, 30)
    assert np.corrcoef(whole.ravel(), blocks.ravel())[0, 1] > 0.97
    assert set(smile.frames.reads) == {0}


def test_small_crops_are_enlarged(smiling, cache):
    clip = clip_of(smiling[:, 120:360:12, 200:440:10])
    assert clip_faces(clip, cache, FaceView(size=64, crop="whole")).shape == (13, 64, 64)


def test_faces_have_an_address_of_all_that_they_depend_on(smile, cache):
    views = [FaceView(), FaceView(size=64), FaceView(colour=True), FaceView(margin=0.3), FaceView(crop="whole")]
    assert len({faces_key(smile, cache, view) for view in views}) == len(views)
    spotted = FaceView(apex="middle")
    assert faces_key(smile, cache, spotted) == faces_key(smile, cache, FaceView())


def test_a_corrupt_entry_is_made_again(smile, cache, caplog):
    view = FaceView(size=32)
    stored = clip_faces(smile, cache, view)
    before = stored.gather(np.arange(13))
    stored.path.write_bytes(bytes(len(before.tobytes())))
    store._VERIFIED.clear()
    np.testing.assert_array_equal(clip_faces(smile, cache, view).gather(np.arange(13)), before)
    assert "is made again" in caplog.text
