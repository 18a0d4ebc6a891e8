"""A toy recogniser that looks at apexes, and clips of which the first of each subject has none annotated."""

import dataclasses

import numpy as np

from mebench import ApexSettings, Clip, Dataset, Recogniser, apex_notes, key_frames, setting
from mebench.frames.pixels import ArrayFrames


@dataclasses.dataclass(frozen=True)
class ClipsConfig:
    """Settings of the clips."""

    subjects: int = setting(3, "number of subjects")


class ApexClips(Dataset):
    """Three clips a subject, one of each class, in which a square grows bright and dark again."""

    id = "apex_clips"
    tasks = ("recognition",)
    needs_root = False
    Config = ClipsConfig

    def clips(self):
        return [self._clip(s, k) for s in range(self.config.subjects) for k in range(3)]

    def _clip(self, subject, k):
        frames = np.full((7, 32, 32), 40 + subject, np.uint8)
        for row, level in enumerate((0, 8, 16, 24, 16, 8, 0)):
            frames[row, 8:24, 8 * k : 8 * k + 12] += level
        label = ("negative", "positive", "surprise")[k]
        apex = 0 if k == 0 else 4
        return Clip(self.id, f"s{subject}", f"c{k}", 30.0, ArrayFrames(frames), label, 1, apex, 7)


@dataclasses.dataclass(frozen=True)
class ApexConfig(ApexSettings):
    """Settings of the recogniser, for clips that are crops."""

    crop: str = setting("whole", "what is cut out")


class AtApex(Recogniser):
    """Takes the class whose number follows from the apex."""

    id = "at_apex"
    trains = False
    Config = ApexConfig

    def notes(self, recording):
        return apex_notes(recording, self.config)

    def prepare(self, recording, context):
        key_frames(recording, context.cache, self.config)

    def recognise(self, clip, context):
        apex = key_frames(clip, context.cache, self.config).apex
        return np.eye(len(context.classes))[apex % len(context.classes)]
