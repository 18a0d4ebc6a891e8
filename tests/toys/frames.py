"""One plug-in file with stills, clips, and two methods that say something of every frame: its grey level."""

from __future__ import annotations

import dataclasses

import numpy as np

from mebench import Clip, Dataset
from mebench.methods.recognition.frame_recogniser import FrameRecogniser
from mebench.methods.recognition.video_label import label_of_frames, label_of_outputs

DARK, BRIGHT = 20.0, 220.0


@dataclasses.dataclass(frozen=True)
class Greys:
    """Frames that are of one grey level each, 0 to 240 in place of 0 to 1."""

    levels: tuple[float, ...]

    @property
    def digest(self):
        return f"greys-{self.levels}"

    def __len__(self):
        return len(self.levels)

    def read(self, start, stop, *, grey=True):
        frames = np.stack([np.full((4, 4), round(240 * level), np.uint8) for level in self.levels[start:stop]])
        return frames if grey else np.repeat(frames[..., None], 3, axis=-1)


class GreyStills(Dataset):
    """Stills to learn from."""

    id = "grey_stills"
    tasks = ("recognition",)
    needs_root = False

    def clips(self):
        names = {"anger": 0.0, "neutral": 0.5, "happiness": 1.0}
        return [
            Clip(self.id, f"s{s}", f"{name}{s}", 30.0, Greys((level,)), name, 1, 1, 1)
            for s in range(3)
            for name, level in names.items()
        ]


class GreyClips(Dataset):
    """A negative and a positive clip of two people, coded from 3 to 6, and one that nobody has coded."""

    id = "grey_clips"
    tasks = ("recognition",)
    needs_root = False

    def clips(self):
        rising = (0.5, 0.6, 0.7, 0.9, 0.9, 0.8, 0.8, 0.5)
        falling = tuple(1 - level for level in rising)
        return [
            Clip(self.id, "p1", "up", 10.0, Greys(rising), "happiness", 3, 4, 6),
            Clip(self.id, "p1", "never", 10.0, Greys((0.5,) * 8), "anger"),
            Clip(self.id, "p2", "down", 10.0, Greys(falling), "anger", 3, 4, 6),
        ]


class GreyRegression(FrameRecogniser):
    """Says the grey level."""

    id = "grey_regression"

    def prepare(self, clip, context):
        assert context.only_learnt_from(clip) == (clip.dataset == "grey_stills")

    def fit(self, train, validation, context):
        assert all(clip.n_frames == 1 for clip in train)

    def frame_outputs(self, clip, context):
        assert not clip.emotion
        return clip.frames.read(0, clip.n_frames).mean(axis=(1, 2)) / 240

    def recognise(self, clip, context):
        return label_of_outputs(self.frame_outputs(clip, context))


class GreyClassification(GreyRegression):
    """Says positive of bright frames alone, negative of dark ones, and else neutral."""

    id = "grey_classification"

    def frame_outputs(self, clip, context):
        levels = super().frame_outputs(clip, context)
        return np.eye(3)[np.where(levels > 0.85, 2, np.where(levels < 0.15, 0, 1))]

    def recognise(self, clip, context):
        return label_of_frames(self.frame_outputs(clip, context))
