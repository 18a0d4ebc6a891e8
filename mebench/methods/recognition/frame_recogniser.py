"""A recogniser that says something of every frame, from which a declared rule makes the label of the clip."""

from __future__ import annotations

import abc
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mebench.methods.base import RunContext
from mebench.methods.recognition.base import Recogniser
from mebench.methods.recognition.video_label import third_of
from mebench.schema.recordings import Clip


class FrameRecogniser(Recogniser):
    """A recogniser whose answers over the frames of a clip can be drawn: `mebench figure expression`."""

    @abc.abstractmethod
    def frame_outputs(self, clip: Clip, context: RunContext) -> NDArray[np.float64]:
        """Return the raw outputs of every frame of a clip whose emotion is withheld.

        Returns
        -------
        Shape (n_frames, n_classes) for probabilities of `context.classes`, whose rows add up to 1; or (n_frames,) for
        a regression, taught 0 for negative, .5 for neutral and 1 for positive.
        """


def classes_of_frames(outputs: NDArray[np.floating[Any]]) -> NDArray[np.int64]:
    """Return the number of the class that is said of each frame, (n_frames,).

    Parameters
    ----------
    outputs : as `frame_outputs` gives them: the most probable class is taken, the first of equal ones; or 0, 1 and 2
        for outputs below 1/3, from 1/3 to 2/3, and above 2/3.
    """
    values = np.asarray(outputs, np.float64)
    return np.argmax(values, axis=1).astype(np.int64) if values.ndim == 2 else third_of(values)
