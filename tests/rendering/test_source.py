"""Frames of one recipe and what is known of them."""

from __future__ import annotations

import dataclasses
import hashlib
import json

import cv2
import numpy as np
import pytest

from mebench.errors import UserError
from mebench.rendering.source import SyntheticFrames, VideoRecipe
from mebench.schema.recordings import FrameSource

RECIPE = VideoRecipe(seed=0, subject=0, video=0, frames=120, fps=30.0, width=320, height=240)


@pytest.fixture(scope="module")
def frames():
    return SyntheticFrames(RECIPE)


@pytest.fixture(scope="module")
def first(frames):
    return frames.read(0, 20)


def test_it_is_a_frame_source(frames):
    assert isinstance(frames, FrameSource)
    assert len(frames) == 120


def test_reading_any_part_gives_the_same_frames(frames, first):
    np.testing.assert_array_equal(frames.read(10, 13), first[10:13])
    again = SyntheticFrames(RECIPE)
    np.testing.assert_array_equal(again.read(7, 8), first[7:8])
    assert frames.read(5, 5).shape == (0, 240, 320)


def test_a_frame_is_its_decoded_jpeg(frames, first):
    data = np.frombuffer(frames.encoded(4), np.uint8)
    np.testing.assert_array_equal(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), first[4])
    np.testing.assert_array_equal(cv2.imdecode(data, cv2.IMREAD_COLOR), frames.read(4, 5, grey=False)[0])
    with pytest.raises(UserError, match="no frame 121: it ends at frame 120"):
        frames.encoded(120)


def test_the_digest_knows_every_parameter(frames):
    changed = [
        dataclasses.replace(RECIPE, **{name: value})
        for name, value in [("seed", 1), ("light", "uneven"), ("noise", 3.0), ("width", 322), ("quality", 80)]
    ]
    digests = {SyntheticFrames(r).digest for r in [RECIPE, *changed]}
    assert len(digests) == 6
    assert SyntheticFrames(RECIPE).digest == frames.digest


def test_truth_covers_every_frame_and_agrees_with_the_events():
    frames = SyntheticFrames(dataclasses.replace(RECIPE, frames=240))
    truth = frames.truth()
    n = len(frames)
    assert truth.action_units.shape == truth.left.shape == truth.right.shape == (n, 17)
    assert truth.landmarks.shape == (n, 68, 2)
    moving = np.zeros(n, bool)
    for e in frames.events:
        moving[e.onset - 1 : e.offset] = True
    assert frames.events
    np.testing.assert_array_equal(truth.action_units.max(axis=1) > 0, moving)
    assert (truth.rendered.max(axis=1) > 0)[~moving].any()
    distance = np.linalg.norm(truth.eyes[:, 1] - truth.eyes[:, 0], axis=1)
    np.testing.assert_allclose(distance, 0.183 * 240, rtol=0.03)
    assert np.abs(np.diff(truth.landmarks[:, 30], axis=0)).max() < 1.5


def test_without_noise_light_and_distractors_only_expressions_move():
    frames = SyntheticFrames(dataclasses.replace(RECIPE, frames=240, noise=0.0, light="none", distractors=False))
    start = frames.events[0].onset - 1
    still = frames.read(0, 2)
    np.testing.assert_array_equal(still[0], still[1])
    apex = frames.read(frames.events[0].apex - 1, frames.events[0].apex)
    assert start > 0
    assert np.abs(apex[0].astype(int) - still[0]).max() > 8


def test_truth_and_a_frame_are_the_same_on_every_machine():
    recipe = VideoRecipe(seed=7, subject=0, video=0, frames=240, fps=30.0, width=320, height=240)
    frames = SyntheticFrames(recipe)
    rows = [[e.onset, e.apex, e.offset, e.type, e.emotion, e.action_units] for e in frames.events]
    digest = hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:16]
    assert digest == GOLDEN_EVENTS
    total = float(np.maximum(frames.motion.left, frames.motion.right).sum())
    assert total == pytest.approx(GOLDEN_INTENSITY, rel=1e-3)
    thumbnail = cv2.resize(frames.read(30, 31)[0], (8, 6), interpolation=cv2.INTER_AREA)
    np.testing.assert_allclose(thumbnail.astype(int), GOLDEN_FRAME, atol=1)


GOLDEN_EVENTS = "a06a816096cb1fd5"
GOLDEN_INTENSITY = 480.281
GOLDEN_FRAME = [
    [184, 199, 208, 189, 196, 242, 249, 250],
    [173, 187, 174, 98, 101, 197, 249, 249],
    [161, 175, 154, 126, 130, 178, 249, 249],
    [153, 166, 162, 120, 118, 200, 245, 248],
    [150, 162, 174, 105, 105, 224, 236, 245],
    [136, 148, 121, 78, 82, 151, 216, 237],
]


def test_landmarks_are_those_of_the_truth(frames):
    np.testing.assert_array_equal(frames.landmarks(30, 33), frames.truth().landmarks[30:33])
    assert frames.landmarks(5, 5).shape == (0, 68, 2)
