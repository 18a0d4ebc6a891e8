"""One plug-in file with a toy clip dataset, a toy recogniser and a toy generator."""

from __future__ import annotations

import dataclasses

import numpy as np

from mebench import Clip, Dataset, Generator, Recogniser, setting

CLASSES = ("negative", "positive", "surprise")


@dataclasses.dataclass(frozen=True)
class Blobs:
    """Frames in which a square grows bright; where it lies depends on the class."""

    count: int
    place: int
    tone: int

    @property
    def digest(self):
        return f"blobs-{self.count}-{self.place}-{self.tone}"

    def __len__(self):
        return self.count

    def read(self, start, stop, *, grey=True):
        frames = np.full((stop - start, 24, 24), self.tone, np.uint8)
        for row, number in enumerate(range(start, stop)):
            frames[row, 8:16, 8 * self.place : 8 * self.place + 8] += 12 * number
        return frames if grey else np.repeat(frames[..., None], 3, axis=-1)


@dataclasses.dataclass(frozen=True)
class ToyConfig:
    """Settings of the toy clips."""

    subjects: int = setting(4, "number of subjects")
    frames: int = setting(6, "frames of a clip", unit="frames")


class ToyClips(Dataset):
    """Three clips a subject, one of each class."""

    id = "toy_clips"
    tasks = ("recognition", "generation")
    needs_root = False
    Config = ToyConfig

    def clips(self):
        return [self._clip(s, k) for s in range(1, self.config.subjects + 1) for k in range(3)]

    def _clip(self, subject, k):
        frames = Blobs(self.config.frames, k, 40 + 5 * subject)
        return Clip(self.id, f"s{subject:02d}", f"c{k}", 30.0, frames, CLASSES[k], 1, self.config.frames, 0)


class ToyRecogniser(Recogniser):
    """Tells the class by the place that the brightest column has in the training clips of each class."""

    id = "toy_recogniser"

    def __init__(self, config):
        super().__init__(config)
        self.places = np.zeros((3, 24), np.float32)

    def fit(self, train, validation, context):
        for number, label in enumerate(context.classes):
            mine = [self._columns(clip) for clip in train if clip.emotion == label]
            self.places[number] = np.mean(mine, axis=0)
            context.log({"class": label, "clips": len(mine)})

    def recognise(self, clip, context):
        likeness = np.exp(-np.abs(self.places - self._columns(clip)).mean(axis=1).astype(np.float64))
        return likeness / likeness.sum()

    def _columns(self, clip):
        change = clip.frames.read(clip.n_frames - 1, clip.n_frames).astype(np.float32) - clip.frames.read(0, 1)
        return change[0].mean(axis=0)

    def state(self):
        return {"places": self.places}

    def load_state(self, state):
        self.places = np.asarray(state["places"])


class ToyGenerator(Generator):
    """Repeats the first frame, brightened by what the training clips gain from frame to frame."""

    id = "toy_generator"

    def __init__(self, config):
        super().__init__(config)
        self.gain = np.zeros((24, 24), np.float32)

    def fit(self, train, validation, context):
        for clip in train:
            frames = clip.frames.read(0, clip.n_frames).astype(np.float32)
            self.gain += np.diff(frames, axis=0).mean(axis=0) / len(train)

    def generate(self, request, context):
        first = request.source.frames.read(0, 1, grey=False).astype(np.float32)[0]
        for number in range(request.n_frames):
            yield np.clip(first + number * self.gain[..., None], 0, 255).round().astype(np.uint8)[None]

    def state(self):
        return {"gain": self.gain}

    def load_state(self, state):
        self.gain = np.asarray(state["gain"])
