"""Whether an OpenFace table belongs to a video, and what it leaves out of it.

Conventions
-----------
Rows and frames meet by frame number. OpenFace stamps a folder of pictures with 30 frames per second whatever their
real rate, so that stamps of that rate tell nothing.
"""

from __future__ import annotations

import dataclasses
import functools
from pathlib import Path

from mebench.errors import UserError
from mebench.faces.openface import OpenFaceTable, read_table
from mebench.faces.openface_notes import TableNote

FOLDER_RATE = 30.0
SPARE_SHARE, SPARE_ROWS = 0.01, 2
"""Programs count the frames of a video differently by one or two: so many rows beyond the last frame are left out."""
LEAST_SHARE = 0.05
"""A video with a face in fewer of its frames is refused: there is next to nothing to score."""
_SAME = 0.02
_SPARSE = 0.75


def fitted_table(path: Path | str, n_frames: int, fps: float, least_share: float = LEAST_SHARE) -> OpenFaceTable:
    """Return a table with the notes of what it leaves out of a video.

    Parameters
    ----------
    path : the table.
    n_frames, fps : of the video.
    least_share : the share of the frames that must have a face; 0 where a video without any can be used, too.

    Raises
    ------
    UserError : as in `read_table`; and when the table is of another video or of another frame rate, or has next to no
        frame with a face.
    """
    path = Path(path)
    try:
        state = path.stat()
        table = _read(path, state.st_mtime_ns, state.st_size)
    except OSError:
        table = read_table(path)
    _refuse_strangers(path, table, n_frames, fps)
    _refuse_faceless(path, table, n_frames, least_share)
    return dataclasses.replace(table, notes=(*table.notes, *_notes(table, n_frames, fps)))


@functools.lru_cache(maxsize=2)
def _read(path: Path, changed: int, size: int) -> OpenFaceTable:
    """Read a table once for the methods that ask for units and faces in turn."""
    return read_table(path)


def _refuse_strangers(path: Path, table: OpenFaceTable, n_frames: int, fps: float) -> None:
    last, rows = int(table.frames[-1]), len(table.frames)
    if last > n_frames + max(SPARE_ROWS, round(SPARE_SHARE * n_frames)):
        raise UserError(
            f"{path} goes on to frame {last} where the video has {n_frames} frames, so it is of another video or of "
            "another frame rate: run FeatureExtraction on these frames."
        )
    seconds = rows / table.rate
    if rows < _SPARSE * n_frames and abs(seconds * fps / n_frames - 1) < _SAME:
        raise UserError(
            f"{path} has {rows} rows for the {seconds:.2f} s in which the video has {n_frames} frames, so it is of "
            "another frame rate: run FeatureExtraction on these frames."
        )


def _refuse_faceless(path: Path, table: OpenFaceTable, n_frames: int, least_share: float) -> None:
    found = int(table.per_frame(n_frames)[1].sum())
    if not found and least_share:
        raise UserError(f"{path} has no frame with success 1: check the video, or use hog_ridge.")
    if found < least_share * n_frames:
        raise UserError(f"{path} has a face in {found} of {n_frames} frames alone: check the video, or use hog_ridge.")


def differ_in_rate(first: float, second: float) -> bool:
    """Return whether two tables are of different frame rates, as far as their time stamps tell; NaN tells nothing."""
    told = all(abs(rate / FOLDER_RATE - 1) > _SAME for rate in (first, second))
    return told and abs(first / second - 1) > _SAME


def _notes(table: OpenFaceTable, n_frames: int, fps: float) -> list[TableNote]:
    notes = []
    first, last = int(table.frames[0]), int(table.frames[-1])
    if first > 1:
        notes.append(TableNote.of("begins_late", f"the table begins at frame {first} of {n_frames}"))
    if last < n_frames:
        notes.append(TableNote.of("ends_early", f"the table ends at {last} of {n_frames} frames"))
    if last > n_frames:
        notes.append(TableNote.of("beyond", f"the table goes on to frame {last} of {n_frames}"))
    if abs(table.rate / fps - 1) > _SAME and abs(table.rate / FOLDER_RATE - 1) > _SAME:
        detail = f"its time stamps tell {table.rate:.4g} frames/s, the video has {fps:.4g}"
        notes.append(TableNote.of("rate", detail))
    return notes
