"""Whether the intervals that a method gives have frame numbers of the video and scores, as a submission's would."""

from __future__ import annotations

import math
import numbers
from collections.abc import Iterable
from typing import Any

from mebench.errors import UserError
from mebench.methods.spotting.base import SpottedInterval
from mebench.schema.recordings import ExpressionType


def check_frames(intervals: Iterable[SpottedInterval], n_frames: int | None, where: str) -> None:
    """Refuse intervals whose ends are no whole numbers, begin before frame 1, are reversed, or go past the last frame.

    A score that is no number is refused, too.

    Unlike a stranger's table, a method sees the video, so it can keep within it.

    Parameters
    ----------
    intervals : of one video.
    n_frames : its number of frames, or None where an interval may go on after the last (the truth itself does).
    where : begins the sentence, such as `METHOD gave an interval of video S/V`.

    Raises
    ------
    UserError : for the first that does not fit.
    """
    for interval in intervals:
        if not isinstance(interval, SpottedInterval):
            raise UserError(f"{where} as {type(interval).__name__}, where a SpottedInterval is due: mend its `spot`.")
        if not isinstance(interval.type, ExpressionType):
            raise UserError(f"{where} of the type {interval.type!r}, which is no ExpressionType: mend its `spot`.")
        for column in ("onset", "offset"):
            if not _is_whole(value := getattr(interval, column)):
                raise UserError(
                    f"{where} with the {column} {value!r}, which is not a whole frame number: "
                    "round it as you think right."
                )
        if not _is_number(interval.score):
            raise UserError(f"{where} with the score {interval.score!r}, which is no number: mend its `spot`.")
        if fault := _fault(int(interval.onset), int(interval.offset), n_frames):
            raise UserError(f"{where} that {fault}: mend its `spot`.")


def _is_number(value: Any) -> bool:
    return isinstance(value, numbers.Real) and math.isfinite(value)


def _is_whole(value: Any) -> bool:
    return _is_number(value) and bool(value == math.floor(value))


def _fault(onset: int, offset: int, n_frames: int | None) -> str:
    if onset < 1:
        return f"begins at frame {onset}; frames count from 1"
    if offset < onset:
        return f"ends before it begins, at frame {offset} after {onset}"
    if n_frames is not None and offset > n_frames:
        return f"goes on past the last frame, to {offset} of {n_frames}"
    return ""
