"""What every recogniser offers."""

from __future__ import annotations

import abc
from collections.abc import Mapping, Sequence

from mebench.methods.base import Method, RunContext
from mebench.schema.recordings import Clip


class Recogniser(Method[Clip]):
    """A method that tells the class of a clip; the classes are `context.classes`, in order."""

    task = "recognition"

    @abc.abstractmethod
    def recognise(self, clip: Clip, context: RunContext) -> Mapping[str, float] | Sequence[float]:
        """Return the probability of each class for a clip whose emotion is withheld.

        Returns
        -------
        One number from 0 to 1 for each of `context.classes`, in their order or by name; they add up to 1. The most
        probable class, the first of equal ones, is the prediction.
        """
