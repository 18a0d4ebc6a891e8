from __future__ import annotations

import dataclasses

import pytest

from mebench.errors import UserError
from mebench.faces.clip_inputs import ApexSettings, CropSettings, KeyFrames, apex_notes, key_frames

from .conftest import APEX, clip_of


def test_annotated_frames_are_taken_as_they_are_and_nothing_is_decoded(smile, cache):
    clip = dataclasses.replace(smile, onset=2, apex=5, offset=11)
    assert key_frames(clip, cache) == KeyFrames(1, 4, 10, apex_spotted=False)
    assert not smile.frames.reads


def test_shifted_annotations_are_honoured(smile, cache):
    for shift in (-3, 2):
        clip = dataclasses.replace(smile, onset=4 + shift, apex=8 + shift)
        assert (key_frames(clip, cache).onset, key_frames(clip, cache).apex) == (3 + shift, 7 + shift)


def test_without_onset_and_offset_it_is_the_first_and_the_last_frame(smile, cache):
    clip = dataclasses.replace(smile, onset=0, offset=0)
    assert key_frames(clip, cache) == KeyFrames(0, APEX, 12, apex_spotted=False)


@pytest.mark.parametrize("apex", ["motion", "difference"])
@pytest.mark.parametrize("crop", ["found", "whole"])
def test_an_apex_is_spotted_where_none_is_annotated(smile, cache, apex, crop):
    found = key_frames(dataclasses.replace(smile, apex=0), cache, ApexSettings(apex=apex, crop=crop))
    assert found.apex_spotted
    assert abs(found.apex - APEX) <= 1


def test_the_middle_needs_no_frame(smile, cache):
    clip = dataclasses.replace(smile, onset=3, apex=0, offset=9)
    assert key_frames(clip, cache, ApexSettings(apex="middle")).apex == 5
    assert not smile.frames.reads


def test_an_apex_is_looked_for_between_onset_and_offset_only_and_once(smile, cache):
    clip = dataclasses.replace(smile, onset=8, apex=0, offset=12)
    assert 7 < key_frames(clip, cache).apex <= 11
    assert set(smile.frames.reads) == set(range(7, 12))
    before = smile.frames.reads.copy()
    key_frames(clip, cache)
    assert smile.frames.reads == before


def test_two_frames_have_their_apex_at_the_end(smile, cache):
    assert key_frames(dataclasses.replace(smile, onset=4, apex=0, offset=5), cache).apex == 4


@pytest.mark.parametrize("wrong", [{"onset": 99}, {"apex": -3}, {"offset": 14}])
def test_frames_outside_the_clip_are_refused(smile, cache, wrong):
    with pytest.raises(UserError, match=f"The {next(iter(wrong))} .* lies outside its 13 frames"):
        key_frames(dataclasses.replace(smile, **wrong), cache)


def test_a_spotted_apex_is_told(smile):
    assert apex_notes(smile, CropSettings()) == ()
    (note,) = apex_notes(dataclasses.replace(smile, apex=0), CropSettings())
    assert "No apex is annotated" in note
    assert "apex=motion" in note
    (note,) = apex_notes(dataclasses.replace(smile, apex=0), ApexSettings(apex="middle"))
    assert "half way" in note
    assert apex_notes(dataclasses.replace(smile, onset=0), CropSettings()) == (
        "No onset is annotated: the first frame is taken for it.",
    )


def test_a_still_image_is_its_own_apex(smiling, cache):
    still = clip_of(smiling[:1], onset=0, apex=0)
    assert key_frames(still, cache) == KeyFrames(0, 0, 0, apex_spotted=False)
    assert apex_notes(still, CropSettings()) == ()
    assert not still.frames.reads
