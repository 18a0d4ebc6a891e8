"""The tables that OpenFace leaves on disk; its folders of aligned faces are read by `frames.openface_faces`.

Conventions
-----------
Action-unit intensities are 0 to 5, in the order of `schema.action_units.ACTION_UNITS`; presences are 0 or 1, in the
order of `PRESENCE_UNITS`. Frame numbers are 1-based; a table that counts from 0 is shifted. What is unusual has a
policy that is noted (`openface_notes`), or is refused with the file, the line and the column.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.faces.openface_notes import TableNote
from mebench.faces.openface_text import Cells, read_cells
from mebench.faces.openface_units import checked_intensities
from mebench.schema.action_units import ACTION_UNITS

PRESENCE_UNITS = (1, 2, 4, 5, 6, 7, 9, 10, 12, 14, 15, 17, 20, 23, 25, 26, 28, 45)
_HEAD = ("frame", "face", "face_id", "timestamp", "confidence", "success")
_INTENSITIES = tuple(f"AU{unit:02d}_r" for unit in ACTION_UNITS)
_PRESENCES = tuple(f"AU{unit:02d}_c" for unit in PRESENCE_UNITS)
_WANTED = frozenset((*_HEAD, *_INTENSITIES, *_PRESENCES))
_LARGEST = 10**9


@dataclasses.dataclass(frozen=True, eq=False)
class OpenFaceTable:
    """The action units of one video, or of the faces of one picture.

    Attributes
    ----------
    frames : (n,) frame numbers, ascending; in image mode the faces are numbered 1, 2, ...
    success : (n,) whether OpenFace trusted its landmarks and all intensities are numbers; in image mode the latter.
    confidence : (n,) 0 to 1, NaN where it is no number.
    intensities : (n, 17) float32; 0 without success.
    presence : (n, 18) float32; NaN in columns that the table lacks, and where a cell is no number.
    rate : frames per second that the time stamps tell, NaN where they tell none.
    notes : what was unusual, and what was done about it.
    """

    frames: NDArray[np.int64]
    success: NDArray[np.bool_]
    confidence: NDArray[np.float32]
    intensities: NDArray[np.float32]
    presence: NDArray[np.float32]
    rate: float = float("nan")
    notes: tuple[TableNote, ...] = ()

    def per_frame(self, n_frames: int) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Return intensities of every frame of a video.

        A frame that is absent, or without success, takes the intensities of the nearest earlier good frame, or of the
        first good one; without any good frame all are 0.

        Returns
        -------
        intensities : float32 (n_frames, 17).
        seen : bool (n_frames,), False where the intensities are borrowed.
        """
        good = self.success & (self.frames >= 1) & (self.frames <= n_frames)
        seen = np.zeros(n_frames, dtype=bool)
        seen[self.frames[good] - 1] = True
        if not good.any():
            return np.zeros((n_frames, len(ACTION_UNITS)), np.float32), seen
        nearest = np.searchsorted(self.frames[good], np.arange(1, n_frames + 1), side="right") - 1
        return self.intensities[good][np.maximum(nearest, 0)], seen


def read_table(path: Path | str) -> OpenFaceTable:
    """Read a table of `FeatureExtraction` (with or without `face_id`) or of `FaceLandmarkImg`, old or new.

    Of several people in a video the one seen with success in most frames is kept.

    Raises
    ------
    UserError : when the file is missing, is no OpenFace table, lacks a column or rows, or has a cell that nothing can
        be made of.
    """
    cells = read_cells(Path(path), _WANTED.__contains__)
    _require_columns(cells)
    cells, frames, notes = _in_order(cells)
    success, more = _success(cells)
    intensities, good, found = checked_intensities(cells, _INTENSITIES, success)
    presence = np.full((len(frames), len(_PRESENCES)), np.nan, np.float32)
    nothing = np.zeros(len(frames), np.bool_)
    for i, name in enumerate(_PRESENCES):
        if name in cells.columns:
            presence[:, i] = cells.numbers(name, used=nothing)
    confidence = cells.numbers("confidence", used=success).astype(np.float32)
    told = (*cells.notes, *notes, *more, *found)
    return OpenFaceTable(frames, good, confidence, intensities, presence, _rate(cells, frames), told)


