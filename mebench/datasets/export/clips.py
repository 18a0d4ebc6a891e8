"""Writing a copy of clips: frames, table and record, for one layout or for the composite of three."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from mebench.datasets.base import Dataset
from mebench.datasets.clips.base import tally_clips
from mebench.datasets.clips.composite_list import DATABASES, Listed, tally_composite
from mebench.datasets.export.casme import CasmeLayout
from mebench.datasets.export.casme2 import Casme2Layout
from mebench.datasets.export.clip_plan import ClipLayout, PlacedClip, WrittenClip, class_of
from mebench.datasets.export.frames import FolderJob, Progress, Writer, write_folders
from mebench.datasets.export.plan import Quirks, one_rate
from mebench.datasets.export.samm import SammLayout
from mebench.datasets.export.smic import SmicLayout
from mebench.datasets.export.smic_e import SmicELayout
from mebench.datasets.export_record import ExportRecord
from mebench.errors import UserError
from mebench.schema.clips import COMPOSITE
from mebench.schema.emotions import COMPOSITE_CLASSES
from mebench.schema.people import Person
from mebench.schema.recordings import Clip

CLIP_LAYOUTS: dict[str, type[ClipLayout]] = {
    "casme": CasmeLayout,
    "casme2": Casme2Layout,
    "samm": SammLayout,
    "smic": SmicLayout,
    "smic_e": SmicELayout,
}
"""The layouts of clip datasets by id, but that of the composite."""

COMPOSITE_LAYOUT = "megc2019_cde"
_FOLDERS = {"casme2": "CASME2", "samm": "SAMM", "smic": "SMIC"}


@dataclasses.dataclass(frozen=True)
class _Part:
    """The clips of one database on their way into its layout."""

    layout: ClipLayout
    folder: PurePosixPath
    fps: float
    placed: Sequence[PlacedClip]
    quirks: Quirks

    @classmethod
    def plan(cls, dataset: Dataset, clips: Sequence[Clip], layout: str, folder: str) -> _Part:
        chosen, quirks = CLIP_LAYOUTS[layout](), Quirks()
        fps = one_rate(dataset.id, clips, "clips")
        return cls(chosen, PurePosixPath(folder), fps, chosen.place(clips, quirks), quirks)

    def jobs(self) -> list[FolderJob]:
        """Return what frames are to be written."""
        return [
            FolderJob(
                p.id, p.clip.frames, self.folder / p.folder, p.file_name, self.layout.grey, p.first, p.start, p.stop
            )
            for p in self.placed
        ]

    def finish(self, dataset: Dataset, root: Path) -> tuple[ExportRecord, list[WrittenClip]]:
        """Write table and record of the part."""
        place = root / self.folder
        rows = self.layout.write_table(place, self.placed, self.quirks)
        counts = tally_clips(((row.placed.subject, row.emotion) for row in rows), len(rows))
        record = _record(dataset, self.layout.id, self.fps, self.placed, counts, self.quirks.items)
        record.save(place)
        return record, rows


def plan_clips(dataset: Dataset, layout: str) -> Writer:
    """Plan to write every clip of a dataset in a layout of `CLIP_LAYOUTS`, or as the composite of three of them.

    Returns
    -------
    What writes the copy into a root and returns its `mebench_export.json`; the parts of a composite have records of
    their own.

    Raises
    ------
    UserError : when the dataset has no clips, several frame rates in one layout, databases that the composite does
        not have, or emotions without a class.
    """
    clips = dataset.clips()
    if layout == COMPOSITE_LAYOUT:
        return functools.partial(_write_composite, dataset, _databases(dataset, clips))
    return functools.partial(_write_one, dataset, _Part.plan(dataset, clips, layout, "."))


def _write_one(dataset: Dataset, part: _Part, root: Path, progress: Progress) -> ExportRecord:
    write_folders(part.jobs(), root, progress)
    return part.finish(dataset, root)[0]


def _write_composite(dataset: Dataset, parts: Sequence[_Part], root: Path, progress: Progress) -> ExportRecord:
    write_folders([job for part in parts for job in part.jobs()], root, progress)
    listed = [_listed(row, part.layout.id) for part in parts for row in part.finish(dataset, root)[1]]
    lines = (",".join((*row[:3], str(COMPOSITE_CLASSES.index(row.emotion)))) for row in listed)
    (root / COMPOSITE).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    quirks = [
        {**quirk, "where": f"{part.layout.id}: {quirk['where']}"} for part in parts for quirk in part.quirks.items
    ]
    placed = [one for part in parts for one in part.placed]
    slowest = min(part.fps for part in parts)
    record = _record(dataset, COMPOSITE_LAYOUT, slowest, placed, tally_composite(listed), quirks)
    record.save(root)
    return record


def _databases(dataset: Dataset, clips: Sequence[Clip]) -> list[_Part]:
    """Return a part for each database of the composite that the clips have."""
    found = {clip.database for clip in clips}
    if not found:
        raise UserError(f"{dataset.id} has no clips to export: check its settings.")
    if not found <= set(DATABASES):
        other = ", ".join(filter(None, sorted(found - set(DATABASES))))
        raise UserError(
            f"{dataset.id} has clips of {other or dataset.id}, and the composite is made of {', '.join(DATABASES)}: "
            f"export it in one of the layouts {', '.join(CLIP_LAYOUTS)}."
        )
    return [
        _Part.plan(dataset, [clip for clip in clips if clip.database == name], name, _FOLDERS[name])
        for name in DATABASES
        if name in found
    ]


def _listed(row: WrittenClip, database: str) -> Listed:
    """Return the row of the composite list, which does not pad the people of SAMM."""
    subject = str(int(row.placed.subject)) if database == "samm" else row.placed.subject
    return Listed(database, subject, row.placed.id, class_of(row.placed.clip))


def _record(
    dataset: Dataset,
    layout: str,
    fps: float,
    placed: Sequence[PlacedClip],
    counts: dict[str, int],
    quirks: Sequence[dict[str, str]],
) -> ExportRecord:
    return ExportRecord(
        layout=layout,
        dataset=dataset.id,
        settings=dataset.settings(),
        digest=dataset.digest("clips"),
        fps=fps,
        subjects={str(Person(one.clip.database, one.clip.subject)): one.subject for one in placed},
        videos=[
            {"source": list(one.clip.key), "exported": [one.subject, one.id], "n_frames": one.stop - one.start}
            for one in placed
        ],
        counts=counts,
        quirks=quirks,
    )
