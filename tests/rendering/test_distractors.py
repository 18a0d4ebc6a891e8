import numpy as np
import pytest

from mebench.rendering.action_units import INDEX
from mebench.rendering.distractors import blinks, gaze, mouth_motion
from mebench.rendering.light import LEVELS, UNIT, Lamp, light_track
from mebench.rendering.motion import draw_motion
from mebench.rendering.pose import PITCH, ROLL, TX, TY, YAW, sway


def runs(mask):
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(int), [0]])))
    return edges[1::2] - edges[::2]


def test_blinks_are_short_and_as_frequent_as_people_blink():
    fps, rates = 200.0, []
    for seed in range(12):
        closure = blinks(np.random.default_rng(seed), int(60 * fps), fps)
        lengths = runs(closure > 0.02) / fps
        assert lengths[:-1].max() <= 0.25
        assert lengths[:-1].min() >= 0.12
        rates.append(len(lengths))
    assert 8 <= np.mean(rates) <= 22
    assert closure.max() == pytest.approx(5, abs=0.3)


def test_gaze_jumps_and_rests():
    shift = gaze(np.random.default_rng(1), 12000, 200.0)
    assert np.abs(shift).max() < 0.1
    speed = np.linalg.norm(np.diff(shift, axis=0), axis=1) * 200
    assert np.median(speed) < 0.03
    assert speed.max() > 0.5


def test_the_head_sways_within_limits():
    for seed in range(10):
        poses = sway(np.random.default_rng(seed), 3000, 50.0)
        assert np.abs(poses[:, [TX, TY]]).max() < 0.1
        assert np.degrees(np.abs(poses[:, [ROLL, YAW, PITCH]])).max() < 3
        power = np.abs(np.fft.rfft(poses[:, TX] - poses[:, TX].mean())) ** 2
        frequency = np.fft.rfftfreq(3000, 1 / 50)
        assert power[frequency > 1].sum() < 0.01 * power.sum()
        assert np.ptp(poses[:, TX]) > 0.01


def test_mouths_swallow_and_talk_now_and_then():
    units = np.array([mouth_motion(np.random.default_rng(s), 1800, 30.0) for s in range(5)])
    assert units[..., INDEX[17]].max() > 0.5
    assert units[..., INDEX[25]].max() > 0.4
    assert 0.02 < (units.max(axis=2) > 0).mean() < 0.4
    assert units[..., INDEX[12]].max() == 0


def test_distractors_never_reach_the_labels():
    motion = draw_motion((1, 2, 3), [], 900, 30.0, light="mild", distractors=True)
    assert motion.expression_left.max() == motion.expression_right.max() == 0
    assert motion.left[:, INDEX[45]].max() > 4
    still = draw_motion((1, 2, 3), [], 900, 30.0, light="mild", distractors=False)
    assert still.left.max() == 0
    assert np.ptp(still.pose, axis=0).max() == 0
    # Each cause has its own random numbers.
    np.testing.assert_array_equal(still.light, motion.light)


def test_uneven_light_varies_far_more_than_a_room():
    frame = np.full((120, 160, 3), 128, np.uint8)
    lamp = Lamp(160, 120)
    spread = {}
    for name, level in LEVELS.items():
        track = light_track(np.random.default_rng(4), 90, 30.0, level)
        lit = np.array([lamp.apply(frame.copy(), row)[::20, ::20, 0] for row in track[::3]]).astype(float)
        spread[name] = (lit.std(axis=0).mean(), lit.std(axis=(1, 2)).mean())
    assert spread["none"] == (0, 0)
    assert spread["uneven"][0] > 4 * spread["mild"][0] > 0
    assert spread["uneven"][1] > 2 * spread["mild"][1] > 0


def test_light_keeps_local_structure():
    rng = np.random.default_rng(0)
    frame = np.repeat(rng.integers(60, 120, (120, 160, 1), dtype=np.uint8), 3, axis=2)
    row = np.array([0.6, 0.1, 0.0, 0.7, -0.3, 0.1, 0.5])
    lit = Lamp(160, 120).apply(frame.copy(), row)[..., 0].astype(float)
    patch = (slice(50, 66), slice(40, 56))
    assert np.corrcoef(lit[patch].ravel(), frame[..., 0][patch].ravel())[0, 1] > 0.95
    even = Lamp(160, 120).apply(frame.copy(), np.array([1.0, 0, 0, 0, 0, 0, 0.5]))
    np.testing.assert_array_equal(even, frame)
    assert UNIT <= 127
