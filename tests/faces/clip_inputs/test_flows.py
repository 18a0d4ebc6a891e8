from __future__ import annotations

import dataclasses

import cv2
import numpy as np
import pytest

from mebench.datasets.synth_cde import SynthCde
from mebench.faces.clip_inputs import FaceView, FlowView, apex_flow, flow_sequence, flows, key_frames
from mebench.faces.clip_inputs.flows import resized
from mebench.faces.clip_inputs.place import place_of
from mebench.faces.flow import magnitude, strain
from mebench.faces.geometry import SIZE, Pose

from .conftest import APEX, clip_of

FAST = FlowView(flow="farneback")


@pytest.fixture
def computed(monkeypatch) -> list[str]:
    """The flows that were computed, by name."""
    calls: list[str] = []

    def counting(name, compute):
        return lambda *pair: calls.append(name) or compute(*pair)

    counted = {name: (counting(name, compute), config) for name, (compute, config) in flows._FLOWS.items()}
    monkeypatch.setattr(flows, "_FLOWS", counted)
    return calls


@pytest.fixture(scope="module")
def shifted() -> np.ndarray:
    """A texture, and the same 3 px to the right and 1 px down, uint8 (2, 128, 128)."""
    noise = np.random.default_rng(0).normal(128, 60, (128, 128)).astype(np.float32)
    picture = np.clip(128 + 4 * (cv2.GaussianBlur(noise, (0, 0), 2.5) - 128), 0, 255).astype(np.uint8)
    return np.stack([picture, np.roll(picture, (1, 3), axis=(0, 1))])


@pytest.mark.parametrize("name", ["tvl1", "farneback", "dis"])
@pytest.mark.parametrize("size", [16, 128, 200])
def test_values_are_pixels_of_the_face_view_at_any_size(shifted, cache, name, size):
    clip = clip_of(shifted, apex=2)
    view = FlowView(size=size, flow=name, face=FaceView(size=128, crop="whole"))
    found = apex_flow(clip, cache, view)
    assert (found.shape, found.dtype) == ((size, size, 3), np.float32)
    inner = found[size // 4 : -size // 4, size // 4 : -size // 4]
    np.testing.assert_allclose(np.median(inner.reshape(-1, 3), axis=0), [3, 1, 0], atol=0.15)


def test_the_strain_is_that_of_the_flow_before_it_is_resized(smile, cache):
    full = apex_flow(smile, cache, dataclasses.replace(FAST, size=128))
    np.testing.assert_allclose(full[..., 2], strain(full[..., :2]), atol=1e-5)
    small = apex_flow(smile, cache, dataclasses.replace(FAST, size=32))
    np.testing.assert_allclose(small, full.reshape(32, 4, 32, 4, 3).mean(axis=(1, 3)), atol=1e-5)


def test_a_smile_moves_the_mouth(smile, cache):
    length = magnitude(apex_flow(smile, cache, FlowView())[..., :2])
    rows, columns = np.unravel_index(np.argmax(length), length.shape)
    assert rows > 14
    assert length[18:25, 7:21].mean() > 3 * length[:7].mean()
    assert columns < 28


def test_two_frames_are_decoded_for_onset_and_apex(smile, cache):
    apex_flow(smile, cache, FAST)
    assert set(smile.frames.reads) == {0, APEX}


def test_flow_is_computed_once_for_all_who_ask(smile, cache, computed):
    for _ in range(3):
        apex_flow(smile, cache, FAST)
        apex_flow(dataclasses.replace(smile, emotion="", action_units=""), cache, FAST)
    assert computed == ["farneback"]
    before = smile.frames.reads.copy()
    apex_flow(smile, cache, FlowView(flow="dis"))
    assert computed == ["farneback", "dis"]
    assert smile.frames.reads == before


def test_every_setting_and_key_frame_is_another_flow(smile, cache, computed):
    for view in (FAST, dataclasses.replace(FAST, strain="quarter"), dataclasses.replace(FAST, size=14)):
        apex_flow(smile, cache, view)
    apex_flow(dataclasses.replace(smile, apex=APEX), cache, FAST)
    assert len(computed) == 4


def test_no_motion_has_no_flow(smile, cache):
    assert np.abs(apex_flow(dataclasses.replace(smile, onset=2, apex=2), cache, FAST)).max() == 0


def test_a_sequence_leads_from_the_onset_to_the_offset(smile, cache):
    sequence = flow_sequence(smile, cache, FAST, 4)
    assert sequence.shape == (4, 28, 28, 2)
    np.testing.assert_array_equal(sequence[1], apex_flow(smile, cache, FAST)[..., :2])
    assert magnitude(sequence[1]).mean() > 2 * magnitude(sequence[3]).mean()
    assert set(smile.frames.reads) == {0, 3, 6, 9, 12}


def test_a_sequence_to_the_apex_ends_there_and_repeats_frames_where_there_are_too_few(smile, cache, computed):
    clip = dataclasses.replace(smile, onset=4)
    sequence = flow_sequence(clip, cache, FAST, 8, until="apex")
    np.testing.assert_array_equal(sequence[-1], apex_flow(clip, cache, FAST)[..., :2])
    assert len(np.unique(sequence.reshape(8, -1), axis=0)) == 4
    assert len(computed) == 3 + 1


def test_resizing_keeps_the_mean():
    maps = np.random.default_rng(0).normal(size=(12, 12, 3)).astype(np.float32)
    np.testing.assert_allclose(resized(maps, 4), maps.reshape(4, 3, 4, 3, 3).mean(axis=(1, 3)), atol=1e-6)
    assert resized(maps, 30).shape == (30, 30, 3)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "share"), [("tvl1", 0.6), ("farneback", 0.5), ("dis", 0.35)])
def test_flow_follows_the_landmarks_of_rendered_faces(cache, name, share):
    """The error at brows, nose and mouth, as a share of how far they move; 1 is what no flow at all has."""
    view = FlowView(size=128, flow=name)
    errors, moves = [], []
    for clip in SynthCde.open(None, {}).clips()[4:49:11]:
        place, keys = place_of(clip, cache, view.face), key_frames(clip, cache)
        points = [clip.frames.landmarks(i, i + 1)[0][[*range(17, 36), *range(48, 68)]] for i in (keys.onset, keys.apex)]
        first, second = (_in_view(frame, place, view.face) for frame in points)
        rows, columns = (np.rint(axis).astype(int).clip(0, 127) for axis in (first.imag, first.real))
        found = apex_flow(clip, cache, view)[rows, columns]
        errors.append(np.abs(found[:, 0] + 1j * found[:, 1] - (second - first)).mean())
        moves.append(np.abs(second - first).mean())
    assert np.sum(errors) < share * np.sum(moves)


def _in_view(points: np.ndarray, place: Pose, view: FaceView) -> np.ndarray:
    """Points of a frame, (n, 2), in px of the view, complex."""
    aligned = place.to_aligned(points[:, 0].astype(float) + 1j * points[:, 1])
    return aligned * view.size / SIZE / (1 + 2 * view.margin) + (view.size - 1) / 2 * (1 + 1j)
