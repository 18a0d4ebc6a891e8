"""A dataset whose aligned faces are ready and not all there, and a spotter that does not care."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mebench.datasets.base import Dataset
from mebench.methods.base import RunContext
from mebench.methods.spotting.base import SpottedInterval, Spotter, Spotting
from mebench.schema.recordings import Event, ExpressionType, Video


class GreyFaces:
    """Grey pictures of the size of aligned faces."""

    def __init__(self, count: int, missing: range) -> None:
        self.count, self.missing = count, tuple(missing)
        self.digest = f"grey-{count}-{missing}"

    def __len__(self) -> int:
        return self.count

    def read(self, start: int, stop: int, *, grey: bool = True) -> np.ndarray:
        return np.full((stop - start, 112, 112), 90, np.uint8)


class LeavingLV(Dataset):
    """Three videos of 100 frames: a face throughout, none in frames 41-60, and next to none at all."""

    id = "leaving_lv"
    summary = "faces that leave"
    needs_root = False

    def videos(self) -> Sequence[Video]:
        gaps = {"s1": range(0), "s2": range(41, 61), "s3": range(2, 101)}
        events = (Event(30, 45, ExpressionType.MICRO),)
        return [
            Video(self.id, subject, "v", 30.0, faces, events, aligned=faces)
            for subject, faces in ((subject, GreyFaces(100, gap)) for subject, gap in gaps.items())
        ]


class Careless(Spotter):
    """Spots the same in every video."""

    id = "sees_all"
    summary = "ignores where faces are"
    trains = False

    def spot(self, video: Video, context: RunContext) -> Spotting:
        found = [SpottedInterval(30, 45, ExpressionType.MICRO, 1.0), SpottedInterval(45, 58, ExpressionType.MICRO, 1.0)]
        return Spotting(tuple(found), np.ones((video.n_frames, 2), np.float32))
