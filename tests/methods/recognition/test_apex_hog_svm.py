"""Gradients of the apex: whose they are, and what the onset takes off."""

from __future__ import annotations

import numpy as np

from mebench.faces.hog import FEATURES
from mebench.methods.recognition.apex_hog_svm import ApexHogSvm
from tests.methods.recognition.moving import clip, context


def of(where, which, **more):
    return ApexHogSvm.configure({"crop": "whole", "of": which}).features(clip(**more), where)


def test_two_frames_are_read(tmp_path):
    one = clip()
    ApexHogSvm.configure({"crop": "whole"}).features(one, context(tmp_path))
    assert sorted(set(one.frames.reads)) == [0, 4]


def test_the_change_is_that_of_two_faces(tmp_path):
    where = context(tmp_path)
    apex, onset = of(where, "apex"), of(where, "apex", apex=1)
    assert apex.shape == (FEATURES,)
    np.testing.assert_allclose(of(where, "change"), apex - onset, atol=1e-6)


def test_a_clip_whose_apex_is_its_onset_has_no_change(tmp_path):
    assert not of(context(tmp_path), "change", apex=1).any()


def test_the_change_is_less_of_the_person_than_the_apex(tmp_path):
    where = context(tmp_path)

    def alike(which):
        vectors = [of(where, which, who=who, emotion="negative") for who in (1, 2)]
        same = of(where, which, who=1, emotion="surprise")
        return np.linalg.norm(vectors[0] - vectors[1]) / np.linalg.norm(vectors[0] - same)

    assert alike("change") < alike("apex")


def test_a_clip_without_an_apex_is_told_of():
    assert ApexHogSvm.configure().notes(clip()) == ()
    assert "No apex is annotated" in ApexHogSvm.configure().notes(clip(apex=0))[0]


def test_a_clip_in_which_nothing_moves_is_told_of():
    for still in (clip(apex=1), clip(count=1)):
        assert ApexHogSvm.configure().notes(still) == (
            "Its apex is its onset: nothing moves between them, and its features are all 0.",
        )
        assert ApexHogSvm.configure({"of": "apex"}).notes(still) == ()
