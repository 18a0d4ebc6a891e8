"""What a metric is: its name, direction and range, and for one of a plug-in, how it is computed.

A metric of mebench's own is computed by the grading of its task, many at once. A third party's is a class of its own:
the grading asks it for the parts of every person, adds them, and the metric turns sums into a value; report, interval,
comparison and board come with that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Metric:
    """One metric: the only place for its direction, heading and range.

    Class attributes
    ----------------
    id : name on cards, such as `f1`.
    name : heading of its column.
    task : id of its task; empty where several tasks have it.
    higher_is_better : whether more of it is better.
    bounds : smallest and largest possible value; None where there is no end.
    summary : one line for `mebench list metrics`.
    source : paper or guideline that defines it.
    needs : what it is made of besides predictions and truth, such as `frame scores`; empty for nothing.
    """

    id: ClassVar[str] = ""
    name: ClassVar[str] = ""
    task: ClassVar[str] = ""
    higher_is_better: ClassVar[bool] = True
    bounds: ClassVar[tuple[float | None, float | None]] = (0.0, 1.0)
    summary: ClassVar[str] = ""
    source: ClassVar[str] = ""
    needs: ClassVar[str] = ""

    def parts(self, predictions: Any, truth: Any, convention: Any) -> Mapping[str, Mapping[str, Sequence[float]]]:
        """Return what every person adds, by scope and by person (the subject as the truth writes it).

        A metric of mebench's own is computed by its task and returns nothing here, nor does one of frames, whose parts
        are measured while the frames are at hand.

        Parameters
        ----------
        predictions, truth : of the metric's task, such as `Intervals` and `Truth`; only the scored ones.
        convention : the rules in force.
        """
        return {}

    def values(self, sums: Floats) -> Floats:
        """Return the values of sums of parts.

        Parameters
        ----------
        sums : shape (n, n_parts).

        Returns
        -------
        Shape (n, 1); 0 where it is 0/0.
        """
        raise NotImplementedError(f"{self.id} returns parts, but does not say what they add up to")

    def defined(self, sums: Floats) -> bool:
        """Return whether the value of sums of shape (n_parts,) is anything but 0/0; by default, when any is not 0."""
        return bool(np.asarray(sums).any())


def heading_of(id: str) -> str:
    """Return a heading for a metric that nobody has registered: its id as words, abbreviations in capitals."""
    capitals = ("f1", "uf1", "uar", "strs", "icc", "auc", "iou", "fid", "niqe", "ssim", "psnr")
    return " ".join(word.upper() if word in capitals else word for word in id.split("_"))


class FrameMetric(Metric):
    """A metric of generated frames: measured clip by clip while the frames are at hand, then added over people."""

    task = "generation"

    def measure(self, generated: NDArray[np.uint8], target: NDArray[np.uint8]) -> Sequence[float]:
        """Return what some frames of a clip add.

        Parameters
        ----------
        generated, target : frames that belong together, shape (n, height, width) or (n, height, width, 3), of equal
            shape; a long clip is measured in chunks, whose parts are added.
        """
        raise NotImplementedError(f"{self.id} does not say what frames add")
