"""Rendered stills."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from mebench.datasets.synth_fer import SynthFer


def counts(**options):
    return Counter(clip.emotion for clip in SynthFer.open(options=options).clips())


def test_the_default_has_the_shares_of_fer2013():
    found = counts()
    published = {"anger": 4953, "disgust": 547, "fear": 5121, "happiness": 8989, "sadness": 6077, "surprise": 4002}
    published["neutral"] = 6198
    for emotion, count in published.items():
        assert found[emotion] / 1200 == pytest.approx(count / 35887, abs=0.002)


def test_the_balance_is_set():
    found = counts(stills="90", people="9", negative="1", neutral="1", positive="1", surprise="0")
    assert found["neutral"] == found["happiness"] == 30
    assert found["surprise"] == 0
    assert sum(found.values()) == 90


@pytest.mark.parametrize(("face", "colour"), [("48", "false"), ("100", "true")])
def test_a_still_is_one_frame_of_the_face(face, colour):
    clip = SynthFer.open(options={"stills": "8", "people": "4", "face": face, "colour": colour}).clips()[0]
    frame = clip.frames.read(0, 1, grey=False)
    assert frame.shape == (1, int(face), int(face), 3)
    assert (clip.onset, clip.apex, clip.offset) == (1, 1, 1)
    assert (np.ptp(frame[0].astype(int), axis=-1).max() > 0) == (colour == "true")


def test_intensities_run_from_weak_to_full_and_are_known():
    clips = [clip for clip in SynthFer.open().clips() if clip.emotion == "happiness"]
    smiles = np.array([clip.frames.expression.left[8] for clip in clips])
    assert smiles.min() < 1.5
    assert smiles.max() > 4.5
    assert smiles.std() > 0.7
    truth = clips[0].frames.truth()
    assert truth.action_units[0, 8] == pytest.approx(
        max(clips[0].frames.expression.left[8], clips[0].frames.expression.right[8]), abs=1e-3
    )


def test_a_large_still_is_rendered_large():
    clip = SynthFer.open(options={"stills": "2", "people": "1", "face": "300"}).clips()[0]
    assert clip.frames.cut.side >= 300
