"""What recognisers of several labels a clip offer, and the one that says everything."""

from __future__ import annotations

import abc
from collections.abc import Mapping, Sequence

from mebench.methods.base import Method, RunContext
from mebench.schema.recordings import Clip


class LabelSetRecogniser(Method[Clip]):
    """A method that tells which of several labels a clip has; the labels are `context.classes`, in order.

    In training, the emotion of a clip is its set of labels, such as `au1+au4`; `schema.label_sets.as_array` turns it
    into an array. Datasets for recognition serve, as long as the protocol finds labels there.
    """

    task = "label_sets"

    @abc.abstractmethod
    def recognise(self, clip: Clip, context: RunContext) -> Mapping[str, float] | Sequence[float]:
        """Return the probability of each label for a clip whose labels are withheld.

        Returns
        -------
        One number from 0 to 1 for each of `context.classes`, in their order or by name; each is of its own label, so
        they need not add up to 1. A label above one half is said to be there.
        """

    def supports(self, dataset: str, tasks: Sequence[str]) -> str | None:
        """Return why this method cannot run on a dataset, or None when it can; see `Method.supports`."""
        return None if "recognition" in tasks else super().supports(dataset, tasks)


class EveryLabel(LabelSetRecogniser):
    """Says of every clip that it has every label: the constant that meb's tables begin with."""

    id = "every_label"
    trains = False
    reads_frames = False

    def recognise(self, clip: Clip, context: RunContext) -> Sequence[float]:
        """Return 1 for each label."""
        return [1.0] * len(context.classes)
