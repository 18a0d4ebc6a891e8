"""The tables that OpenFace leaves on disk; its folders of aligned faces are read by `frames.openface_faces`.

Conventions
-----------
Action-unit intensities are 0 to 5, in the order of `schema.action_units.ACTION_UNITS`; presences are 0 or 1, in the
order of `PRESENCE_UNITS`. Frame numbers are 1-based. Column names keep their case: OpenFace tells `x_0` from `X_0`.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.schema.action_units import ACTION_UNITS

PRESENCE_UNITS = (1, 2, 4, 5, 6, 7, 9, 10, 12, 14, 15, 17, 20, 23, 25, 26, 28, 45)
_HEAD = ("frame", "face", "face_id", "timestamp", "confidence", "success")


@dataclasses.dataclass(frozen=True, eq=False)
class OpenFaceTable:
    """The action units of one video, or of the faces of one picture.

    Attributes
    ----------
    frames : (n,) frame numbers, ascending; in image mode the faces are numbered 1, 2, ...
    success : (n,) whether OpenFace trusted its landmarks; all True in image mode.
    confidence : (n,) 0 to 1.
    intensities : (n, 17) float32.
    presence : (n, 18) float32; NaN in columns that the table lacks.
    """

    frames: NDArray[np.int64]
    success: NDArray[np.bool_]
    confidence: NDArray[np.float32]
    intensities: NDArray[np.float32]
    presence: NDArray[np.float32]

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
    UserError : when the file is missing, is no OpenFace table, or has no action units.
    """
    path = Path(path)
    wanted = {*_HEAD, *(f"AU{u:02d}_r" for u in ACTION_UNITS), *(f"AU{u:02d}_c" for u in PRESENCE_UNITS)}
    try:
        table = pd.read_csv(path, skipinitialspace=True, usecols=lambda name: name.strip() in wanted)
    except FileNotFoundError:
        raise UserError(f"The OpenFace table {path} does not exist: check the path.") from None
    except (ValueError, OSError, UnicodeError) as error:
        raise UserError(f"{path} is not a readable OpenFace table ({error}): extract it again.") from error
    table.columns = table.columns.str.strip()
    if not {"frame", "face"} & set(table.columns) or "confidence" not in table.columns:
        raise UserError(f"{path} has no `frame` or `face` column: give a CSV table that OpenFace wrote.")
    absent = [f"AU{u:02d}_r" for u in ACTION_UNITS if f"AU{u:02d}_r" not in table.columns]
    if absent:
        raise UserError(f"{path} has no column {absent[0]}: run OpenFace's FeatureExtraction again with -aus.")
    return _from_columns(_one_person(table), path)


def _one_person(table: pd.DataFrame) -> pd.DataFrame:
    if "face_id" not in table.columns or table["face_id"].nunique() < 2:
        return table
    return table[table["face_id"] == table.groupby("face_id")["success"].sum().idxmax()]


def _from_columns(table: pd.DataFrame, path: Path) -> OpenFaceTable:
    n = len(table)
    presence = np.full((n, len(PRESENCE_UNITS)), np.nan, np.float32)
    try:
        if "frame" in table.columns:
            table = table.sort_values("frame", kind="stable").drop_duplicates("frame")
            frames = table["frame"].to_numpy(np.int64)
        else:
            frames = np.arange(1, n + 1)
        for i, unit in enumerate(PRESENCE_UNITS):
            if f"AU{unit:02d}_c" in table.columns:
                presence[: len(table), i] = table[f"AU{unit:02d}_c"].to_numpy(np.float32)
        intensities = table[[f"AU{unit:02d}_r" for unit in ACTION_UNITS]].to_numpy(np.float32)
        confidence = table["confidence"].to_numpy(np.float32)
        success = table["success"].to_numpy(np.float32) > 0 if "success" in table.columns else np.ones(len(table), bool)
    except (ValueError, TypeError) as error:
        raise UserError(f"{path} has a cell that is no number ({error}): extract it again.") from error
    return OpenFaceTable(frames, success, confidence, intensities, presence[: len(table)])
