"""Frames, stacks and scores that keep to one stretch of a video: one face of one person in one shot.

Conventions
-----------
A stretch is scored as a video of its own: frames that a pair would take from beyond its ends are replaced by its first
or last frame, as at the ends of a video. Frames without a face have the score 0.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mebench.methods.spotting.spot3dcnn.sampling import FrameReader
from mebench.schema.presence import Presence


class StretchReader:
    """Some consecutive frames of a reader, counted from 0.

    Parameters
    ----------
    frames : the reader.
    start, stop : indices of the first frame and of the one after the last.
    """

    def __init__(self, frames: FrameReader, start: int, stop: int) -> None:
        self.frames, self.start, self.stop = frames, start, stop

    def __len__(self) -> int:
        """Return the number of frames."""
        return self.stop - self.start

    def read(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Return frames `start <= i < stop`."""
        return self.frames.read(self.start + start, self.start + stop)

    def gather(self, indices: NDArray[np.integer[Any]]) -> NDArray[np.uint8]:
        """Return frames at any indices."""
        return self.frames.gather(np.asarray(indices) + self.start)


def scored_by_stretch(
    scorer: Callable[[FrameReader], NDArray[np.float32]], frames: FrameReader, presence: Presence, outputs: int
) -> NDArray[np.float32]:
    """Return the scores of every frame of a video, (n_frames, outputs); 0 without a face.

    Parameters
    ----------
    scorer : scores all frames of a reader.
    """
    if presence.whole and len(frames) == len(presence):
        return scorer(frames)
    scores = np.zeros((len(presence), outputs), np.float32)
    for start, stop in presence.stretches():
        stop = min(stop, len(frames))
        if start < stop:
            scores[start:stop] = scorer(StretchReader(frames, start, stop))
    return scores
