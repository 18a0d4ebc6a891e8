from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from mebench.errors import UserError
from mebench.faces.clip_inputs.place import index_of, place_key, place_of
from mebench.faces.clip_inputs.views import CropSettings
from mebench.faces.geometry import EYES, aligned_point

from .conftest import APEX, clip_of


def test_the_eyes_of_the_onset_frame_set_the_place(smile, cache, pupils):
    place = place_of(smile, cache, CropSettings())
    eyes = place.to_frame(np.array([aligned_point(eye) for eye in EYES]))
    assert np.abs(eyes - pupils).max() < 6
    assert set(smile.frames.reads) == {0}


def test_another_onset_is_another_place_for_it_is_another_frame(smile, cache):
    place_of(dataclasses.replace(smile, onset=3), cache, CropSettings())
    assert set(smile.frames.reads) == {2}


def test_the_face_is_looked_for_once_whoever_asks(smile, cache):
    for _ in range(3):
        place_of(smile, cache, CropSettings())
    assert smile.frames.reads == {0: 1}


def test_other_frames_help_where_the_onset_shows_no_face(smiling, cache):
    hidden = smiling.copy()
    hidden[0] = 90
    clip = clip_of(hidden)
    known = place_of(clip_of(smiling, onset=2), cache, CropSettings())
    assert abs(place_of(clip, cache, CropSettings()).centre - known.centre) < 4
    assert len(clip.frames.reads) > 1


def test_no_face_at_all_is_told_with_what_to_do(smiling, cache):
    blank = clip_of(np.full_like(smiling, 90))
    with pytest.raises(UserError, match="No face was found in the clip s1_smile .* 640x480 px: set crop=whole"):
        place_of(blank, cache, CropSettings())
    assert place_of(blank, cache, CropSettings(crop="whole")) is None


def test_what_the_detector_does_has_no_part_in_the_address_of_whole_frames(smile, cache):
    whole = [place_key(smile, cache, CropSettings(crop="whole", face=number)) for number in (1, 2)]
    found = [place_key(smile, cache, CropSettings(face=number)) for number in (1, 2)]
    assert whole[0] == whole[1]
    assert len({*whole, *found}) == 3


@pytest.mark.parametrize("number", [-2, APEX + 20])
def test_a_frame_that_is_not_there_is_refused(smile, number):
    with pytest.raises(UserError, match=f"apex {number} of the clip s1_smile of .* lies outside its 13 frames"):
        index_of(smile, "apex", number)


def test_a_clip_without_frames_is_refused(smiling, cache):
    with pytest.raises(UserError, match="has no frames"):
        place_of(clip_of(smiling[:0]), cache, CropSettings())
