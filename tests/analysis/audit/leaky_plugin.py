"""A dataset and a recogniser with one leak each, where a setting asks for it."""

from __future__ import annotations

import dataclasses

import numpy as np

from mebench import Clip, Dataset, Recogniser, setting

CLASSES = ("negative", "positive", "surprise")
SIDE = 64


@dataclasses.dataclass(frozen=True)
class Texture:
    """A person's own texture in which a square grows bright at a place of its class; perhaps mirrored or brighter."""

    person: int
    place: int
    mirrored: bool = False
    more: int = 0

    @property
    def digest(self):
        return f"texture-{dataclasses.astuple(self)}"

    def __len__(self):
        return 9

    def read(self, start, stop, *, grey=True):
        coarse = np.random.default_rng(self.person).integers(40, 160, (8, 8), dtype=np.uint8)
        frames = np.repeat(np.repeat(coarse, 8, 0), 8, 1)[None].repeat(stop - start, 0) + np.uint8(self.more)
        for row, number in enumerate(range(start, stop)):
            frames[row, 24:40, 4 + 20 * self.place : 20 + 20 * self.place] += np.uint8(10 * number)
        frames = frames[..., ::-1] if self.mirrored else frames
        return frames if grey else np.repeat(frames[..., None], 3, axis=-1)


@dataclasses.dataclass(frozen=True)
class LeakyConfig:
    leak: str = setting("none", "none, twin, two_ids or mirrored")


class LeakyClips(Dataset):
    """Three clips each of four people."""

    id = "leaky_clips"
    summary = "clips with a leak"
    tasks = ("recognition",)
    needs_root = False
    Config = LeakyConfig

    def clips(self):
        found = [self._clip(f"s{n}", f"c{k}", Texture(n, k), k) for n in range(1, 5) for k in range(3)]
        if self.config.leak == "twin":  # the same face, a little brighter, under another name
            found.append(self._clip("x7", "c0", Texture(2, 0, more=1), 0))
        if self.config.leak == "two_ids":
            found.append(self._clip("S02", "c0", Texture(99, 0), 0))
        if self.config.leak == "mirrored":
            found.append(self._clip("s2", "c9", Texture(2, 0, mirrored=True), 0))
        return sorted(found, key=lambda clip: clip.key)

    def _clip(self, subject, name, frames, number):
        return Clip(self.id, subject, name, 30.0, frames, CLASSES[number], 1, 9, 9)


@dataclasses.dataclass(frozen=True)
class LearnerConfig:
    leak: str = setting("none", "none, statistics, chance, log or paper")


class LeakyLearner(Recogniser):
    """Tells the class by the column that brightens most, as the mean training clip of each class has it."""

    id = "leaky_learner"
    summary = "a recogniser with a leak"
    Config = LearnerConfig

    def __init__(self, config):
        super().__init__(config)
        self.means = np.zeros((3, SIDE))
        self.seen = []

    def tuned_on_test(self):
        return "its threshold was chosen on the tested clips" if self.config.leak == "paper" else ""

    def fit(self, train, validation, context):
        for number, label in enumerate(context.classes):
            self.means[number] = np.mean([self._columns(c) for c in train if c.emotion == label], axis=0)
        context.log({"epoch": 1, "loss": 0.5, "latest": 1})
        if self.config.leak == "log":
            context.log({"epoch": 1, "test_uf1": 0.9})

    def recognise(self, clip, context):
        columns = self._columns(clip)
        if self.config.leak == "chance" and np.random.default_rng(context.seed).random() < 0.5:
            columns = columns[::-1]
        if self.config.leak == "statistics":
            self.seen.append(columns)
            columns = columns - np.mean(self.seen, axis=0)
        likeness = np.exp(-np.abs(self.means - columns).mean(axis=1) / 4)
        return likeness / likeness.sum()

    def _columns(self, clip):
        first, last = (clip.frames.read(i, i + 1)[0].astype(float) for i in (0, clip.n_frames - 1))
        return (last - first).mean(axis=0)

    def state(self):
        return {"means": self.means}

    def load_state(self, state):
        self.means = np.asarray(state["means"])
