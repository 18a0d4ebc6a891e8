"""A tiny dataset of image files, and a spotter whose result depends on every pixel, for tests of frames that change."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from mebench.datasets.base import Dataset
from mebench.frames.folders import FolderFrames
from mebench.methods.base import RunContext
from mebench.methods.spotting.base import SpottedInterval, Spotter, Spotting
from mebench.schema.recordings import Event, ExpressionType, Video


class DiskLV(Dataset):
    """`events.json` maps `subject/video` to [onset, offset] pairs; frames lie in `frames/subject/video`."""

    id = "disk_lv"
    summary = "small pictures on disk"

    def videos(self) -> Sequence[Video]:
        assert self.root is not None
        return [self._video(name, pairs) for name, pairs in sorted(json.loads(self._table.read_text()).items())]

    @property
    def _table(self) -> Path:
        assert self.root is not None
        return self.root / "events.json"

    def _video(self, name: str, pairs: list[list[int]]) -> Video:
        assert self.root is not None
        subject, _, id = name.partition("/")
        events = tuple(Event(onset, offset, ExpressionType.MICRO) for onset, offset in pairs)
        return Video(self.id, subject, id, 30.0, FolderFrames(self.root / "frames" / name), events)


class Brightness(Spotter):
    """Scores each frame by its mean; one interval at the brightest frame."""

    id = "brightness"
    summary = "finds the brightest frame"
    looks_at_faces = False
    trains = False

    def spot(self, video: Video, context: RunContext) -> Spotting:
        means = video.frames.read(0, video.n_frames).mean(axis=(1, 2), dtype=np.float64).astype(np.float32)
        at = int(means.argmax()) + 1
        scores = np.stack([means, means], axis=1)
        return Spotting((SpottedInterval(at, at, ExpressionType.MICRO, float(means.max())),), scores)
