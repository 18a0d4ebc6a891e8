"""Dense optical flow of faces and the strain that expressions put on the skin.

Conventions
-----------
Flow is float32 (height, width, 2) in px per frame pair: [..., 0] to the right, [..., 1] down; a point at (x, y) of the
first frame is found at (x, y) + flow[y, x] in the second.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

from mebench.settings import setting


@dataclasses.dataclass(frozen=True)
class FlowConfig:
    """Settings of Farneback's flow; the thesis names the method (sections 4.3.2, 6.3.1) and no values."""

    pyramid_scale: float = setting(0.5, "size of each pyramid level relative to the one below")
    levels: int = setting(3, "levels of the pyramid, the image itself included")
    window: int = setting(15, "side of the averaging window", unit="px")
    iterations: int = setting(3, "iterations on each level")
    neighbourhood: int = setting(5, "side of the neighbourhood of the polynomial expansion", unit="px")
    sigma: float = setting(1.1, "standard deviation of the Gaussian of the polynomial expansion", unit="px")

    def __post_init__(self) -> None:
        """Refuse what OpenCV cannot compute."""
        if not 0 < self.pyramid_scale < 1:
            raise ValueError("pyramid_scale must lie between 0 and 1.")
        if min(self.levels, self.window, self.iterations, self.neighbourhood) < 1 or self.sigma <= 0:
            raise ValueError("levels, window, iterations, neighbourhood and sigma must be above 0.")


def require_pair(previous: NDArray[np.uint8], current: NDArray[np.uint8]) -> None:
    """Refuse what no flow can lead from and to.

    Raises
    ------
    ValueError : when the frames differ in shape, or are not grey.
    """
    if previous.shape != current.shape or previous.ndim != 2:
        raise ValueError(f"flow needs two grey frames of one shape, not {previous.shape} and {current.shape}")


def flow(
    previous: NDArray[np.uint8], current: NDArray[np.uint8], config: FlowConfig | None = None
) -> NDArray[np.float32]:
    """Return Farneback's flow from one grey frame to another.

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
    c = config or FlowConfig()
    start = np.zeros((*previous.shape, 2), np.float32)
    return np.asarray(
        cv2.calcOpticalFlowFarneback(
            previous, current, start, c.pyramid_scale, c.levels, c.window, c.iterations, c.neighbourhood, c.sigma, 0
        ),
        dtype=np.float32,
    )


def magnitude(field: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the length of flow vectors, (..., 2) -> (...), in px."""
    return np.hypot(field[..., 0], field[..., 1])


def direction(field: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the direction of flow vectors, (..., 2) -> (...), in radians in (-pi, pi], clockwise on the screen from
    rightwards because y points down.
    """
    return np.arctan2(field[..., 1], field[..., 0])


STRAINS: Mapping[str, float] = {"tensor": 0.5, "quarter": 0.25}
"""Weight of the shear in the optical strain, by the name of the formula."""


def strain(field: NDArray[np.float32], formula: str = "tensor") -> NDArray[np.float32]:
    """Return the optical strain magnitude of a flow field, with forward differences, zero beyond the edges.

    `tensor` is the length of the strain tensor, sqrt(e_xx^2 + e_yy^2 + 2 e_xy^2) with e_xy = (u_y + v_x) / 2, hence
    sqrt(u_x^2 + v_y^2 + (u_y + v_x)^2 / 2) (Liong et al., SOFTNet, ICIP 2021). `quarter` counts the shear e_xy once:
    sqrt(u_x^2 + v_y^2 + (u_y + v_x)^2 / 4), as a program in use does.

    Parameters
    ----------
    field : (height, width, 2).
    formula : a name in `STRAINS`.

    Returns
    -------
    float32 (height, width).
    """
    u, v = field[..., 0], field[..., 1]
    u_x, v_x = (np.diff(f, axis=1, append=f[:, -1:]) for f in (u, v))
    u_y, v_y = (np.diff(f, axis=0, append=f[-1:, :]) for f in (u, v))
    shear = np.float32(STRAINS[formula])
    return np.sqrt(u_x**2 + v_y**2 + shear * (u_y + v_x) ** 2).astype(np.float32, copy=False)
