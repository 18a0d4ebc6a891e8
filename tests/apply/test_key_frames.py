"""Shifted key frames: by how much, in which direction, and what becomes of a recogniser that needs them."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from mebench.apply.key_frames import key_frame_noise, shifted
from mebench.errors import UserError
from mebench.runs.run import run
from mebench.schema.recordings import Clip
from mebench.schema.scorecard import Scorecard

PLUGIN = '''
import dataclasses
import numpy as np
from mebench import Clip, Dataset, Recogniser

@dataclasses.dataclass(frozen=True)
class Flash:
    """One bright frame, whose tone is of the class; the others are black."""
    at: int
    tone: int
    @property
    def digest(self):
        return f"flash-{self.at}-{self.tone}"
    def __len__(self):
        return 40
    def read(self, start, stop, *, grey=True):
        frames = np.zeros((stop - start, 4, 4), np.uint8)
        if start <= self.at - 1 < stop:
            frames[self.at - 1 - start] = self.tone
        return frames if grey else np.repeat(frames[..., None], 3, axis=-1)

class Flashes(Dataset):
    id = "flashes"
    tasks = ("recognition",)
    needs_root = False
    def clips(self):
        names = ("negative", "positive", "surprise")
        return [Clip(self.id, f"s{s}", f"c{k}", 30.0, Flash(20 + s, 50 + 50 * k), names[k], 7, 20 + s, 40)
                for s in range(3) for k in range(3)]

class AtApex(Recogniser):
    """Reads the tone of the apex frame."""
    id = "at_shifted_apex"
    def fit(self, train, validation, context):
        self.tones = np.array([np.mean([self.tone(c) for c in train if c.emotion == name]) for name in context.classes])
    def tone(self, clip):
        return float(clip.frames.read(clip.apex - 1, clip.apex).mean())
    def recognise(self, clip, context):
        assert not clip.emotion
        near = -abs(self.tones - self.tone(clip))
        return np.exp(near) / np.exp(near).sum()
    def state(self):
        return {"tones": self.tones}
    def load_state(self, state):
        self.tones = np.asarray(state["tones"])
'''


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A finished run of a method that looks at the apex alone."""
    where = tmp_path_factory.mktemp("shifted")
    (where / "flashes.py").write_text(PLUGIN)
    plugins = [where / "flashes.py"]
    return run(
        "at_shifted_apex", ["flashes"], executor="inline", plugins=plugins, cache=where / "c", out=where / "r"
    ).folder


def test_without_a_shift_the_score_is_that_of_the_run_and_with_one_it_falls(folder):
    found = key_frame_noise(folder, (0, 1, 5), draws=2, cache=folder.parent / "c")
    card = Scorecard.read(folder / "scorecard.json")
    assert (found.metric, found.scope, found.clips) == ("uf1", "full", 9)
    assert found.scores[0].tolist() == [card.score("uf1", "full").value] * 2 == [1.0, 1.0]
    # The frame beside the flash is black, which is nearest to the darkest class: one class right of three.
    assert found.scores[1:] == pytest.approx((1 / 2) / 3)
    assert not found.held.any()


def test_what_cannot_be_is_refused(folder, tmp_path):
    for bad in ((), (-1,)):
        with pytest.raises(UserError, match="give --shifts 0,1,2"):
            key_frame_noise(folder, bad)
    with pytest.raises(UserError, match="nowhere"):
        key_frame_noise(tmp_path / "nowhere")


def test_a_run_of_a_spotter_is_refused(tmp_path):
    from tests.runs import fake_plugin

    options = {
        "executor": "inline",
        "plugins": [Path(fake_plugin.__file__)],
        "cache": tmp_path / "c",
        "out": tmp_path / "r",
    }
    result = run("idle", ["fake_lv:subjects=1,videos=1"], **options)
    with pytest.raises(UserError, match="idle recognises no clips"):
        key_frame_noise(result.folder, cache=tmp_path / "c")


CLIP = Clip("d", "s", "c", 30.0, range(40), "fear", 15, 25, 40)


def moved(k, seed=0, **more):
    return shifted(dataclasses.replace(CLIP, **more), k, [seed])


@pytest.mark.parametrize("k", [1, 3, 4])
def test_both_key_frames_move_by_exactly_k(k):
    for seed in range(20):
        clip, whole = moved(k, seed)
        assert (abs(clip.onset - 15), abs(clip.apex - 25), whole) == (k, k, True)
        assert (clip.offset, clip.emotion) == (40, "fear")


def test_directions_differ_between_draws_and_not_between_shifts():
    found = {np.sign([moved(2, seed)[0].onset - 15, moved(2, seed)[0].apex - 25]).tobytes() for seed in range(40)}
    assert len(found) == 4
    for seed in range(10):
        near, far = moved(1, seed)[0], moved(4, seed)[0]
        assert (far.onset - 15, far.apex - 25) == (4 * (near.onset - 15), 4 * (near.apex - 25))


def test_nothing_leaves_the_clip_and_the_order_is_kept():
    held = 0
    for seed in range(40):
        clip, whole = moved(12, seed, onset=5, apex=8)
        held += not whole
        assert 1 <= clip.onset < clip.apex <= 40
    assert 0 < held < 40


def test_what_is_not_annotated_is_not_moved():
    clip, whole = moved(3, onset=0)
    assert (clip.onset, abs(clip.apex - 25), whole) == (0, 3, True)
    clip, whole = moved(3, apex=0)
    assert (abs(clip.onset - 15), clip.apex, whole) == (3, 0, True)
    assert moved(0) == (CLIP, True)
