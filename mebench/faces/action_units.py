"""Action-unit intensities of a video, from whatever source.

Conventions
-----------
Intensities are float32 (n_frames, 17), 0 to 5, columns in the order of `schema.action_units.ACTION_UNITS` (thesis Table
3.1, less AU28, which OpenFace only reports as present or absent).
"""

from __future__ import annotations

import abc
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.faces.alignment import AlignmentConfig
from mebench.faces.cache import FrameCache
from mebench.faces.openface import read_table
from mebench.schema.recordings import Video
from mebench.settings import digest_of

_CHUNK = 256


class ActionUnitDetector(abc.ABC):
    """Whatever turns aligned faces into action-unit intensities.

    Class attributes
    ----------------
    id, version, summary : what lists and cache keys show.
    """

    id: ClassVar[str]
    version: ClassVar[str] = "1"
    summary: ClassVar[str] = ""

    @abc.abstractmethod
    def detect(self, frames: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return intensities (n, 17) of aligned faces, uint8 (n, 112, 112)."""

    def digest(self) -> str:
        """Hex digest of everything that the result depends on besides the frames."""
        return digest_of(type(self).__name__, self.id, self.version)

    def of_video(self, video: Video, cache: FrameCache, config: AlignmentConfig | None = None) -> NDArray[np.float32]:
        """Return the intensities of every frame of a video, computed once and kept in the cache.

        Raises
        ------
        UserError : when the faces cannot be prepared, see `FrameCache.aligned`.
        """
        faces = cache.aligned(video, config)

        def detect_all() -> NDArray[np.float32]:
            starts = range(0, len(faces), _CHUNK)
            parts = [self.detect(faces.read(i, min(i + _CHUNK, len(faces)))) for i in starts]
            return np.concatenate(parts).astype(np.float32, copy=False)

        return cache.array(faces.digest, f"au-{self.digest()[:16]}", detect_all)


class OpenFaceActionUnits(ActionUnitDetector):
    """The intensities in OpenFace's own table of the video (`Video.action_units_csv`)."""

    id: ClassVar[str] = "openface"
    summary: ClassVar[str] = "OpenFace's CSV table of the video"

    def detect(self, frames: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Refuse: OpenFace's intensities are read, not computed here.

        Raises
        ------
        UserError : always.
        """
        raise UserError("OpenFace's action units are read from its tables: run FeatureExtraction, or use hog_ridge.")

    def of_video(self, video: Video, cache: FrameCache, config: AlignmentConfig | None = None) -> NDArray[np.float32]:
        """Return the table's intensities for every frame; see `OpenFaceTable.per_frame` for absent ones.

        Raises
        ------
        UserError : when the video has no table, or its table has no good frame.
        """
        if video.action_units_csv is None:
            raise UserError(
                f"{video.subject}/{video.id} has no OpenFace table: run FeatureExtraction, or use hog_ridge."
            )
        intensities, seen = read_table(Path(video.action_units_csv)).per_frame(video.n_frames)
        if not seen.any():
            raise UserError(f"{video.action_units_csv} has no frame with success 1: check the video, or use hog_ridge.")
        return intensities
