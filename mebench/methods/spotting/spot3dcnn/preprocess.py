"""From grey frames to what the network sees: local contrast normalisation or a fixed scale (thesis 5.4.1)."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from mebench.faces.lcn import LcnConfig, lcn
from mebench.faces.lcn_torch import LocalContrast
from mebench.methods.spotting.spot3dcnn.config import NetworkConfig

GREY_MEAN, GREY_SCALE = 128.0, 64.0
"""Without normalisation, grey levels are centred and scaled to about unit size so that the comparison is fair."""


class Preprocessor:
    """Normalises frames on the device that fits: OpenCV on a CPU, batched matrix products on a GPU.

    Parameters
    ----------
    size : height and width of the frames in px.
    """

    def __init__(self, config: NetworkConfig, device: str, size: int) -> None:
        self.lcn = LcnConfig(sigma=config.lcn_sigma, divisor=config.lcn_divisor) if config.lcn else None
        self.device = device
        self._module = LocalContrast(self.lcn, size, size).to(device) if self.lcn and device != "cpu" else None

    def __call__(self, frames: NDArray[np.uint8] | NDArray[np.float32]) -> torch.Tensor:
        """Return float32 frames on the device, of the same shape (..., height, width), grey levels 0..255 going in."""
        if self.lcn is None:
            return (torch.from_numpy(frames).to(self.device).float() - GREY_MEAN) / GREY_SCALE
        if self._module is not None:
            normalised: torch.Tensor = self._module(torch.from_numpy(frames).to(self.device))
            return normalised
        flat = frames.reshape(-1, *frames.shape[-2:])
        return torch.from_numpy(lcn(flat, self.lcn)).reshape(frames.shape)
