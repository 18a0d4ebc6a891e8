"""How well the frames in which a method sees an expression agree with its coded onset and offset.

Conventions
-----------
Frames are counted from 1 and inclusive at both ends. A frame is *said* to show the expression where the class that is
said of it is that of the clip. Nothing is smoothed or filled.

    frame      1   2   3   4   5   6   7   8   9  10
    coded              |onset              |offset         3 to 7
    said                   x   x   x   x   x               4 to 8
                           agreement  4 both / 6 either = .67, onset 1 late, offset 1 late

Metrics
-------
agreement : frames that are both said and coded / frames that are either; 1 where they are the same, 0 where none is
    said. A method that says it of every frame gets the share of the clip that is coded, so that clips need neutral
    frames beside the expression to tell anything.
said onset, offset : ends of the longest unbroken row of said frames, the first of equally long ones.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from mebench.metrics.frame_runs import lengths, runs_above


@dataclasses.dataclass(frozen=True)
class CodedAgreement:
    """Agreement of one clip.

    Attributes
    ----------
    agreement : see the module's metrics.
    onset, offset : those that are said, None where no frame is.
    """

    agreement: float
    onset: int | None
    offset: int | None


def coded_agreement(said: NDArray[np.bool_], onset: int, offset: int) -> CodedAgreement:
    """Return how well said frames agree with a coded onset and offset.

    Parameters
    ----------
    said : whether a frame is said to show the expression, shape (n_frames,).
    onset, offset : as coded; `1 <= onset <= offset <= n_frames`.

    Raises
    ------
    ValueError : for an onset and offset that are not in the clip.

    >>> coded_agreement(np.isin(np.arange(1, 11), [4, 5, 6, 7, 8]), 3, 7)
    CodedAgreement(agreement=0.6666666666666666, onset=4, offset=8)
    """
    flags = np.asarray(said, np.bool_)
    if not 1 <= onset <= offset <= len(flags):
        raise ValueError(f"onset {onset} and offset {offset} are not in a clip of {len(flags)} frames")
    coded = np.zeros(len(flags), np.bool_)
    coded[onset - 1 : offset] = True
    share = float((flags & coded).sum() / (flags | coded).sum())
    found = runs_above(flags.astype(np.float64), 0.5)
    if not len(found):
        return CodedAgreement(share, None, None)
    first, last = found[int(np.argmax(lengths(found)))].tolist()
    return CodedAgreement(share, first + 1, last + 1)
