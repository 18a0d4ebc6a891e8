"""Local contrast normalisation of whole batches in torch, as two banded matrix products; agrees with `lcn` to 1e-4.

Conventions are those of `lcn`.
"""

from __future__ import annotations

import torch

from mebench.faces.lcn import FLOOR, LcnConfig, blur_matrix


class LocalContrast(torch.nn.Module):
    """Normalises batches of grey frames, on any device.

    Parameters
    ----------
    config : settings, those of `lcn`.
    height, width : size of the frames in px.

    Raises
    ------
    ValueError : when the window is wider than the frames.
    """

    rows: torch.Tensor
    columns: torch.Tensor

    def __init__(self, config: LcnConfig | None = None, height: int = 112, width: int = 112) -> None:
        super().__init__()
        self.config = config or LcnConfig()
        for name, size in (("rows", height), ("columns", width)):
            matrix = torch.from_numpy(blur_matrix(size, self.config.sigma)).float()
            self.register_buffer(name, matrix if name == "rows" else matrix.T.contiguous(), persistent=False)

    def forward(self, frames: torch.Tensor) -> torch.Tensor:
        """Normalise frames.

        Parameters
        ----------
        frames : (..., height, width), uint8 or floating point, grey levels 0 to 255.

        Returns
        -------
        float32 of the same shape.
        """
        image = frames.to(torch.float32)
        with torch.autocast(image.device.type, enabled=False):
            centred = image - self._blur(image)
            variance = self._blur(centred * centred)
            return centred / self._divisor(variance)

    def _blur(self, image: torch.Tensor) -> torch.Tensor:
        return torch.matmul(self.rows, torch.matmul(image, self.columns))

    def _divisor(self, variance: torch.Tensor) -> torch.Tensor:
        rule = self.config.divisor
        if rule in ("max_std", "max_variance"):
            local = variance.clamp_min(0).sqrt() if rule == "max_std" else variance
            floor = FLOOR if rule == "max_std" else FLOOR**2
            return torch.maximum(local, local.mean(dim=(-2, -1), keepdim=True).clamp_min(floor))
        return variance.clamp_min(1.0 if rule == "variance_above_one" else FLOOR**2)
