"""Long videos in which a third of the frame grows bright in each expression: which one depends on its emotion."""

from __future__ import annotations

import dataclasses

import numpy as np

from mebench import Dataset, Recogniser, setting
from mebench.errors import NoFace
from mebench.schema.recordings import Event, ExpressionType, Video

EMOTIONS = ("disgust", "happiness", "surprise", "sadness", "others")
"""Of the events, in turn; the first three begin the classes negative, positive, surprise, the last has no class."""
PLACE = {"disgust": 0, "sadness": 0, "happiness": 1, "surprise": 2, "others": 1}
LENGTH, GAP = 12, 20


@dataclasses.dataclass(frozen=True)
class Brightening:
    """The frames of a video."""

    tone: int
    events: tuple[Event, ...]
    count: int

    @property
    def digest(self):
        return f"brightening-{self.tone}-{self.count}"

    def __len__(self):
        return self.count

    def read(self, start, stop, *, grey=True):
        frames = np.full((stop - start, 24, 24), self.tone, np.uint8)
        for event in self.events:
            for number in range(max(event.onset, start + 1), min(event.offset, stop) + 1):
                place = 8 * PLACE[event.emotion]
                frames[number - 1 - start, 8:16, place : place + 8] += np.uint8(6 * (number - event.onset))
        return frames if grey else np.repeat(frames[..., None], 3, axis=-1)


@dataclasses.dataclass(frozen=True)
class TalkConfig:
    """Settings of the videos."""

    subjects: int = setting(3, "number of subjects")
    told: bool = setting(True, "whether events are annotated")
    short: bool = setting(False, "whether each video has an event of two frames as well")


class Talks(Dataset):
    """One video a subject, with an event of each emotion."""

    id = "talks"
    needs_root = False
    Config = TalkConfig

    def videos(self):
        return [self._video(number) for number in range(1, self.config.subjects + 1)]

    def _video(self, number):
        onsets = [GAP + (LENGTH + GAP) * k + number for k in range(len(EMOTIONS))]
        events = [
            Event(o, o + LENGTH - 1, ExpressionType.MICRO, o + LENGTH - 1, e)
            for o, e in zip(onsets, EMOTIONS, strict=True)
        ]
        if self.config.short:
            events.insert(0, Event(3, 4, ExpressionType.MICRO, 3, "surprise"))
        count = onsets[-1] + LENGTH + GAP
        frames = Brightening(40 + number, tuple(events), count)
        return Video(self.id, f"s{number}", "v", 30.0, frames, tuple(events) if self.config.told else ())


class MoreTalks(Talks):
    """The same of other people, to learn from."""

    id = "more_talks"


class Place(Recogniser):
    """Tells the class by the place that grows bright, as in the training clips; finds no face in one interval."""

    id = "place"

    def __init__(self, config):
        super().__init__(config)
        self.places = np.zeros((3, 24), np.float32)

    def fit(self, train, validation, context):
        assert {clip.dataset for clip in train} == {"more_talks"}
        assert all((clip.onset, clip.offset) == (1, LENGTH) and clip.apex == LENGTH for clip in train)
        for number, label in enumerate(context.classes):
            self.places[number] = np.mean([self._change(clip) for clip in train if clip.emotion == label], axis=0)

    def recognise(self, clip, context):
        assert (clip.dataset, clip.emotion, clip.apex) == ("talks", "", 0)
        if clip.subject == "s2" and clip.first == 150:
            raise NoFace("No face was found: give another.")
        likeness = np.exp(-np.abs(self.places - self._change(clip)).mean(axis=1).astype(np.float64))
        return likeness / likeness.sum()

    def _change(self, clip):
        ends = [clip.frames.read(i, i + 1)[0].astype(np.float32).mean(axis=0) for i in (0, clip.n_frames - 1)]
        return ends[1] - ends[0]

    def state(self):
        return {"places": self.places}

    def load_state(self, state):
        self.places = np.asarray(state["places"])
