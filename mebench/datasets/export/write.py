"""Writing a copy: frames, workbook and record, all or nothing."""

from __future__ import annotations

import errno
import functools
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from mebench.datasets.base import Dataset
from mebench.datasets.export.casme_sq import CasmeSqLayout
from mebench.datasets.export.clips import CLIP_LAYOUTS, COMPOSITE_LAYOUT, plan_clips
from mebench.datasets.export.frames import FolderJob, Progress, Writer, write_folders
from mebench.datasets.export.plan import Layout, Placed, Quirks, one_rate
from mebench.datasets.export.samm_lv import SammLvLayout
from mebench.datasets.export_record import ExportRecord
from mebench.datasets.long_videos import tally
from mebench.errors import UserError, did_you_mean
from mebench.schema.recordings import Video

LAYOUTS: dict[str, type[Layout]] = {"casme_sq": CasmeSqLayout, "samm_lv": SammLvLayout}
"""The layouts of long videos by id."""


def export_dataset(dataset: Dataset, layout: str, out: Path, progress: Progress | None = None) -> ExportRecord:
    """Write every video or clip of a dataset in the on-disk layout of another one, workbook and quirks included.

    Parameters
    ----------
    dataset : any dataset with videos for `samm_lv` (grey frames) and `casme_sq` (colour frames), else with clips.
    layout : one of `LAYOUTS`, of `CLIP_LAYOUTS`, or the composite.
    out : folder to write; must not exist, or be empty. It appears only when everything is written.
    progress : called as progress(what, frames done, frames in all).

    Returns
    -------
    What was written as `mebench_export.json`.

    Raises
    ------
    UserError : for an unknown layout, a folder that is not empty, a dataset without such recordings or with several
        frame rates, or when the disk is full or cannot be written.
    """
    known = [*LAYOUTS, *CLIP_LAYOUTS, COMPOSITE_LAYOUT]
    if layout not in known:
        raise UserError(f"There is no layout {layout!r}.{did_you_mean(layout, known)}")
    out = Path(os.path.abspath(out))
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UserError(f"{out} exists and is not empty: give --out another folder, or remove it.")
    write = _plan_videos(dataset, layout) if layout in LAYOUTS else plan_clips(dataset, layout)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=f".{out.name}.partial-", dir=out.parent))
        try:
            record = write(partial, progress or _ignore)
            partial.chmod(0o755)
            if out.exists():
                out.rmdir()
            os.replace(partial, out)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    except OSError as error:
        raise UserError(_explain(error, out)) from error
    return record


def _plan_videos(dataset: Dataset, layout: str) -> Writer:
    videos = dataset.videos()
    return functools.partial(_write_videos, dataset, videos, one_rate(dataset.id, videos, "videos"), LAYOUTS[layout]())


def _write_videos(
    dataset: Dataset, videos: Sequence[Video], fps: float, layout: Layout, root: Path, progress: Progress
) -> ExportRecord:
    quirks = Quirks()
    placed = layout.place(videos, quirks)
    write_folders(
        [FolderJob(p.id, p.video.frames, p.folder, p.file_name, layout.grey, 1, 0, p.video.n_frames) for p in placed],
        root,
        progress,
    )
    layout.write_workbook(root, placed, quirks)
    record = ExportRecord(
        layout=layout.id,
        dataset=dataset.id,
        settings=dataset.settings(),
        digest=dataset.digest(),
        fps=fps,
        subjects={one.video.subject: one.subject for one in placed},
        videos=[_origin(one) for one in placed],
        counts=tally(((one.subject, one.id, e.type) for one in placed for e in one.video.events), len(placed)),
        quirks=quirks.items,
    )
    record.save(root)
    return record


def _origin(one: Placed) -> dict[str, object]:
    return {"source": list(one.video.key), "exported": [one.subject, one.id], "n_frames": one.video.n_frames}


def _explain(error: OSError, out: Path) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk of {out} is full: free some space, or give --out a folder on another disk; nothing was left."
    return f"{out} cannot be written ({error.strerror or error}): give --out a folder that you may write to."


def _ignore(*_: object) -> None:
    """Take a progress report and do nothing with it."""
