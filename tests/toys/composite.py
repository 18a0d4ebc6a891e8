"""One plug-in file with a dataset of several databases, a dataset of one of them, and recognisers that learn little."""

from __future__ import annotations

import dataclasses

import numpy as np

from mebench import Clip, Dataset, Recogniser, setting
from mebench.methods.stages import StageSettings, stages

CLASSES = ("negative", "positive", "surprise")
COUNTS = {"casme2": ((88, 32, 25), 24), "samm": ((92, 26, 15), 28), "smic": ((70, 51, 43), 16)}
"""Clips of each class, and people, of the official composite."""


@dataclasses.dataclass(frozen=True)
class Tone:
    """One grey frame of 4 x 4 pixels, whose tone depends on the class."""

    tone: int

    @property
    def digest(self):
        return f"tone-{self.tone}"

    def __len__(self):
        return 1

    def read(self, start, stop, *, grey=True):
        shape = (stop - start, 4, 4) if grey else (stop - start, 4, 4, 3)
        return np.full(shape, self.tone, np.uint8)


@dataclasses.dataclass(frozen=True)
class ToyConfig:
    """Settings of the toy composite."""

    share: int = setting(1, "one of how many clips is there")


class ToyComposite(Dataset):
    """Clips in the numbers of the official composite; people of different databases have equal names."""

    id = "toy_composite"
    tasks = ("recognition",)
    needs_root = False
    Config = ToyConfig
    databases = tuple(COUNTS)

    def clips(self):
        return [clip for database in self.databases for clip in self._clips(database)]

    def _clips(self, database):
        counts, people = COUNTS[database]
        labels = [k for k, n in enumerate(counts) for _ in range(n)]
        kept = [(i, k) for i, k in enumerate(labels) if i % self.config.share == 0]
        return [self._clip(database, f"s{i % people:02d}", f"c{i:03d}", CLASSES[k]) for i, k in kept]

    def _clip(self, database, subject, id, label):
        frames = Tone(40 * CLASSES.index(label) + 60)
        return Clip(self.id, subject, id, 30.0, frames, label, 1, 1, 1, database=database)


class ToySmic(ToyComposite):
    """The clips of one of its databases, under the names of all emotions."""

    id = "toy_smic"
    databases = ("smic",)

    def _clip(self, database, subject, id, label):
        clip = super()._clip(database, subject, id, label)
        return dataclasses.replace(clip, emotion={"positive": "happiness", "negative": "fear"}.get(label, label))


class ToyMost(Recogniser):
    """The most frequent class of what it has learnt from, and a line about whom that was."""

    id = "toy_most"

    def __init__(self, config):
        super().__init__(config)
        self.counts = np.zeros(len(CLASSES))

    def fit(self, train, validation, context):
        self.counts = np.array([sum(clip.emotion == label for clip in train) for label in context.classes], float)
        databases = sorted({clip.person.dataset for clip in train})
        context.log({"databases": databases, "people": len({clip.person for clip in train}), "clips": len(train)})

    def recognise(self, clip, context):
        return (self.counts + 1) / (self.counts + 1).sum()

    def state(self):
        return {"counts": self.counts}

    def load_state(self, state):
        self.counts = np.asarray(state["counts"])


@dataclasses.dataclass(frozen=True)
class StagedConfig(StageSettings):
    """Settings of the staged toy."""

    epochs: int = setting(3, "how often it changes its mind")
    legacy: bool = setting(False, "keep the epoch that was best on the tested clips")


class ToyStaged(ToyMost):
    """Logs what each stage learns from; in epoch n it says the n-th class, and the last epoch is kept."""

    id = "toy_staged"
    Config = StagedConfig

    def tuned_on_test(self):
        return "the epoch was chosen on the tested clips" if self.config.legacy else ""

    def fit(self, train, validation, context):
        for stage in stages(train, context, self.config):
            people = sorted({str(clip.person) for clip in stage.recordings})
            sources = sorted({context.source_of(clip) for clip in stage.recordings})
            context.log({"people": people, "sources": sources, "classes": stage.classes})
        right = [
            sum(clip.emotion == context.classes[epoch] for clip in context.scored)
            for epoch in range(self.config.epochs)
        ]
        best = int(np.argmax(right)) if self.config.legacy else self.config.epochs - 1
        self.counts = np.where(np.arange(len(context.classes)) == best, 100.0, 0.0)
        context.log({"scored": len(context.scored), "kept": best})
