"""Action-unit intensities of a video, from whatever source.

Conventions
-----------
Intensities are float32 (n_frames, 17), 0 to 5, columns in the order of `schema.action_units.ACTION_UNITS` (thesis Table
3.1, less AU28, which OpenFace only reports as present or absent).
"""

from __future__ import annotations

import abc
import dataclasses
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.faces.alignment import AlignmentConfig
from mebench.faces.cache import FrameCache
from mebench.faces.openface import read_table
from mebench.plugin import Plugin
from mebench.schema.recordings import Video

_CHUNK = 256


@dataclasses.dataclass(frozen=True, eq=False)
class ActionUnitTrack:
    """The action units of a whole video.

    Attributes
    ----------
    intensities : float32 (n_frames, 17), columns in the order of `ACTION_UNITS`; a frame without a face has those of
        the nearest earlier frame that has one, or of the first that has.
    found : bool (n_frames,), whether there was a face.
    """

    intensities: NDArray[np.float32]
    found: NDArray[np.bool_]

    @classmethod
    def everywhere(cls, intensities: NDArray[np.float32]) -> ActionUnitTrack:
        """Return a track with a face in every frame, as alignment gives one for every frame."""
        return cls(intensities, np.ones(len(intensities), np.bool_))

    def __len__(self) -> int:
        """Return the number of frames."""
        return len(self.intensities)


class ActionUnitDetector(Plugin, abc.ABC):
    """Whatever turns aligned faces into action-unit intensities."""

    @abc.abstractmethod
    def detect(self, frames: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return intensities (n, 17) of aligned faces, uint8 (n, 112, 112)."""

    def of_recording(
        self, recording: Video, cache: FrameCache, config: AlignmentConfig | None = None
    ) -> ActionUnitTrack:
        """Return the action units of every frame, computed once from the aligned faces and kept in the cache.

        Raises
        ------
        UserError : when the faces cannot be prepared, see `FrameCache.aligned`.
        """
        faces = cache.aligned(recording, config)

        def detect_all() -> NDArray[np.float32]:
            starts = range(0, len(faces), _CHUNK)
            parts = [self.detect(faces.read(i, min(i + _CHUNK, len(faces)))) for i in starts]
            return np.concatenate(parts).astype(np.float32, copy=False)

        return ActionUnitTrack.everywhere(cache.array(faces.digest, f"au-{self.digest()[:16]}", detect_all))


class OpenFaceActionUnits(ActionUnitDetector):
    """The intensities in OpenFace's own table of the video."""

    id: ClassVar[str] = "openface"

    def detect(self, frames: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Refuse: OpenFace's intensities are read, not computed here.

        Raises
        ------
        UserError : always.
        """
        raise UserError("OpenFace's action units are read from its tables: run FeatureExtraction, or use hog_ridge.")

    def of_recording(
        self, recording: Video, cache: FrameCache, config: AlignmentConfig | None = None
    ) -> ActionUnitTrack:
        """Return the table's intensities for every frame, and the frames with success 1; see `OpenFaceTable.per_frame`.

        Raises
        ------
        UserError : when the video has no table, or its table has no good frame.
        """
        if recording.action_units_csv is None:
            raise UserError(
                f"{recording.subject}/{recording.id} has no OpenFace table: run FeatureExtraction, or use hog_ridge."
            )
        intensities, found = read_table(Path(recording.action_units_csv)).per_frame(recording.n_frames)
        if not found.any():
            raise UserError(
                f"{recording.action_units_csv} has no frame with success 1: check the video, or use hog_ridge."
            )
        return ActionUnitTrack(intensities, found)
