"""What an export leaves beside the recordings: where each came from, and what a loader must find again.

`mebench_export.json` lies in the root of an exported copy. Layouts have no place for a frame rate and have counts of
their own, so a loader that finds this file takes the frame rate and the expected counts from it.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mebench.errors import UserError
from mebench.schema.files import read_bounded
from mebench.schema.json_text import parse_object
from mebench.schema.plain_json import from_plain

FILE = "mebench_export.json"


@dataclasses.dataclass(frozen=True)
class ExportRecord:
    """One export.

    Attributes
    ----------
    layout : id of the dataset whose layout it is.
    dataset : id of the dataset that was exported.
    settings : its settings.
    digest : its digest.
    fps : frames per second of every recording; the lowest in a composite, whose parts have records of their own.
    subjects : exported subject by the dataset's own.
    videos : `source` and `exported` keys and `n_frames` of each video or clip.
    counts : what `check` must find, by the names that the loader counts by.
    quirks : `kind`, `where` and `detail` of each irregularity that was written on purpose.
    """

    layout: str
    dataset: str
    settings: Mapping[str, Any]
    digest: str
    fps: float
    subjects: Mapping[str, str]
    videos: Sequence[Mapping[str, Any]]
    counts: Mapping[str, int]
    quirks: Sequence[Mapping[str, str]]

    def save(self, root: Path) -> None:
        """Write the file into the root of the copy."""
        (root / FILE).write_text(
            json.dumps(dataclasses.asdict(self), indent=1, sort_keys=True) + "\n", encoding="utf-8"
        )

    @classmethod
    def load(cls, root: Path) -> ExportRecord | None:
        """Read the file from the root of a copy, None when there is none.

        Raises
        ------
        UserError : when the file is damaged.
        """
        path = root / FILE
        if not path.is_file():
            return None
        try:
            record = from_plain(cls, parse_object(read_bounded(path)), FILE)
            if not float(record.fps) > 0:
                raise ValueError(f"fps {record.fps}")
            return record
        except (ValueError, OSError, UserError) as error:
            raise UserError(f"{path} is damaged ({error}): export the dataset again.") from error
