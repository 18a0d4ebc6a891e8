"""Where the maps of a network lie over its input, so that they are drawn where they look."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

import torch
from torch import nn
from torch.nn.modules.conv import _ConvNd


@dataclasses.dataclass(frozen=True)
class Grid:
    """Where the places of maps lie in the input: place i is centred at `first + step * i` px, in both directions."""

    first: float
    step: float

    @classmethod
    def of_chain(cls, modules: Iterable[nn.Module]) -> Grid:
        """Return the grid behind square convolutions and poolings that follow each other; other modules move nothing.

        With uneven kernels and half of their size as edge, the first place is centred at the first pixel, so maps of
        7x7 places with 16 px between them lie 7.5 px further up and left than the cells of a 7x7 chessboard.
        """
        first, step = 0.0, 1.0
        for module in modules:
            if isinstance(module, _ConvNd | nn.MaxPool2d | nn.AvgPool2d):
                size, stride, edge = (_side(value) for value in (module.kernel_size, module.stride, module.padding))
                first += step * ((size - 1) / 2 - edge)
                step *= stride
        return cls(first, step)


def _side(value: Any) -> int:
    """Return the size along the last axis."""
    return int(value[-1]) if isinstance(value, tuple) else int(value)


def over_input(maps: torch.Tensor, size: tuple[int, int], grid: Grid | None = None) -> torch.Tensor:
    """Return maps laid over the input: interpolated between the centres of their places, constant beyond the outermost.

    Parameters
    ----------
    maps : (n, h, w).
    size : height and width of the input in px.
    grid : where the places lie; by default they share the input out evenly.

    Returns
    -------
    (n, *size).
    """
    rows, columns = (_between(have, want, grid) for have, want in zip(maps.shape[1:], size, strict=True))
    double = maps.detach().cpu().double()
    return (rows @ double @ columns.T).to(maps.dtype)


def _between(have: int, want: int, grid: Grid | None) -> torch.Tensor:
    """Return the weights (want, have) of linear interpolation."""
    even = want / have
    first, step = (grid.first, grid.step) if grid else ((even - 1) / 2, even)
    at = ((torch.arange(want, dtype=torch.float64) - first) / step).clamp(0, have - 1)
    return (1 - (at[:, None] - torch.arange(have)).abs()).clamp(min=0)
