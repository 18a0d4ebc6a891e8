"""A tiny dataset and three spotters for the tests of runs: fast, seeded, no torch, no cache.

`fake_lv` has settings for its size; `learner` trains in small steps that take `nap` seconds each, logs, and misbehaves on
demand; `idle` does not train.
"""

from __future__ import annotations

import dataclasses
import os
import time
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mebench.datasets.base import Dataset
from mebench.errors import UserError
from mebench.methods.base import RunContext
from mebench.methods.spotting.base import SpottedInterval, Spotter, Spotting
from mebench.schema.recordings import Event, ExpressionType, Video
from mebench.settings import setting


@dataclasses.dataclass(frozen=True)
class BlankFrames:
    count: int
    digest: str = "blank"

    def __len__(self) -> int:
        return self.count

    def read(self, start: int, stop: int, *, grey: bool = True) -> np.ndarray:
        return np.full((stop - start, 8, 8) if grey else (stop - start, 8, 8, 3), 7, np.uint8)


@dataclasses.dataclass(frozen=True)
class FakeConfig:
    subjects: int = setting(5, "number of subjects")
    videos: int = setting(2, "videos per subject")


class FakeLV(Dataset):
    """Blank videos with one macro- and one micro-expression each; the last video of a subject has none."""

    id = "fake_lv"
    summary = "blank videos"
    needs_root = False
    Config = FakeConfig

    def videos(self) -> Sequence[Video]:
        return [self._video(s, v) for s in range(1, self.config.subjects + 1) for v in range(1, self.config.videos + 1)]

    def _video(self, subject: int, number: int) -> Video:
        onset = 10 + 3 * subject + number
        events = (Event(onset, onset + 40, ExpressionType.MACRO), Event(onset + 100, onset + 109, ExpressionType.MICRO))
        if number == self.config.videos and number > 1:
            events = ()
        return Video(self.id, f"s{subject:02d}", f"v{number}", 30.0, BlankFrames(200 + 10 * subject + number), events)


class FakeLV2(FakeLV):
    id = "fake_lv2"
    summary = "more blank videos"


@dataclasses.dataclass(frozen=True)
class LearnerConfig:
    nap: float = setting(0.0, "pause of each step", unit="s", source="nobody")
    steps: int = setting(4, "steps of training")
    fail: str = setting("", "subject whose validation goes wrong")
    how: str = setting("nan", "nan, crash, bug, full, scores or memory")
    unprepared: str = setting("", "subject whose videos cannot be prepared")


class Learner(Spotter):
    """Learns the mean place of macro-expressions, with noise from the fold's own random stream."""

    id = "learner"
    summary = "learns where expressions are"
    looks_at_faces = False
    paper = "doi:10.0/none"
    Config = LearnerConfig
    presets: Mapping[str, Mapping[str, Any]] = {"fake_lv": {"steps": 3}}

    def __init__(self, config: LearnerConfig) -> None:
        super().__init__(config)
        self.weights = np.zeros(3)

    def prepare(self, video: Video, context: RunContext) -> None:
        time.sleep(self.config.nap)
        assert not video.events
        if video.subject == self.config.unprepared:
            raise UserError("No face was found: give another video.")
        context.progress("prepare", 1, 1)

    def fit(self, train: Sequence[Video], validation: Sequence[Video], context: RunContext) -> None:
        subject = validation[0].subject
        rng = context.rng("fit", subject)
        events = [e for v in train for e in v.events if e.type == "macro"]
        for step in range(self.config.steps):
            context.progress("train", step, self.config.steps)
            time.sleep(self.config.nap)
            self.weights = np.array([np.mean([e.onset for e in events]), rng.normal(), np.random.normal()])  # noqa: NPY002
            context.log({"step": step, "weights": self.weights})
            if subject == self.config.fail:
                misbehave(self.config.how)

    def spot(self, video: Video, context: RunContext) -> Spotting:
        assert not video.events, "the truth of a test video has leaked"
        scores = np.zeros((video.n_frames, 2), np.float32)
        onset = int(self.weights[0])
        scores[onset - 1 : onset + 40, 1] = 1 + self.weights[1]
        if self.config.how == "scores" and video.subject == self.config.fail:
            scores[3, 0] = np.nan
        interval = SpottedInterval(onset, onset + 40, ExpressionType.MACRO, float(1 + self.weights[2]))
        return Spotting((interval,), scores)

    def state(self) -> dict[str, np.ndarray]:
        return {"weights": self.weights}

    def load_state(self, state: Mapping[str, np.ndarray]) -> None:
        self.weights = np.asarray(state["weights"])


def misbehave(how: str) -> None:
    """Fail the way the test asks for."""
    if how == "nan":
        raise UserError("The loss is not a number: lower the learning rate.")
    if how == "crash":
        os.kill(os.getpid(), 9)
    if how == "bug":
        raise ZeroDivisionError("one over nothing")
    if how == "full":
        raise OSError(28, "No space left on device", "somewhere")
    if how == "memory":
        raise MemoryError


class Idle(Spotter):
    """Finds nothing."""

    id = "idle"
    summary = "finds nothing"
    trains = False
    looks_at_faces = False

    def fit(self, train: Sequence[Video], validation: Sequence[Video], context: RunContext) -> None:
        raise AssertionError("a method that does not train was trained")

    def spot(self, video: Video, context: RunContext) -> Spotting:
        return Spotting((), np.zeros((video.n_frames, 2), np.float32))


class Picky(Idle):
    """Cannot take any dataset."""

    id = "picky"

    def supports(self, dataset: str, tasks: Sequence[str]) -> str | None:
        return f"{dataset} has no sound"
