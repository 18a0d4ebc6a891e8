"""Small truths with perfect and with worse predictions, for checks of protocols and metrics."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from mebench.metrics.questions import COARSE_CLASSES
from mebench.schema.answers import Answer, Answers
from mebench.schema.clips import ClipTable
from mebench.schema.generated import GeneratedClip, GeneratedTable
from mebench.schema.intervals import Intervals
from mebench.schema.people import joined
from mebench.schema.ratings import Item, RatedItems, Rating, Scale
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
    people : everybody in it, the way a card names them.
    perfect, partial, worst : predictions that are all right, right in part, and empty, or as bad as can be.
    """

    truth: Any
    people: frozenset[str]
    perfect: Any
    partial: Any
    worst: Any


def exam_of(task: str, classes: Sequence[str] = ()) -> Exam | None:
    """Return the truth and predictions of a task; None where nothing small can be made.

    Parameters
    ----------
    task : its id, or `RATINGS` for generation that is rated.
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
    return Exam(truth, frozenset(truth.videos.subjects()), perfect, partial, Intervals.empty())


def _recognition(task: str, classes: Sequence[str]) -> Exam:
    clips = fakes.clips(SUBJECTS, classes)
    keys = tuple(clip.key for clip in clips)
    right = tuple(clip.emotion for clip in clips)
    half = tuple(label if i % 2 else classes[0] for i, label in enumerate(right))
    truth: ClipTable = task_of(task).truth_of(clips)
    return Exam(truth, frozenset(truth.subjects()), Labels(keys, right), Labels(keys, half), Labels((), ()))


def _generation(task: str, classes: Sequence[str]) -> Exam:
    clips = fakes.clips(SUBJECTS)

    def made(error: float) -> GeneratedTable:
        parts: Mapping[str, tuple[float, ...]] = {"psnr": (error, 1e3), "mean_absolute_error": (error, 1e3)}
        return GeneratedTable.of([GeneratedClip(*clip.key, clip.n_frames, parts) for clip in clips])

    truth: ClipTable = task_of(task).truth_of(clips)
    return Exam(truth, frozenset(truth.subjects()), made(0.0), made(4e3), GeneratedTable())


def _ratings(task: str, classes: Sequence[str]) -> Exam:
    items = tuple(Item(fakes.DATASET, f"c{i}", subject) for i, subject in enumerate(SUBJECTS))

    def given(low: float) -> tuple[Rating, ...]:
        pairs = [(coder, number, item) for coder in ("a", "b") for number, item in enumerate(items)]
        return tuple(Rating(coder, item.database, item.item, low + number % 2) for coder, number, item in pairs)

    people = frozenset(joined(item.database, item.subject) for item in items)
    return Exam(RatedItems(items, Scale(1, 5), 2, fakes.DATASET), people, given(4), given(3), given(1))


def _questions(task: str, classes: Sequence[str]) -> Exam:
    asked = [(subject, label, question) for subject in SUBJECTS for label in COARSE_CLASSES for question in _WORDINGS]

    def answers(wrong: str) -> Answers:
        given = [
            (f"{s}_{label}", question, label if s in SUBJECTS[:2] or not wrong else wrong, s)
            for s, label, question in asked
        ]
        return Answers(
            tuple(Answer(id, id, question, answer, "", s) for id, question, answer, s in given), fakes.DATASET
        )

    truth = answers("")
    return Exam(truth, frozenset(row.person for row in truth.rows), truth, answers("positive"), Answers(()))


_WORDINGS = ("What is the coarse expression class?", "What is the fine-grained expression class?")

RATINGS = "ratings"
"""What `exam_of` is asked for a truth of ratings; those of the task generation alone are of likeness."""

_EXAMS: Mapping[str, Callable[[str, Sequence[str]], Exam]] = {
    "spotting": _spotting,
    "spot_recognise": _spotting,
    "recognition": _recognition,
    "label_sets": _recognition,  # a class alone is a set of labels
    "generation": _generation,
    "questions": _questions,
    RATINGS: _ratings,
}
