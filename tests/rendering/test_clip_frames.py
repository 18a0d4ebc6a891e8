"""Frames of a clip, whole and cut to the face."""

from __future__ import annotations

import dataclasses

import cv2
import numpy as np
import pytest

from mebench.errors import UserError
from mebench.rendering.clip_frames import FACE_SIDE, ClipFrames
from mebench.rendering.clips import ClipRecipe, Manner, Population
from mebench.rendering.fields import Layout
from mebench.schema.recordings import ExpressionType, FrameSource

MICRO = Manner(ExpressionType.MICRO, (0.4, 0.9, 1.8), (0.2, 0.3, 0.4), margin=0.03)
STRONG = Manner(ExpressionType.MACRO, (4.0, 4.5, 5.0), (0.3, 0.4, 0.5))
RECIPE = ClipRecipe(0, Population("here"), 0, 0, "surprise", MICRO, 100.0, width=320, height=240)


@pytest.fixture(scope="module")
def frames():
    return ClipFrames(RECIPE)


def changed(**changes):
    return ClipFrames(dataclasses.replace(RECIPE, **changes))


def test_it_is_a_frame_source_that_reads_any_part_alike(frames):
    assert isinstance(frames, FrameSource)
    part = frames.read(2, 5)
    assert part.shape == (3, 240, 320)
    np.testing.assert_array_equal(ClipFrames(RECIPE).read(4, 5), part[2:])
    with pytest.raises(UserError, match=f"it ends at frame {len(frames)}"):
        frames.encoded(len(frames))


def test_the_face_is_neutral_in_the_margins_and_moves_from_onset_to_offset(frames):
    units = frames.truth().action_units
    assert units.shape == (len(frames), 17)
    moving = np.flatnonzero(units.max(axis=1)) + 1
    assert (frames.onset, frames.offset) == (4, len(frames) - 3)
    np.testing.assert_array_equal(moving, np.arange(frames.onset, frames.offset + 1))
    assert frames.onset < frames.apex < frames.offset
    both = frames.motion.expression_left + frames.motion.expression_right
    assert both.sum(axis=1).max() == pytest.approx(both[frames.apex - 1].sum(), abs=0.05)


def test_a_clip_that_ends_with_the_apex_has_a_neutral_first_frame():
    rising = changed(manner=dataclasses.replace(STRONG, ends="apex"), fps=30.0)
    units = rising.truth().action_units.max(axis=1)
    assert (rising.onset, rising.apex, rising.offset) == (1, len(rising), len(rising))
    assert units[0] == 0
    assert units[1] > 0
    assert units[-1] == units.max()


def test_a_still_is_one_frame():
    still = changed(manner=dataclasses.replace(STRONG, ends="still"))
    assert (len(still), still.onset, still.apex, still.offset) == (1, 1, 1, 1)
    assert still.truth().action_units.max() > 2


def test_the_digest_knows_every_parameter(frames):
    others = [
        changed(**{name: value})
        for name, value in [("seed", 1), ("clip", 1), ("emotion", "fear"), ("face", 48), ("strength", 0.5)]
        + [("population", Population("there")), ("manner", STRONG), ("colour", False), ("quality", 80)]
    ]
    assert len({source.digest for source in [frames, *others]}) == 10
    assert ClipFrames(RECIPE).digest == frames.digest


def test_without_disturbances_only_the_expression_moves():
    calm = changed(distractors=False, light="none", noise=0.0, manner=STRONG, emotion="happiness")
    first, still, apex = (calm.read(i, i + 1)[0].astype(int) for i in (0, 1, calm.apex - 1))
    np.testing.assert_array_equal(first, still)
    change, marks = np.abs(apex - first), calm.landmarks(0, 1)[0]
    mouth, brows = marks[48:60].round().astype(int), marks[17:27].round().astype(int)
    of_mouth = change[mouth[:, 1].min() : mouth[:, 1].max(), mouth[:, 0].min() : mouth[:, 0].max()].mean()
    of_brows = change[brows[:, 1].min() : brows[:, 1].max(), brows[:, 0].min() : brows[:, 0].max()].mean()
    assert of_mouth > 10 * max(of_brows, 0.1)


def test_a_grey_camera_takes_grey_frames_with_noise():
    grey = changed(colour=False)
    frame = grey.read(0, 1, grey=False)[0]
    np.testing.assert_array_equal(frame[..., 0], frame[..., 2])
    np.testing.assert_array_equal(frame[..., 0], grey.read(0, 1)[0])
    quiet = changed(colour=False, noise=0.0, quality=100).read(0, 1)[0].astype(int)
    noisy = changed(colour=False, noise=4.0, quality=100).read(0, 1)[0].astype(int)
    inside = (quiet > 20) & (quiet < 235)
    assert (noisy - quiet)[inside].std() == pytest.approx(4 * 0.8 + 0.8, abs=1.2)


def test_a_picture_of_the_face_shows_what_the_frame_shows_there():
    calm = {"noise": 0.0, "quality": 100, "manner": STRONG}
    face, whole = changed(face=96, **calm), changed(**calm)
    picture, frame, cut = face.read(5, 6)[0], whole.read(5, 6)[0], face.cut
    assert picture.shape == (96, 96)
    expected = cv2.resize(
        frame[cut.y : cut.y + cut.side, cut.x : cut.x + cut.side], (96, 96), interpolation=cv2.INTER_AREA
    )
    assert np.abs(picture.astype(int) - expected).mean() < 2
    there = whole.landmarks(5, 6)[0] - (cut.x, cut.y)
    np.testing.assert_allclose(face.landmarks(5, 6)[0], (there + 0.5) * 96 / cut.side - 0.5, atol=1e-4)


def test_every_picture_of_a_face_holds_the_face_and_sits_a_little_elsewhere():
    sources = [changed(face=48, clip=clip, manner=dataclasses.replace(STRONG, ends="still")) for clip in range(12)]
    assert len({source.cut for source in sources}) > 10
    ipd = Layout.of(320, 240).ipd
    for source in sources:
        c, marks = source.cut, source.landmarks(0, 1)[0]
        assert 0.9 < c.side / (FACE_SIDE * ipd) < 1.1
        assert min(c.x, c.y) >= 0
        assert (c.x + c.side <= 320, c.y + c.side <= 240) == (True, True)
        assert (marks[17:] > 0).all()
        assert (marks[17:] < 48).all()
