"""TV-L1 optical flow: smooth but for edges of motion, exact to a tenth of a pixel, sixty times as slow as Farneback's.

Zach, Pock and Bischof, "A Duality Based Approach for Realtime TV-L1 Optical Flow", DAGM 2007, as scikit-image computes
it. Papers of this field take OpenCV's program, which comes only with its contrib modules; its settings have other names
and defaults (five pyramid levels of ratio 0.8, up to 300 iterations a warp), so that the fields agree but for their
noise.

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

_SKIMAGE = "scikit-image's default"


@dataclasses.dataclass(frozen=True)
class Tvl1Config:
    """Settings of the TV-L1 flow."""

    attachment: float = setting(15.0, "how closely the flow follows the pictures; smaller is smoother", source=_SKIMAGE)
    tightness: float = setting(0.3, "how closely the two parts of the solution are bound", source=_SKIMAGE)
    warps: int = setting(5, "times that a picture is warped on each level of the pyramid", source=_SKIMAGE)
    iterations: int = setting(10, "iterations of each warp", source=_SKIMAGE)
    tolerance: float = setting(1e-4, "change of the flow below which a level ends", source=_SKIMAGE)
    median: Literal[0, 3, 5] = setting(
        0, "side of a median filter of the flow that is found; 0 is none", unit="px", later=True
    )

    def __post_init__(self) -> None:
        """Refuse what cannot be computed."""
        if min(self.warps, self.iterations) < 1 or min(self.attachment, self.tightness, self.tolerance) <= 0:
            raise ValueError("warps and iterations must be at least 1; attachment, tightness and tolerance above 0.")
        if self.median not in (0, 3, 5):
            raise ValueError("median must be 0, 3 or 5.")


def tvl1_flow(
    previous: NDArray[np.uint8], current: NDArray[np.uint8], config: Tvl1Config | None = None
) -> NDArray[np.float32]:
    """Return the TV-L1 flow from one grey frame to another.

    Parameters
    ----------
    previous, current : uint8 (height, width).

    Returns
    -------
    float32 (height, width, 2), see the module's conventions.

    Raises
    ------
    ValueError : when the frames differ in shape.
    """
    require_pair(previous, current)
    from skimage.registration import optical_flow_tvl1  # here: it takes a third of a second to import

    c = config or Tvl1Config()
    first, second = (frame.astype(np.float32) / 255 for frame in (previous, current))
    rows, columns = optical_flow_tvl1(
        first,
        second,
        attachment=c.attachment,
        tightness=c.tightness,
        num_warp=c.warps,
        num_iter=c.iterations,
        tol=c.tolerance,
        dtype=np.float32,
    )
    parts = [columns, rows] if c.median == 0 else [cv2.medianBlur(part, c.median) for part in (columns, rows)]
    return np.stack(parts, axis=-1)
