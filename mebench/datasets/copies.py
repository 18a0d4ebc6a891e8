"""Datasets that are read from a copy on the user's disk, that of a release or one that `data export` wrote."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import ClassVar

from mebench.datasets.base import Dataset
from mebench.datasets.export_record import FILE, ExportRecord
from mebench.datasets.policies import Errata


class CopyOnDisk(Dataset):
    """A dataset below a root; its settings have `fps`, which is None where the user gives none.

    Class attributes
    ----------------
    usual_fps : frame rate of the release.
    """

    usual_fps: ClassVar[float]

    @property
    def place(self) -> Path:
        """The root that the user gave."""
        assert self.root is not None, "Dataset.open has refused a missing root"
        return self.root

    @functools.cached_property
    def record(self) -> ExportRecord | None:
        """What `data export` wrote beside the recordings, or None in a copy of the release."""
        return ExportRecord.load(self.place)

    @property
    def fps(self) -> float:
        """Frames per second of every recording."""
        if self.config.fps is not None:
            return float(self.config.fps)
        return self.usual_fps if self.record is None else self.record.fps

    def report_record(self, errata: Errata) -> None:
        """Say that the copy is an exported one, where it is."""
        if self.record is not None:
            errata.add("exported_copy", FILE, "counts are compared with the export's", self.record.dataset)
