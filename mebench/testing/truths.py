"""Small truths with perfect and with worse predictions, for checks of protocols and metrics."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from mebench.schema.generated import GeneratedClip, GeneratedTable
from mebench.schema.intervals import Intervals
from mebench.schema.recognition import Labels
from mebench.schema.truth import Truth
from mebench.tasks.catalogue import task_of
from mebench.testing import fakes

SUBJECTS = ("p1", "p2", "p3", "p4")


@dataclasses.dataclass(frozen=True)
class Exam:
    """A truth and predictions of three kinds.

    Attributes
    ----------
    truth : of the task.
    perfect, partial, nothing : predictions that are all right, right of some people, and empty.
    """

    truth: Any
    perfect: Any
    partial: Any
    nothing: Any


def exam_of(task: str, classes: Sequence[str] = ()) -> Exam | None:
    """Return the truth and predictions of a task; None where nothing small can be made.

    Parameters
    ----------
    task : its id.
    classes : labels that the protocol tells apart, where it does.
    """
    make = _EXAMS.get(task)
    return None if make is None else make(task, tuple(classes) or fakes.CLASSES)


def _spotting(task: str, classes: Sequence[str]) -> Exam:
    truth: Truth = task_of(task).truth_of(fakes.videos(SUBJECTS, 240))
    events = truth.events.replace(emotion=np.array([classes[i % len(classes)] for i in range(len(truth.events))]))
    truth = dataclasses.replace(truth, events=events)
    perfect = events.replace(score=np.ones(len(events)), apex=np.zeros(len(events)))
    shifted = perfect.select(perfect.subject == SUBJECTS[1])
    shifted = shifted.replace(onset=shifted.onset + 60, offset=shifted.offset + 60)
    partial = Intervals.concat([perfect.select(perfect.subject == SUBJECTS[0]), shifted])
    return Exam(truth, perfect, partial, Intervals.empty())


def _recognition(task: str, classes: Sequence[str]) -> Exam:
    clips = fakes.clips(SUBJECTS, classes)
    keys = tuple(clip.key for clip in clips)
    right = tuple(clip.emotion for clip in clips)
    half = tuple(label if i % 2 else classes[0] for i, label in enumerate(right))
    return Exam(task_of(task).truth_of(clips), Labels(keys, right), Labels(keys, half), Labels((), ()))


def _generation(task: str, classes: Sequence[str]) -> Exam:
    clips = fakes.clips(SUBJECTS)

    def made(error: float) -> GeneratedTable:
        parts: Mapping[str, tuple[float, ...]] = {"psnr": (error, 1e3), "mean_absolute_error": (error, 1e3)}
        return GeneratedTable.of([GeneratedClip(*clip.key, clip.n_frames, parts) for clip in clips])

    return Exam(task_of(task).truth_of(clips), made(0.0), made(4e3), GeneratedTable())


_EXAMS: Mapping[str, Callable[[str, Sequence[str]], Exam]] = {
    "spotting": _spotting,
    "spot_recognise": _spotting,
    "recognition": _recognition,
    "generation": _generation,
}