def _require_columns(cells: Cells) -> None:
    there = cells.columns
    if "frame" not in there and "face" not in there:
        raise UserError(f"{cells.path} has no column frame: give a CSV table that OpenFace wrote.")
    if "confidence" not in there:
        raise UserError(f"{cells.path} has no column confidence: give a CSV table that OpenFace wrote.")
    if absent := [name for name in _INTENSITIES if name not in there]:
        raise UserError(f"{cells.path} has no column {absent[0]}: run OpenFace's FeatureExtraction again with -aus.")
    if len(cells.lines) == 0:
        raise UserError(f"{cells.path} has a header and no rows: extract the table again.")


def _in_order(cells: Cells) -> tuple[Cells, NDArray[np.int64], list[TableNote]]:
    """Return the rows of one person, one a frame, sorted by frame; and the frame of each."""
    if "frame" not in cells.columns:
        return cells, np.arange(1, len(cells.lines) + 1), []
    cells, notes = _one_person(cells)
    frames = _frame_numbers(cells)
    if frames.min() == 0:
        notes.append(TableNote.of("from_zero", f"frames {frames.min()}-{frames.max()}"))
        frames = frames + 1
    falls = np.flatnonzero(np.diff(frames) < 0)
    if len(falls):
        notes.append(TableNote.of("unsorted", f"line {cells.lines[falls[0] + 1]} goes back to an earlier frame"))
    distinct, first = np.unique(frames, return_index=True)
    if repeated := len(frames) - len(distinct):
        again = np.setdiff1d(np.arange(len(frames)), first)[0]
        notes.append(
            TableNote.of("repeated", f"{repeated} rows repeat a frame, the first in line {cells.lines[again]}")
        )
    return cells.rows(first), distinct, notes


def _frame_numbers(cells: Cells) -> NDArray[np.int64]:
    numbers = cells.numbers("frame")
    with np.errstate(invalid="ignore"):
        wrong = np.flatnonzero(~((numbers >= 0) & (numbers <= _LARGEST) & (numbers == np.round(numbers))))
    if len(wrong):
        text = cells.columns["frame"][wrong[0]]
        raise cells.refusal(int(wrong[0]), "frame", f"holds {text!r}, which is no frame number")
    return numbers.astype(np.int64)


def _one_person(cells: Cells) -> tuple[Cells, list[TableNote]]:
    people = np.array(cells.columns.get("face_id", ()))
    if len(np.unique(people)) < 2:
        return cells, []
    success = _success(cells)[0]
    counts = {str(person): int(success[people == person].sum()) for person in np.unique(people)}
    most = max(counts, key=lambda person: counts[person])
    others = ", ".join(f"face {person} in {count} frames" for person, count in counts.items())
    return cells.rows(np.flatnonzero(people == most)), [TableNote.of("faces", f"{others}: face {most}")]


def _success(cells: Cells) -> tuple[NDArray[np.bool_], list[TableNote]]:
    if "success" in cells.columns:
        return cells.numbers("success") > 0, []
    notes = [TableNote.of("no_success", "it has no column success")] if "frame" in cells.columns else []
    return np.ones(len(cells.lines), np.bool_), notes


def _rate(cells: Cells, frames: NDArray[np.int64]) -> float:
    """Return the frames per second that the time stamps tell, NaN where they tell none."""
    if "timestamp" not in cells.columns or len(frames) < 2:
        return float("nan")
    stamps = cells.numbers("timestamp", used=np.zeros(len(frames), np.bool_))
    known = np.flatnonzero(np.isfinite(stamps))
    if len(known) < 2:
        return float("nan")
    first, last = known[0], known[-1]
    seconds = float(stamps[last] - stamps[first])
    return float(frames[last] - frames[first]) / seconds if seconds > 0 else float("nan")
