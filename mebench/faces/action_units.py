"""Action-unit intensities of a video, from whatever source.

Conventions
-----------
Intensities are float32 (n_frames, 17), 0 to 5, columns in the order of `schema.action_units.ACTION_UNITS` (thesis Table
3.1, less AU28, which OpenFace only reports as present or absent).
"""

from __future__ import annotations

import abc
import dataclasses
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.faces.alignment import AlignmentConfig
from mebench.faces.cache import FrameCache
from mebench.faces.openface_fit import fitted_table
from mebench.faces.presence import presence_in_table
from mebench.plugin import Plugin
from mebench.schema.presence import Presence
from mebench.schema.recordings import Video

_CHUNK = 256


@dataclasses.dataclass(frozen=True, eq=False)
class ActionUnitTrack:
    """The action units of a whole video.

    Attributes
    ----------
    intensities : float32 (n_frames, 17), columns in the order of `ACTION_UNITS`; a frame without a face has any values,
        such as those of the nearest earlier frame that has one.
    found : bool (n_frames,), whether there was a face.
    seen : where the face was and how far one view of it goes; by default what `found` says, without any cut.
    """

    intensities: NDArray[np.float32]
    found: NDArray[np.bool_]
    seen: Presence | None = None

    @classmethod
    def everywhere(cls, intensities: NDArray[np.float32]) -> ActionUnitTrack:
        """Return a track with a face in every frame."""
        return cls(intensities, np.ones(len(intensities), np.bool_))

    @classmethod
    def of(cls, intensities: NDArray[np.float32], presence: Presence) -> ActionUnitTrack:
        """Return the track of a face that is where `presence` says."""
        return cls(intensities, presence.found, presence)

    @property
    def presence(self) -> Presence:
        """Where the face was found, and how far one view of it goes."""
        return self.seen or Presence(np.asarray(self.found, np.bool_), np.zeros(len(self.found), np.bool_))

    def __len__(self) -> int:
        """Return the number of frames."""
        return len(self.intensities)


class ActionUnitDetector(Plugin, abc.ABC):
    """Whatever turns aligned faces into action-unit intensities.

    Class attributes
    ----------------
    seen_only_rendered : whether it has learnt from rendered faces alone.
    """

    seen_only_rendered: ClassVar[bool] = False

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

        intensities = cache.array(faces.digest, f"au-{self.digest()[:16]}", detect_all)
        return ActionUnitTrack.of(intensities, cache.presence(recording, config).fitted(len(faces)))


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
        """Return the table's intensities for every frame, and where it has a face; see `OpenFaceTable.per_frame`.

        Raises
        ------
        UserError : when the video has no table, or its table cannot be used; see `fitted_table`.
        """
        presence = presence_in_table(recording)
        table = fitted_table(str(recording.action_units_csv), recording.n_frames, recording.fps)
        return ActionUnitTrack.of(table.per_frame(recording.n_frames)[0], presence)
