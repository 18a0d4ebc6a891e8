"""The work of recognition: every tested clip gets a class, and a probability of each class."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.methods.base import RunContext
from mebench.methods.recognition.base import Recogniser
from mebench.runs.folds import FoldFolder
from mebench.runs.work.base import Results, Work
from mebench.schema.people import joined
from mebench.schema.recognition import Key, Labels, read_labels, write_labels
from mebench.schema.recordings import Clip

PREDICTIONS = "predictions.csv"
_SLACK = 1e-3


class Recognises(Protocol):
    """What tells the class of a clip: a recogniser, or the part of a method that does."""

    @property
    def id(self) -> str:
        """The method's."""

    def recognise(self, clip: Clip, context: RunContext) -> Mapping[str, float] | Sequence[float]:
        """Return the probability of each class; see `Recogniser`."""


class RecognitionWork(Work[Mapping[str, float]]):
    """Recognise every tested clip."""

    words = "recognise"

    def notes(self, model: Recogniser, recording: Clip) -> tuple[str, ...]:
        """Return what the method says of a clip, such as that its apex was spotted."""
        return model.notes(recording)

    def carry_out(self, model: Recogniser, recording: Clip, context: RunContext) -> Mapping[str, float]:
        """Recognise one clip."""
        return checked_probabilities(model, recording, model.recognise(recording, context), context.classes)

    @contextlib.contextmanager
    def results(self, folder: Path) -> Iterator[Recognised]:
        """Return what keeps the labels, a few numbers a clip."""
        recognised = Recognised()
        yield recognised
        labels = Labels(tuple(recognised.keys), tuple(recognised.emotions), tuple(recognised.probabilities))
        write_labels(labels, folder / PREDICTIONS)

    def kept(self, folder: FoldFolder, classes: Sequence[str]) -> Mapping[tuple[str, ...], Mapping[str, float]]:
        """Return the probabilities of each clip."""
        labels, _ = read_labels(folder.predictions, classes)
        return dict(zip(labels.keys, labels.probabilities, strict=True))


class Recognised(Results[Mapping[str, float]]):
    """The labels of a fold."""

    def __init__(self) -> None:
        self.keys: list[Key] = []
        self.emotions: list[str] = []
        self.probabilities: list[dict[str, float]] = []

    def add(self, recording: Clip, result: Mapping[str, float]) -> None:
        """Take the most probable class, the first of equal ones."""
        self.keys.append(recording.key)
        self.emotions.append(max(result, key=result.__getitem__))
        self.probabilities.append(dict(result))


def checked_probabilities(
    model: Recognises, clip: Clip, given: object, classes: tuple[str, ...]
) -> Mapping[str, float]:
    """Return what a recogniser gave as one number for each class, divided so that they add up to 1.

    Raises
    ------
    UserError : when they are not one probability for each class; the method is at fault.
    """
    values, problem = numbers_given(given, classes, "classes")
    if not problem and not np.isfinite(values).all():
        problem = "probabilities that are not finite"
    elif not problem and ((values < 0).any() or abs(values.sum() - 1) > _SLACK):
        problem = f"probabilities that add up to {values.sum():g}, or are negative,"
    if not problem:
        return dict(zip(classes, (values / values.sum()).tolist(), strict=True))
    raise UserError(f"{model.id} gave {problem} of clip {joined(*clip.key)}: mend its `recognise`.")


def numbers_given(given: object, labels: tuple[str, ...], noun: str) -> tuple[NDArray[np.float64], str]:
    """Return what a recogniser gave, in the order of the labels, and what is wrong with its shape (empty for nothing).

    Parameters
    ----------
    given : one number for each label, in their order or by name; a label that is not named is NaN.
    noun : what the labels are called.
    """
    if isinstance(given, Mapping):
        given = [given.get(label, np.nan) for label in labels] if set(given) <= set(labels) else []
    values = np.asarray(given, np.float64)
    if values.shape == (len(labels),):
        return values, ""
    return values, f"{values.shape[0] if values.ndim == 1 else values.shape} probabilities for {len(labels)} {noun}"
