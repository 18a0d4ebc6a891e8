"""What every generator offers, and what it is asked for."""

from __future__ import annotations

import abc
import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mebench.methods.base import Method, RunContext
from mebench.schema.recordings import Clip


@dataclasses.dataclass(frozen=True)
class Request:
    """One clip to be made.

    Attributes
    ----------
    source : the clip that is to be come near to, its truth withheld; a generator may read its first frames only.
    first_frames : how many of the source's frames may be read.
    n_frames : how many frames are wanted.
    target : label of the expression that is wanted, empty where the protocol names none.
    more : what else the protocol gives, such as a sequence of action units.
    """

    source: Clip
    first_frames: int
    n_frames: int
    target: str = ""
    more: Mapping[str, Any] = dataclasses.field(default_factory=dict)


class Generator(Method[Clip]):
    """A method that makes the frames of an expression."""

    task = "generation"

    @abc.abstractmethod
    def generate(self, request: Request, context: RunContext) -> Iterable[NDArray[np.uint8]]:
        """Yield chunks of frames, uint8 (n, height, width, 3) in BGR, of the source's size; `n_frames` in all."""
