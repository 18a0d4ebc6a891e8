from __future__ import annotations

import cv2
import numpy as np
import pytest

from mebench.datasets.synth_cde import SynthCde
from mebench.faces.cache import FrameCache
from mebench.faces.clip_inputs import ApexSettings, FaceView, key_frames
from mebench.faces.clip_inputs.spotting import strongest, without_eyes

from .conftest import APEX

WHOLE = {how: FaceView(size=112, crop="whole", apex=how) for how in ("motion", "difference")}


@pytest.fixture(scope="module")
def faces(smiling: np.ndarray) -> np.ndarray:
    """The smile, grey and cropped to 112x112 px."""
    cropped = [cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY)[90:400, 165:475] for frame in smiling]
    return np.stack([cv2.resize(face, (112, 112), interpolation=cv2.INTER_AREA) for face in cropped])


def spotted(faces: np.ndarray, how: str, fps: float = 30.0) -> int:
    return strongest(iter(faces[1:-1]), faces[0], faces[-1], len(faces) - 2, fps, WHOLE[how])


@pytest.mark.parametrize("how", ["motion", "difference"])
def test_the_apex_of_a_still_head_is_found(faces, how):
    assert abs(spotted(faces, how) - APEX) <= 1


@pytest.mark.parametrize("how", ["motion", "difference"])
def test_a_head_that_drifts_and_turns_does_not_win(faces, how):
    """The last frame is further away from the first than any other, and no apex."""
    drifting = np.stack([
        cv2.warpAffine(face, cv2.getRotationMatrix2D((56, 56), 0.25 * i, 1) + [[0, 0, 0.2 * i], [0, 0, 0]], (112, 112),
                       borderMode=cv2.BORDER_REPLICATE)
        for i, face in enumerate(faces)
    ])  # fmt: skip
    assert abs(spotted(drifting, how) - APEX) <= 2


def test_noise_in_one_frame_is_no_apex(faces):
    noisy = faces.copy()
    noisy[2] = np.clip(noisy[2] + np.random.default_rng(0).normal(0, 6, (112, 112)), 0, 255)
    assert spotted(noisy, "difference", fps=100.0) > 3


def test_the_only_frame_between_is_the_apex(faces):
    assert spotted(faces[[0, 3, 12]], "motion") == 1
    with pytest.raises(ValueError, match="between"):
        spotted(faces[:2], "motion")


def test_frames_are_looked_at_one_by_one(faces):
    given = []

    def giving():
        for face in faces[1:-1]:
            given.append(len(given))
            yield face

    assert strongest(giving(), faces[0], faces[-1], len(faces) - 2, 30.0, WHOLE["motion"]) > 1
    assert len(given) == len(faces) - 2


def test_the_eyes_are_left_out_where_the_crop_says_where_they_are():
    view = FaceView(size=112, margin=0.0)
    looked_at = without_eyes(view)
    assert not looked_at[30, 33]
    assert not looked_at[30, 78]
    assert looked_at[12, 33]
    assert looked_at[60, 55]
    assert np.all(without_eyes(FaceView(crop="whole")))
    wide = without_eyes(FaceView(size=112, margin=0.5))
    assert not wide[round((30 + 56) / 2), round((33 + 56) / 2)]


@pytest.mark.slow
@pytest.mark.parametrize("how", ["motion", "difference"])
def test_apexes_of_rendered_clips_are_found_better_than_by_the_middle(tmp_path, how):
    """Heads sway and eyes blink in them; errors are in lengths of the expression."""
    cache = FrameCache(tmp_path)
    errors = {how: [], "middle": []}
    for clip in SynthCde.open(None, {}).clips()[96:149:8]:
        assert clip.apex == 0
        for apex, found in errors.items():
            spotted = key_frames(clip, cache, ApexSettings(apex=apex))
            assert spotted.apex_spotted
            found.append(abs(spotted.apex + 1 - clip.frames.apex) / (spotted.offset - spotted.onset + 1))
    assert np.mean(errors[how]) < 0.1 < np.mean(errors["middle"])
