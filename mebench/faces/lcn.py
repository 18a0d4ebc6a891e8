"""Local contrast normalisation: makes a face look alike under any brightness, contrast and slowly varying light.

Conventions
-----------
Grey levels are 0 to 255. The local mean is a Gaussian-weighted mean m = G * f; the local deviation is
s = sqrt(G * (f - m)^2), as in Jarrett et al. (ICCV 2009). The result is (f - m) / divisor, float32.

The thesis gives its divisor three times, each time differently; all are offered:

`max_std`            max(s, mean of s over the image): section 5.4.1's rule, with the standard deviation that the same
                     paragraph says is computed, as in Jarrett et al. The default: doubling the contrast of an image
                     leaves the result as it is, which is what the thesis claims for its normalisation.
`max_variance`       max(s^2, mean of s^2): section 5.4.1's rule to the letter. Doubling the contrast halves the result.
`variance`           s^2 alone: equations 3.1 and 5.2. Flat regions turn into noise.
`variance_above_one` s^2 where it is larger than 1, else 1: section 3.2.4.

No text gives the size of the window. A floor of 0.3 grey levels under s, the noise of rounding to
whole grey levels, keeps flat images at zero.
"""

from __future__ import annotations

import dataclasses
import math
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from mebench.settings import setting

FLOOR = 0.3
INTERLEAVED = 4
"""Frames filtered at a time as the channels of one image, which takes a quarter less time than one by one."""


@dataclasses.dataclass(frozen=True)
class LcnConfig:
    """Settings of the local contrast normalisation."""

    divisor: Literal["max_std", "max_variance", "variance", "variance_above_one"] = setting(
        "max_std", "what the centred image is divided by", source="thesis section 5.4.1"
    )
    sigma: float = setting(4.0, "standard deviation of the Gaussian window, cut off at three times that", unit="px")

    def __post_init__(self) -> None:
        """Refuse a window without extent."""
        if not self.sigma > 0:
            raise ValueError("sigma must be above 0.")


def gaussian_kernel(sigma: float) -> NDArray[np.float64]:
    """Return the normalised one-dimensional window, of 2 * ceil(3 sigma) + 1 taps."""
    reach = math.ceil(3 * sigma)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    return np.asarray(kernel / kernel.sum())


def blur_matrix(size: int, sigma: float) -> NDArray[np.float64]:
    """Return the banded (size, size) matrix B of the window with mirrored edges: B @ image @ B.T is the blurred image.

    Raises
    ------
    ValueError : when the window reaches further than the image is wide.
    """
    kernel = gaussian_kernel(sigma)
    reach = len(kernel) // 2
    if reach >= size:
        raise ValueError(f"a window of sigma {sigma} px is too wide for an image of {size} px.")
    matrix = np.zeros((size, size))
    row = np.arange(size)
    for offset, weight in zip(range(-reach, reach + 1), kernel, strict=True):
        column = np.abs(row + offset)
        column = np.where(column >= size, 2 * (size - 1) - column, column)
        np.add.at(matrix, (row, column), weight)
    return matrix


def lcn(frames: NDArray[np.uint8] | NDArray[np.float32], config: LcnConfig | None = None) -> NDArray[np.float32]:
    """Normalise the local contrast of grey frames, on the CPU.

    Parameters
    ----------
    frames : (n, height, width), grey levels 0 to 255.

    Returns
    -------
    float32 of the same shape; see the module's conventions.
    """
    config = config or LcnConfig()
    kernel = gaussian_kernel(config.sigma).astype(np.float32)
    if len(frames) and len(kernel) // 2 >= min(frames.shape[1:]):
        raise ValueError(f"a window of sigma {config.sigma} px is too wide for frames of {frames.shape[1:]} px.")
    out = np.empty(frames.shape, np.float32)
    scratch: _Scratch | None = None
    for start in range(0, len(frames), INTERLEAVED):
        group = list(frames[start : start + INTERLEAVED])
        grey = cv2.merge(group)
        if scratch is None or scratch.centred.shape != (*grey.shape[:2], len(group)):
            scratch = _Scratch.of(grey.shape[:2], len(group))
        _normalise(grey.reshape(scratch.centred.shape), kernel, config.divisor, scratch)
        cv2.split(scratch.centred, list(out[start : start + INTERLEAVED]))
    return out


@dataclasses.dataclass(frozen=True)
class _Scratch:
    """Buffers that every group of frames uses again: fresh ones would cost as much as the filters."""

    centred: NDArray[np.float32]
    work: NDArray[np.float32]
    variance: NDArray[np.float32]

    @classmethod
    def of(cls, size: tuple[int, ...], channels: int) -> _Scratch:
        return cls(*(np.empty((*size, channels), np.float32) for _ in range(3)))


def _normalise(grey: NDArray[Any], kernel: NDArray[np.float32], rule: str, scratch: _Scratch) -> None:
    """Leave the normalised frames, interleaved as channels, in `scratch.centred`."""
    centred, work, variance = scratch.centred, scratch.work, scratch.variance
    _blur(grey, kernel, work)
    cv2.subtract(grey, work, dst=centred, dtype=cv2.CV_32F)
    cv2.multiply(centred, centred, dst=work)
    _blur(work, kernel, variance)
    cv2.divide(centred, _divisor(variance, rule), dst=centred)


def _blur(image: NDArray[Any], kernel: NDArray[np.float32], out: NDArray[np.float32]) -> None:
    cv2.sepFilter2D(image, cv2.CV_32F, kernel, kernel, dst=out, borderType=cv2.BORDER_REFLECT_101)


def _divisor(variance: NDArray[np.float32], rule: str) -> NDArray[np.float32]:
    """Return what the frames, interleaved as channels, are divided by."""
    floor: Any  # OpenCV takes one number a channel, of which its type hints know nothing
    if rule == "max_std":
        variance = np.asarray(cv2.sqrt(variance, dst=variance), np.float32)
        floor = tuple(max(mean, FLOOR) for mean in cv2.mean(variance))
    elif rule == "max_variance":
        floor = tuple(max(mean, FLOOR**2) for mean in cv2.mean(variance))
    else:
        floor = (1.0 if rule == "variance_above_one" else FLOOR**2,) * INTERLEAVED
    return np.asarray(cv2.max(variance, floor, dst=variance), np.float32)
