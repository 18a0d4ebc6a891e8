"""Dense inverse search: optical flow at nearly the speed of Farneback's, and exact on faces down to the finest level.

Kroeger, Timofte, Dai and Van Gool, "Fast Optical Flow using Dense Inverse Search", ECCV 2016, as OpenCV computes it.

On 38 rendered micro-expressions, whose brows, noses and mouths move by .33 px of a 128x128 face in the mean, flow at
their landmarks is wrong by .07 px (correlation .97), with OpenCV's finest level of 1 by .14; Farneback's by .11 (.90)
and TV-L1 by .13 (.88). Where a face has no texture it is noisier than both.

Conventions
-----------
Those of `mebench.faces.flow`: float32 (height, width, 2) in px, [..., 0] to the right, [..., 1] down.
"""

from __future__ import annotations

import dataclasses
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from mebench.faces.flow import require_pair
from mebench.settings import setting

_PRESETS = {
    "ultrafast": cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST,
    "fast": cv2.DISOPTICAL_FLOW_PRESET_FAST,
    "medium": cv2.DISOPTICAL_FLOW_PRESET_MEDIUM,
}


@dataclasses.dataclass(frozen=True)
class DisConfig:
    """Settings of the dense inverse search."""

    preset: Literal["ultrafast", "fast", "medium"] = setting(
        "medium", "OpenCV's preset, the most exact by default", source="OpenCV"
    )
    finest: int = setting(
        0,
        "finest level of the pyramid that is searched; 0 is the picture itself, the presets have 1 or 2",
        source="mebench's choice: half the error of 1 on rendered faces",
    )

    def __post_init__(self) -> None:
        """Refuse what OpenCV cannot compute."""
        if self.preset not in _PRESETS or self.finest < 0:
            raise ValueError(f"preset must be one of {', '.join(_PRESETS)}, and finest at least 0.")


def dis_flow(
    previous: NDArray[np.uint8], current: NDArray[np.uint8], config: DisConfig | None = None
) -> NDArray[np.float32]:
    """Return the flow of a dense inverse search from one grey frame to another.

    Parameters
    ----------
    previous, current : uint8 (height, width).

    Returns
    -------
    float32 (height, width, 2), see the module's conventions.

    Raises
    ------
    ValueError : when the frames differ in shape, or are not grey.
    """
    require_pair(previous, current)
    c = config or DisConfig()
    search = cv2.DISOpticalFlow.create(_PRESETS[c.preset])
    search.setFinestScale(c.finest)
    return np.asarray(search.calc(previous, current, None), dtype=np.float32)  # type: ignore[call-overload]
