"""The settings of the alignment that every method which looks at aligned faces offers, in one place.

Conventions
-----------
A method's `Config` derives from `AlignmentSettings`, and hands what `Method.alignment` returns to `RunContext.aligned`.
"""

from __future__ import annotations

import dataclasses

from mebench.faces.landmarks.catalogue import LANDMARKS
from mebench.settings import check_limits, setting


@dataclasses.dataclass(frozen=True)
class AlignmentSettings:
    """How faces are found and aligned."""

    landmarks: str = setting("cascade", "landmark detector that faces are aligned by, see `mebench list landmarks`")
    yunet_model: str = setting("", "path of YuNet's ONNX file, for landmarks=yunet")
    face: int = setting(1, "which face is followed where a video has several, from 1, the most important")
    min_found: float = setting(0.1, "share of the frames with a face below which a video is refused")

    def __post_init__(self) -> None:
        """Refuse a detector that nobody registered, and what it lacks."""
        LANDMARKS.entry(self.landmarks)
        if self.landmarks == "yunet" and not self.yunet_model:
            raise ValueError("landmarks=yunet needs yunet_model=FILE")
        check_limits(self, "face", least=1)
        check_limits(self, "min_found", least=0, most=1)
