"""Whether predictions and frame scores fit the videos of a truth; every misfit is told, no truth is given away."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError, did_you_mean
from mebench.metrics.intervals import video_index
from mebench.protocols.base import FrameScores
from mebench.schema.intervals import Intervals
from mebench.schema.problems import SHOWN_PER_KIND, Problem, quoted, refuse
from mebench.schema.truth import VideoTable


def check_predictions(predictions: Intervals, videos: VideoTable, source: str, lines: Sequence[int] = ()) -> None:
    """Refuse predictions of unknown videos, or that end before they begin.

    Those that reach outside their video are no misfits: the convention says what is done about them.

    Parameters
    ----------
    predictions : the intervals.
    videos : every scored video.
    source : name of the file, for messages.
    lines : line of each prediction in that file; without it, the row number stands in for it.

    Raises
    ------
    InvalidTable : with every problem.
    """
    video = video_index(predictions, videos)
    problems = _unknown(predictions, np.flatnonzero(video < 0), videos, source, lines)
    for row in np.flatnonzero(predictions.offset < predictions.onset).tolist():
        expected, found = f"a frame not before the onset {predictions.onset[row]}", quoted(predictions.offset[row])
        problems.append(Problem(source, _line(row, lines), "offset", expected, found, "offset_before_onset"))
    refuse(problems)


def _unknown(
    predictions: Intervals, rows: NDArray[np.int64], videos: VideoTable, source: str, lines: Sequence[int]
) -> list[Problem]:
    """Return rows of unknown videos; nearest names are looked up for the rows that will be shown."""
    known = list(map("/".join, videos.keys()))
    hints: dict[str, str] = {}
    problems = []
    for i, row in enumerate(rows.tolist()):
        name = f"{predictions.subject[row]}/{predictions.video[row]}"
        if i < SHOWN_PER_KIND and name not in hints:
            hints[name] = did_you_mean(name[:200], known) if len(known) <= 5000 else ""
        hint = hints.get(name, "")
        hint = hint if "Did you mean" in hint else ""
        expected = "a video of the truth"
        problems.append(Problem(source, _line(row, lines), "video", expected, quoted(name) + hint, "unknown_video"))
    return problems


def _line(row: int, lines: Sequence[int]) -> int:
    return lines[row] if len(lines) else row + 1


def check_frame_scores(scores: FrameScores, videos: VideoTable, source: str) -> None:
    """Refuse frame scores of unknown videos, of the wrong shape, or that are not finite.

    Raises
    ------
    UserError : for the first that does not fit.
    """
    lengths = dict(zip(videos.keys(), videos.n_frames.tolist(), strict=True))
    for key, array in scores.items():
        name = "/".join(key)
        if key not in lengths:
            raise UserError(f"{source} has frame scores of {name}, which is no video of the truth: remove them.")
        if array.shape != (lengths[key], 2):
            raise UserError(
                f"The frame scores of {name} have shape {array.shape}: give ({lengths[key]}, 2), micro and macro."
            )
        if not np.isfinite(array).all():
            raise UserError(f"The frame scores of {name} hold NaN or infinity: spot that video again.")
