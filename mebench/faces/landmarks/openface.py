"""The landmarks in the table that OpenFace wrote for a recording.

Conventions
-----------
Columns `x_0` ... `x_67` and `y_0` ... `y_67` hold pixels of the frame; names keep their case, for `X_0` is another
thing. Frame numbers are 1-based.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.faces.landmarks.base import Face, LandmarkDetector
from mebench.schema.recordings import Recording

_POINTS = [f"{axis}_{i}" for axis in "xy" for i in range(68)]
_HEAD = ("frame", "face_id", "confidence", "success")
_LEAST_CONFIDENCE = 0.5


class OpenFacePoints(LandmarkDetector):
    """The 68 points of every frame that OpenFace has tracked with success; of several people all."""

    id: ClassVar[str] = "openface"
    has_points: ClassVar[bool] = True
    reads: ClassVar[bool] = True

    def __init__(self, config: Any, path: Path | None = None) -> None:
        super().__init__(config)
        self._path = path

    def of_recording(self, recording: Recording) -> OpenFacePoints:
        """Return the detector that reads the recording's table.

        Raises
        ------
        UserError : when it has none.
        """
        if recording.action_units_csv is None:
            raise UserError(
                f"{recording.id} has no OpenFace table: run FeatureExtraction, or give landmarks=cascade or dlib68."
            )
        return OpenFacePoints(self.config, Path(recording.action_units_csv))

    def files(self, recording: Recording) -> Sequence[Path]:
        """Return the table."""
        path = self.of_recording(recording)._path
        return [path] if path is not None else []

    def find(self, image: NDArray[np.uint8], index: int) -> Sequence[Face]:
        """Return the faces that the table has for the frame, the largest first.

        Raises
        ------
        UserError : when there is no table, or it has no points.
        """
        return self._faces.get(index + 1, [])

    @functools.cached_property
    def _faces(self) -> dict[int, list[Face]]:
        if self._path is None:
            raise UserError("landmarks=openface needs a recording with an OpenFace table: give one.")
        table = read_points(self._path)
        points = table[_POINTS].to_numpy(np.float64).reshape(-1, 2, 68).transpose(0, 2, 1)
        faces: dict[int, list[Face]] = {}
        for number, confidence, row in zip(table["frame"], table["confidence"], points, strict=True):
            faces.setdefault(int(number), []).append(Face.of_points(row, score=float(confidence)))
        return {number: sorted(found, key=lambda face: -face.box[2]) for number, found in faces.items()}


def read_points(path: Path) -> pd.DataFrame:
    """Return the rows with success, and with numbers alone, of the points in a table: `frame`, `confidence`, x_*, y_*.

    Raises
    ------
    UserError : when the file is missing, is no OpenFace table, or has no points.
    """
    wanted = {*_HEAD, *_POINTS}
    try:
        table = pd.read_csv(path, skipinitialspace=True, usecols=lambda name: name.strip() in wanted)
    except FileNotFoundError:
        raise UserError(f"The OpenFace table {path} does not exist: check the path.") from None
    except (ValueError, OSError, UnicodeError) as error:
        raise UserError(f"{path} is not a readable OpenFace table ({error}): extract it again.") from error
    table.columns = table.columns.str.strip()
    absent = [name for name in ("frame", "confidence", *_POINTS) if name not in table.columns]
    if absent:
        raise UserError(
            f"{path} has no column {absent[0]}: run OpenFace's FeatureExtraction again with -2Dfp, or give "
            "landmarks=cascade."
        )
    table = table.apply(pd.to_numeric, errors="coerce").replace([np.inf, -np.inf], np.nan)
    table = table.dropna(subset=["frame", "confidence", *_POINTS])
    tracked = table["success"] > 0 if "success" in table.columns else table["confidence"] >= _LEAST_CONFIDENCE
    return table[tracked].reset_index(drop=True)
