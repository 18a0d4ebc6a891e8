"""The work of several labels a clip: every tested clip gets a probability of each, and the labels above one half."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from mebench.errors import UserError
from mebench.methods.base import RunContext
from mebench.methods.recognition.label_sets import LabelSetRecogniser
from mebench.runs.work.base import Work
from mebench.runs.work.recognition import PREDICTIONS, Recognised, numbers_given
from mebench.schema.label_sets import spelled
from mebench.schema.people import joined
from mebench.schema.recognition import Labels, write_labels
from mebench.schema.recordings import Clip

THRESHOLD = 0.5
"""A label is there when its probability is above (meb cuts logits at 0)."""


class LabelSetWork(Work[Mapping[str, float]]):
    """Recognise the labels of every tested clip."""

    words = "recognise"

    def carry_out(self, model: LabelSetRecogniser, recording: Clip, context: RunContext) -> Mapping[str, float]:
        """Recognise one clip."""
        return checked_labels(model, recording, model.recognise(recording, context), context.classes)

    @contextlib.contextmanager
    def results(self, folder: Path) -> Iterator[Recognised]:
        """Return what keeps the labels, a few numbers a clip."""
        found = LabelsFound()
        yield found
        labels = Labels(tuple(found.keys), tuple(found.emotions), tuple(found.probabilities))
        write_labels(labels, folder / PREDICTIONS)


class LabelsFound(Recognised):
    """The labels of a fold."""

    def add(self, recording: Clip, result: Mapping[str, float]) -> None:
        """Take the labels above the threshold."""
        self.keys.append(recording.key)
        self.emotions.append(spelled((label for label, p in result.items() if p > THRESHOLD), tuple(result)))
        self.probabilities.append(dict(result))


def checked_labels(
    model: LabelSetRecogniser, clip: Clip, given: object, classes: tuple[str, ...]
) -> Mapping[str, float]:
    """Return what a recogniser gave as one number for each label.

    Raises
    ------
    UserError : when they are not one probability for each label; the method is at fault.
    """
    values, problem = numbers_given(given, classes, "labels")
    if not problem and not ((values >= 0) & (values <= 1)).all():
        problem = "probabilities that are not from 0 to 1"
    if not problem:
        return dict(zip(classes, values.tolist(), strict=True))
    raise UserError(f"{model.id} gave {problem} of clip {joined(*clip.key)}: mend its `recognise`.")
