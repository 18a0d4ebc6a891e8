"""The settings of the alignment that every method which looks at aligned faces offers, in one place.

Conventions
-----------
A method's `Config` derives from `AlignmentSettings`, and hands what `Method.alignment` returns to `RunContext.aligned`.
One that looks at clips derives from `clip_inputs.CropSettings`, which has how faces are found from here.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from mebench.faces.landmarks.catalogue import LANDMARKS, make_landmarks
from mebench.settings import check_limits, setting

if TYPE_CHECKING:
    from mebench.faces.landmarks.base import LandmarkDetector


@dataclasses.dataclass(frozen=True)
class FindingSettings:
    """How faces are found, in long videos and in clips."""

    landmarks: str = setting("cascade", "landmark detector that faces are aligned by, see `mebench list landmarks`")
    yunet_model: str = setting("", "path of YuNet's ONNX file, for landmarks=yunet")
    face: int = setting(1, "which face is followed where a video has several, from 1, the most important")

    def __post_init__(self) -> None:
        """Refuse a detector that nobody registered, and what it lacks."""
        LANDMARKS.entry(self.landmarks)
        if self.landmarks == "yunet" and not self.yunet_model:
            raise ValueError("landmarks=yunet needs yunet_model=FILE")
        check_limits(self, "face", least=1)

    def make_detector(self) -> LandmarkDetector:
        """Return the configured landmark detector."""
        options = {"model": self.yunet_model} if self.landmarks == "yunet" else {}
        return make_landmarks(self.landmarks, **options)


@dataclasses.dataclass(frozen=True)
class AlignmentSettings(FindingSettings):
    """How faces are found and aligned."""

    min_found: float = setting(0.1, "share of the frames with a face below which a video is refused")

    def __post_init__(self) -> None:
        """Refuse what `FindingSettings` refuses, and a share that is none."""
        super().__post_init__()
        check_limits(self, "min_found", least=0, most=1)
