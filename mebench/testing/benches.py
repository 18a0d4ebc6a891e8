"""What a method of a task is tried on, and what its answers are made of."""

from __future__ import annotations

import abc
import dataclasses
import hashlib
import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from mebench.methods.base import Method, RunContext
from mebench.methods.generation.base import Request
from mebench.methods.spotting.base import SpottedInterval, Spotting
from mebench.runs.work.base import work_of
from mebench.runs.work.generation import FirstFrames, checked_frames
from mebench.schema.recordings import ExpressionType
from mebench.testing import fakes
from mebench.testing.frames import Reads

TRAINING, TESTED = ("p1", "p2", "p3"), ("p6", "p7")
VALIDATION = ("p4", "p5")
TRAINING_FRAMES, TESTED_FRAMES = 600, 240
LONG = (700, 1400)
"""Frames of the two recordings between which memory may not grow."""


class Bench(abc.ABC):
    """The recordings of one task."""

    def recordings(self, subjects: Sequence[str], n_frames: int, reads: Reads) -> tuple[Any, ...]:
        """Return recordings of some subjects."""
        return fakes.clips(subjects, reads=reads)

    def long(self, n_frames: int, reads: Reads) -> Any:
        """Return one recording of a given length, or None where length is of no consequence."""
        return None

    @abc.abstractmethod
    def answer(self, model: Any, recording: Any, context: RunContext) -> str:
        """Return the digest of what a method says of a recording.

        Raises
        ------
        UserError : when shapes or ranges are wrong.
        """


class SpottingBench(Bench):
    """Videos with two expressions each."""

    def recordings(self, subjects: Sequence[str], n_frames: int, reads: Reads) -> tuple[Any, ...]:
        """Return a video of each subject."""
        return fakes.videos(subjects, n_frames, reads)

    def long(self, n_frames: int, reads: Reads) -> Any:
        """Return a long video."""
        return fakes.video("p8", f"long{n_frames}", n_frames, reads)

    def answer(self, model: Any, recording: Any, context: RunContext) -> str:
        """Return the digest of intervals, scores and raw scores."""
        found: Spotting = work_of("spotting").carry_out(model, recording, context)
        if problem := _unusual(found):
            raise ValueError(f"{problem}, see `SpottedInterval`")
        hashed = hashlib.sha256(np.ascontiguousarray(found.scores).tobytes())
        for interval in found.intervals:
            hashed.update(repr(dataclasses.astuple(interval)).encode())
        if found.raw is not None:
            hashed.update(np.ascontiguousarray(found.raw).tobytes() + repr(found.raw_thresholds).encode())
        return hashed.hexdigest()


def _unusual(found: Spotting) -> str:
    """Return what is wrong with intervals beyond what a run refuses."""
    intervals = list(found.intervals)
    if wrong := [i for i in intervals if not isinstance(i, SpottedInterval)]:
        return f"`spot` returned {type(wrong[0]).__name__} among the intervals"
    if any(not isinstance(i.type, ExpressionType) for i in intervals):
        return "an interval has a type that is no ExpressionType"
    if any(type(i.onset) is not int or type(i.offset) is not int for i in intervals):
        return "an interval has frame numbers that are no int"
    if not np.isfinite([i.score for i in intervals]).all():
        return "an interval has a score that is not finite"
    if [i.onset for i in intervals] != sorted(i.onset for i in intervals):
        return "the intervals are not sorted by onset"
    return ""


class SpotRecogniseBench(SpottingBench):
    """The same videos, whose expressions have emotions."""

    def answer(self, model: Any, recording: Any, context: RunContext) -> str:
        """Return the digest of intervals and scores, and of the emotions."""
        found = work_of("spot_recognise").carry_out(model, recording, context)
        return hashlib.sha256((super().answer(model, recording, context) + repr(found.emotions)).encode()).hexdigest()


class RecognitionBench(Bench):
    """Clips of three classes."""

    task = "recognition"

    def answer(self, model: Any, recording: Any, context: RunContext) -> str:
        """Return the digest of the probabilities."""
        found = work_of(self.task).carry_out(model, recording, context)
        return hashlib.sha256(json.dumps(found).encode()).hexdigest()


class LabelSetsBench(RecognitionBench):
    """Clips with one of three labels each."""

    task = "label_sets"


class GenerationBench(Bench):
    """Clips that are made from their first frame."""

    def long(self, n_frames: int, reads: Reads) -> Any:
        """Return a long clip."""
        return fakes.clip("p8", f"long{n_frames}", "positive", n_frames, reads)

    def answer(self, model: Any, recording: Any, context: RunContext) -> str:
        """Return the digest of the frames."""
        first = FirstFrames(recording).clip()
        first = dataclasses.replace(first, emotion=recording.emotion, action_units=recording.action_units)
        made = model.generate(Request(first, 1, recording.n_frames), context)
        hashed = hashlib.sha256()
        for chunk in checked_frames(model, recording, iter(made)):
            hashed.update(np.ascontiguousarray(chunk).tobytes())
        return hashed.hexdigest()


BENCHES: dict[str, type[Bench]] = {
    "spotting": SpottingBench,
    "spot_recognise": SpotRecogniseBench,
    "recognition": RecognitionBench,
    "label_sets": LabelSetsBench,
    "generation": GenerationBench,
}
"""Benches by task."""


def fit(
    model: Method[Any],
    bench: Bench,
    context: RunContext,
    reads: Reads,
    n_frames: int = TRAINING_FRAMES,
    people: Sequence[str] = TRAINING,
) -> Method[Any]:
    """Let a method learn from people, the way a run does, and return what was learnt."""
    if not model.trains:
        return model
    train = bench.recordings(people, n_frames, reads)
    first, second = (bench.recordings([subject], n_frames, reads) for subject in VALIDATION)
    for recording in (*train, *first, *second):
        model.prepare(recording.without_truth(), context)
    if model.validation == "pair" and type(model).fit_pair is not Method.fit_pair:
        return model.fit_pair(train, first, second, context)[0]
    model.fit(train, () if model.validation == "none" else first, context)
    return model
