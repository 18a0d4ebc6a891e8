"""Rendered macro-expressions."""

from __future__ import annotations

import numpy as np
import pytest

from mebench.datasets.synth_macro import SynthMacro


def test_sequences_run_from_neutral_to_apex():
    clips = SynthMacro.open().clips()
    assert all((c.onset, c.apex, c.offset) == (1, c.n_frames, c.n_frames) for c in clips)
    assert 10 <= min(c.n_frames for c in clips) < max(c.n_frames for c in clips) <= 32


def test_the_true_intensity_of_every_frame_is_known_and_rises():
    for clip in SynthMacro.open().clips()[:4]:
        total = clip.frames.truth().action_units.sum(axis=1)
        assert total.shape == (clip.n_frames,)
        assert total[0] == 0
        assert (np.diff(total) >= -1e-6).all()
        assert total[-1] > 2


def test_a_face_may_return_to_neutral_with_margins():
    clips = SynthMacro.open(options={"ends": "offset", "margin": "0.5", "fps": "20"}).clips()
    clip = clips[0]
    assert (clip.onset, clip.n_frames - clip.offset) == (11, 10)
    assert clip.onset < clip.apex < clip.offset
    total = clip.frames.truth().action_units.sum(axis=1)
    assert not total[:10].any()
    assert not total[-10:].any()
    assert np.argmax(total) + 1 == pytest.approx(clip.apex, abs=2)
    assert all(0.8 <= (c.offset - c.onset + 1) / 20 <= 3.05 for c in clips)


def test_the_full_size_is_that_of_the_labelled_sequences():
    found = {c.name: c.found for c in SynthMacro.open(options={"size": "full"}).check().counts}
    assert (found["clips"], found["subjects"], found["surprise"]) == (327, 118, 83)
