"""OpenFace results that lie beside a dataset: `VIDEO.csv` and `VIDEO_aligned/` in one folder.

OpenFace names its results after the frame folder it was given, so `VIDEO` is that folder's name; the video's id is
accepted too.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TypeVar

from mebench.datasets.policies import Errata
from mebench.errors import UserError
from mebench.frames.openface_faces import AlignedFolder
from mebench.schema.recordings import Recording

R = TypeVar("R", bound=Recording)


@dataclasses.dataclass(frozen=True)
class OpenFaceFolder:
    """A folder with OpenFace's results for many videos."""

    path: Path

    @classmethod
    def open(cls, path: str | None) -> OpenFaceFolder | None:
        """Open the folder of the setting `openface`, None when the user gave none.

        Raises
        ------
        UserError : when the folder does not exist.
        """
        if path is None:
            return None
        if not Path(path).is_dir():
            raise UserError(f"The folder {path} of the setting openface does not exist: check the path.")
        return cls(Path(path))

    def attach(self, recording: R, folder_name: str, errata: Errata) -> R:
        """Return the recording with the table and the aligned faces that OpenFace left; absent ones are reported."""
        names = (folder_name, recording.id)
        table = next((p for name in names if (p := self.path / f"{name}.csv").is_file()), None)
        faces = next((p for name in names if (p := self.path / f"{name}_aligned").is_dir()), None)
        for found, expected in ((table, f"{folder_name}.csv"), (faces, f"{folder_name}_aligned")):
            if found is None:
                errata.add("openface_missing", recording.id, "made by mebench instead", f"there is no {expected}")
        if faces is not None:
            recording = dataclasses.replace(recording, aligned=AlignedFolder(faces, count=recording.n_frames))
        return recording if table is None else dataclasses.replace(recording, action_units_csv=str(table))
