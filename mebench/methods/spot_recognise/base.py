"""What every method offers that spots expressions and tells their emotions."""

from __future__ import annotations

import abc
from collections.abc import Mapping, Sequence
from typing import Any

from mebench.methods.base import RunContext
from mebench.methods.spotting.base import Spotter
from mebench.schema.recordings import Clip


class SpotRecogniser(Spotter):
    """A spotter that also tells the class of what it has spotted; the classes are `context.classes`, in order.

    A run spots each video, keeps what lies in frames with a face, and hands each interval as a clip to `recognise`.

    Attributes
    ----------
    learns_to_spot : whether spotting learns; where it does not, videos that are only learnt from are not prepared.
    """

    task = "spot_recognise"

    def __init__(self, config: Any) -> None:
        super().__init__(config)
        self.learns_to_spot = True

    @abc.abstractmethod
    def recognise(self, clip: Clip, context: RunContext) -> Mapping[str, float] | Sequence[float]:
        """Return the probability of each class for an interval that was cut out as a clip; see `Recogniser`."""
