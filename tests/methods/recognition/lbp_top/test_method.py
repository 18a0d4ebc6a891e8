"""LBP-TOP of clips: which frames are looked at, and how clips of any length have the same features."""

from __future__ import annotations

import numpy as np
import pytest

from mebench.errors import UserError
from mebench.methods.recognition.lbp_top.histograms import histograms
from mebench.methods.recognition.lbp_top.method import LbpTop, between, places
from tests.methods.recognition.moving import clip, context

SMALL = {"crop": "whole", "face_size": "64", "rows": "2", "columns": "2"}


def test_the_defaults_have_5664_features():
    config = LbpTop.configure().config
    blocks, planes, patterns = np.prod(config.blocks.shape), 3, 59
    assert blocks * planes * patterns == 5664


def test_frames_lie_evenly_from_onset_to_offset():
    config = LbpTop.configure(SMALL).config
    np.testing.assert_allclose(places(clip(count=28), config), np.arange(10) * 3)
    np.testing.assert_allclose(places(clip(count=28, onset=2, offset=20), config), 1 + np.arange(10) * 2)
    np.testing.assert_allclose(places(clip(count=28, onset=0, offset=0), config), np.arange(10) * 3)
    assert places(clip(count=28), LbpTop.configure({**SMALL, "frames": "0"}).config).tolist() == list(range(28))


def test_faces_between_two_frames_are_their_mix():
    read = []

    def face(i):
        read.append(i)
        return np.full((2, 2), 10 * i, np.uint8)

    assert between(face, np.array([0, 0.25, 1, 2.5, 3.0]))[:, 0, 0].tolist() == [0, 2.5, 10, 25, 30]
    assert sorted(read) == [0, 1, 2, 3]


def test_no_frame_outside_of_the_expression_is_read(tmp_path):
    one = clip(count=40, onset=11, offset=29)
    LbpTop.configure(SMALL).compute(one, context(tmp_path))
    assert (min(one.frames.reads), max(one.frames.reads)) == (10, 28)


def test_a_clip_of_any_length_has_the_same_number_of_features(tmp_path):
    for frames in ("10", "0"):
        model = LbpTop.configure({**SMALL, "frames": frames})
        sizes = {model.features(clip(count=count), context(tmp_path)).size for count in (1, 2, 5, 50)}
        assert sizes == {2 * 2 * 2 * 3 * 59}


def test_frames_as_they_are_give_the_patterns_of_the_clip(tmp_path):
    one, model = clip(count=12), LbpTop.configure({**SMALL, "frames": "0"})
    frames = one.frames.read(0, 12)
    expected = histograms(lambda a, b: frames[a:b], 12, model.config.around, model.config.blocks)
    np.testing.assert_array_equal(model.features(one, context(tmp_path)), expected.ravel())


def test_too_few_frames_to_show_motion_are_told_of():
    model = LbpTop.configure()
    assert model.notes(clip(count=9)) == ()
    assert model.notes(clip(count=1, apex=1)) == ("It has 1 frame from onset to offset, interpolated to 10.",)
    as_they_are = LbpTop.configure({"frames": "0"})
    assert as_they_are.notes(clip(count=2)) == ("It has 2 frames from onset to offset, interpolated to 4.",)
    with pytest.raises(UserError, match="The offset 12 of the clip negative .* lies outside its 9 frames"):
        model.notes(clip(offset=12))
