"""Fake videos at too few frames a second, and a dataset of pictures on disk, for the tests of notes and of decoding."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from mebench.datasets.base import Dataset
from mebench.frames.folders import FolderFrames
from mebench.schema.recordings import Video
from tests.runs.fake_plugin import FakeLV


class SlowLV(FakeLV):
    id = "slow_lv"

    def videos(self) -> Sequence[Video]:
        return [dataclasses.replace(video, fps=15.0) for video in super().videos()]


class Pictures(Dataset):
    """One video for each folder below the root."""

    id = "pictures"
    summary = "folders of pictures"

    def videos(self) -> Sequence[Video]:
        assert self.root is not None
        folders = sorted(path for path in self.root.iterdir() if path.is_dir())
        return [Video(self.id, "s1", path.name, 30.0, FolderFrames(path)) for path in folders]
