"""Two recognisers that bound every table: the most frequent class from below, the truth itself from above."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.methods.base import RunContext
from mebench.methods.recognition.base import Recogniser
from mebench.schema.recordings import Clip


class Majority(Recogniser):
    """The most frequent class of the training clips, whatever the clip; the first of equally frequent ones.

    Its probabilities are the shares that the classes have in the training clips. On the classes of MEGC2019, 250, 109
    and 83 clips, it has UF1 .241, UAR .333 and accuracy .566.
    """

    id = "majority"
    is_bound = True
    reads_frames = False

    def __init__(self, config: Any) -> None:
        super().__init__(config)
        self.shares: NDArray[np.float64] | None = None

    def fit(self, train: Sequence[Clip], validation: Sequence[Clip], context: RunContext) -> None:
        """Count the classes of the training clips.

        Raises
        ------
        UserError : when no training clip has a class of the protocol.
        """
        counts = np.array([sum(clip.emotion == label for clip in train) for label in context.classes], np.float64)
        if not counts.sum():
            raise UserError(f"No training clip has one of the classes {', '.join(context.classes)}: check the dataset.")
        self.shares = counts / counts.sum()
        context.log(dict(zip(context.classes, counts.astype(int).tolist(), strict=True)))

    def recognise(self, clip: Clip, context: RunContext) -> list[float]:
        """Return the share of each class.

        Raises
        ------
        UserError : when nothing was learnt before.
        """
        if self.shares is None:
            raise UserError(f"{self.id} has learnt nothing yet: run it on a dataset first.")
        found: list[float] = self.shares.tolist()
        return found

    def state(self) -> dict[str, NDArray[Any]]:
        """Return the share of each class."""
        return {} if self.shares is None else {"shares": self.shares}

    def load_state(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Load what `state` returned."""
        self.shares = np.asarray(state["shares"], np.float64)


class TrueClass(Recogniser):
    """The truth itself: UF1 and UAR are exactly 1, so anything less shows a fault in the run or in the protocol."""

    id = "true_class"
    is_bound = True
    trains = False
    needs_truth = True
    reads_frames = False

    def recognise(self, clip: Clip, context: RunContext) -> dict[str, float]:
        """Return 1 for the clip's own class."""
        return {label: float(label == clip.emotion) for label in context.classes}
