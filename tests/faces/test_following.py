"""Presence as the aligner sees it, on rendered people who come, go and are cut to."""

from __future__ import annotations

import functools

import cv2
import numpy as np
import pytest

from mebench.faces.alignment import Aligner, AlignmentConfig
from mebench.faces.landmarks.rendered import RenderedPoints
from mebench.frames.pixels import ArrayFrames
from mebench.rendering.source import SyntheticFrames, VideoRecipe
from mebench.schema.presence import Presence

FPS = 30.0
BOTH = pytest.mark.parametrize("tracking", [True, False], ids=["tracking", "fixed"])


@functools.cache
def person(subject: int, *, light: str = "mild", n: int = 30, height: int = 240) -> np.ndarray:
    """Frames of one person who sways, blinks and shows expressions, (n, height, 4/3 height)."""
    recipe = VideoRecipe(0, subject, 0, n, FPS, width=height * 4 // 3, height=height, light=light, rhythm=None)
    return SyntheticFrames(recipe).read(0, n)


@functools.cache
def clouds(n: int = 30, width: int = 320, height: int = 240) -> np.ndarray:
    """Drifting blobs without any face."""
    spots, frames = np.random.default_rng(0).random((12, 4)), []
    for i in range(n):
        picture = np.full((height, width), 110, np.uint8)
        for x, y, r, v in spots:
            centre = (int((x + (v - 0.5) * i / 200) % 1 * width), int(y * height))
            cv2.circle(picture, centre, int(8 + 30 * r * (1 + 0.3 * np.sin(i / 9 + 6 * v))), 232, -1)
        frames.append(cv2.GaussianBlur(picture, (0, 0), 4))
    return np.stack(frames)


def presence(frames: np.ndarray, *, tracking: bool, **options: object) -> Presence:
    config = AlignmentConfig(tracking=tracking, **options)
    chunks = list(Aligner(ArrayFrames(frames), FPS, config).chunks())
    return Presence(np.concatenate([c.found for c in chunks]), np.concatenate([c.begins for c in chunks]))


@BOTH
def test_a_face_then_no_face_then_another(tracking: bool) -> None:
    seen = presence(np.concatenate([person(0), clouds(), person(1)]), tracking=tracking)
    assert seen.missing() == [(31, 60)]
    assert seen.stretches() == [(0, 30), (60, 90)]


@BOTH
def test_the_first_frames_have_no_face(tracking: bool) -> None:
    seen = presence(np.concatenate([clouds(), person(0)]), tracking=tracking)
    assert seen.missing() == [(1, 30)]
    assert not seen.begins.any()


@BOTH
def test_hard_cuts_between_people(tracking: bool) -> None:
    seen = presence(np.concatenate([person(0), person(1), person(2)]), tracking=tracking)
    assert seen.stretches() == [(0, 30), (30, 60), (60, 90)]


@BOTH
def test_hard_cuts_between_shots_of_one_person(tracking: bool) -> None:
    shot = person(0, n=60)
    moved = np.roll(shot[30:], (20, -50), axis=(1, 2))
    small = np.stack([np.pad(cv2.resize(f, (200, 150)), ((45, 45), (60, 60)), mode="edge") for f in shot[30:]])
    for other in (moved, small):
        seen = presence(np.concatenate([shot[:30], other]), tracking=tracking)
        assert seen.stretches() == [(0, 30), (30, 60)]


@BOTH
@pytest.mark.parametrize("every", [2, 5])
def test_cuts_that_follow_at_once(tracking: bool, every: int) -> None:
    one, other = person(0, n=60), person(1, n=60)
    frames = np.stack([(one, other)[(i - 20) // every % 2 if i >= 20 else 1][i] for i in range(60)])
    seen = presence(frames, tracking=tracking)
    assert [start for start, _ in seen.stretches()] == [0, *range(20, 60, every)]


@BOTH
@pytest.mark.parametrize("length", [1, 2, 3])
def test_somebody_who_is_shown_for_a_moment(tracking: bool, length: int) -> None:
    shot = person(0, n=60)
    seen = presence(np.concatenate([shot[:31], person(1)[:length], shot[31 + length :]]), tracking=tracking)
    assert seen.stretches() == [(0, 31), (31, 31 + length), (31 + length, 60)]


@pytest.mark.parametrize("length", [5, 15, 30])
def test_a_dissolve_to_somebody_else(length: int) -> None:
    one, other = person(0, n=120), person(2, n=120)
    share = ((np.arange(120) - 45) / length).clip(0, 1)[:, None, None]
    seen = presence((one * (1 - share) + other * share).astype(np.uint8), tracking=True)
    ((_, begin), (_, stop)) = seen.stretches()
    assert 45 < begin <= 45 + length
    assert stop == 120


def test_a_face_after_black_frames_is_found_at_once() -> None:
    seen = presence(np.concatenate([person(0), 0 * person(0)[:5], person(1)]), tracking=True)
    assert seen.stretches() == [(0, 30), (35, 65)]


@BOTH
def test_a_short_dropout(tracking: bool) -> None:
    shot = person(0, n=60)
    seen = presence(np.concatenate([shot[:30], 0 * shot[:2], shot[30:]]), tracking=tracking)
    assert seen.missing() == [(31, 32)]
    assert not seen.begins.any()


@BOTH
@pytest.mark.parametrize("light", ["mild", "uneven"])
@pytest.mark.parametrize("subject", [0, 3, 6])
def test_sway_blinks_and_light_are_no_absence(light: str, subject: int, tracking: bool) -> None:
    seen = presence(person(subject, light=light, n=150), tracking=tracking)
    assert seen.stretches() == [(0, 150)]


def test_a_face_that_fades_away_is_lost_with_it() -> None:
    shot, sky = person(0, n=60), clouds(120)
    fade = [
        (a * (1 - i / 30) + b * (i / 30)).astype(np.uint8) for i, (a, b) in enumerate(zip(shot[30:], sky, strict=False))
    ]
    seen = presence(np.concatenate([shot[:30], fade, sky[30:]]), tracking=True)
    ((first, last),) = seen.missing()
    assert 38 < first <= 60
    assert last == 150


def test_a_face_that_leaves_the_fixed_box_is_not_found_in_it() -> None:
    still = person(0)[:1].repeat(60, axis=0)
    wide = np.pad(still, ((0, 0), (0, 0), (0, 320)), mode="edge")
    frames = np.stack([np.roll(f, 5 * max(0, i - 40), axis=1) for i, f in enumerate(wide)])
    assert presence(frames, tracking=True).share == 1
    fixed = presence(frames, tracking=False)
    assert fixed.found[:45].all()
    assert not fixed.found[-3:].any()


@BOTH
def test_frames_that_are_missing_have_no_face(tracking: bool) -> None:
    source = ArrayFrames(person(0))
    source.missing = (1, 11, 12, 13)  # type: ignore[attr-defined]
    chunks = list(Aligner(source, FPS, AlignmentConfig(tracking=tracking)).chunks())
    found = np.concatenate([c.found for c in chunks])
    assert (np.flatnonzero(~found) + 1).tolist() == [1, 11, 12, 13]


def test_another_face_of_two_is_followed() -> None:
    both = np.concatenate([person(0), person(1)], axis=2)
    first, second = (Aligner(ArrayFrames(both), FPS, AlignmentConfig(face=face)) for face in (1, 2))
    assert len(first.tracks) == len(second.tracks) == 2
    places = [np.concatenate([c.motion for c in one.chunks()])[:, 2] for one in (first, second)]
    assert sorted(float(np.median(place)) // 320 for place in places) == [0, 1]
    assert all(np.ptp(place) < 30 for place in places)
    middle = first.tracks[0].middle[0]
    assert abs(middle - np.median(places[0])) < 30


def test_when_the_followed_face_is_gone_the_other_is_not_taken_for_it() -> None:
    alone = np.concatenate([clouds(60), person(1, n=60)], axis=2)
    alone[:30, :, :320] = person(0)
    assert len(Aligner(ArrayFrames(alone), FPS).tracks) == 2
    of = [presence(alone, tracking=True, face=face) for face in (1, 2)]
    assert sorted(p.missing() for p in of) == [[], [(31, 60)]]


def test_a_table_that_knows_better_is_believed() -> None:
    """Landmarks that are read say in every frame whether there is a face."""
    recipe = VideoRecipe(0, 0, 0, 40, FPS, width=320, height=240, rhythm=None)
    frames = SyntheticFrames(recipe)

    def points(start: int, stop: int) -> np.ndarray:
        known = frames.landmarks(start, stop)
        known[[10 <= i < 15 for i in range(start, stop)]] = np.nan
        return known

    for tracking in (True, False):
        detector = RenderedPoints(None, points)
        aligner = Aligner(frames, FPS, AlignmentConfig(tracking=tracking), detector)
        found = np.concatenate([c.found for c in aligner.chunks()])
        assert (np.flatnonzero(~found)).tolist() == [10, 11, 12, 13, 14]


def test_true_landmarks_steer_exactly() -> None:
    frames = SyntheticFrames(VideoRecipe(0, 1, 0, 40, FPS, width=320, height=240, rhythm=None))
    chunks = Aligner(frames, FPS, AlignmentConfig(smoothing=0), RenderedPoints(None, frames.landmarks)).chunks()
    motion = np.concatenate([c.motion for c in chunks])
    eyes = frames.truth().eyes @ np.array([1, 1j])
    at = (eyes - (motion[:, 2] + 1j * motion[:, 3])[:, None]) / (motion[:, 0] + 1j * motion[:, 1])[:, None]
    assert at.std(axis=0).max() < 0.5
