"""The streams of ststnet in training, about three times as fast as layer by layer: convolution, ReLU, BN and pooling.

    pictures 28x28x3 -> convolution 3x3, edge 2 -> ReLU -> batch normalisation -> max pool 3, edge 1: 10x10x16

Conventions
-----------
What is computed is what torch's layers compute, gradients too; sums are taken in another order, so that results differ
in the last bits. Five things make it fast. All streams see the same picture, so their filters are one convolution.
A pooling window is 3x3 places, so pictures are laid out once in three *phases*: phase j holds column j of every window,
and the convolution steps from window to window; nine arrays with one place of every window then lie in long rows, and
the maximum is taken over them. Batch normalisation with positive factors keeps the order of values, so it follows the
pooling, on a ninth of the values. Its gradient is a constant and a multiple of each value, so that nothing but the
values themselves is kept. And a few pictures at a time go through all of it, so that they stay in a core's cache.

The first window begins one place before the first, in the edge. In phase 0 that column holds the last one, number 29,
instead, which no window covers but which counts for the mean and the variance; it is left out of the maximum.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional as F
from torch.nn.grad import conv2d_weight

PLACES, WINDOWS, POOL = 30, 10, 3
"""Places of the convolution along each side, pooling windows, and places of a window."""
_STEP = (1, POOL)
_CHUNK = 64
"""Pictures that are computed together."""


def phases_of(pictures: torch.Tensor) -> torch.Tensor:
    """Lay pictures out for `pooled`.

    Parameters
    ----------
    pictures : (n, channels, 28, 28).

    Returns
    -------
    (n * 3, channels, 32, 30) with channels last in memory; rows 3 i to 3 i + 2 are those of picture i.
    """
    columns = F.pad(pictures, (2, 2, 2, 2)).unfold(3, POOL, 1).roll(1, 3).unflatten(3, (WINDOWS, POOL))
    laid = columns.permute(0, 4, 2, 3, 5, 1).contiguous()  # (n, phase, 32, window, 3, channels)
    return laid.flatten(0, 1).flatten(2, 3).permute(0, 3, 1, 2)


def rows_of(phases: torch.Tensor, rows: NDArray[np.int64]) -> torch.Tensor:
    """Return the phases of some pictures; a view where these follow each other."""
    if len(rows) == rows[-1] - rows[0] + 1 and (np.diff(rows) == 1).all():
        return phases[int(rows[0]) * POOL : (int(rows[-1]) + 1) * POOL]
    taken = phases.permute(0, 2, 3, 1).unflatten(0, (-1, POOL)).index_select(0, torch.from_numpy(rows))
    return taken.flatten(0, 1).permute(0, 3, 1, 2)


class Workspace:
    """Memory for the values of a batch, taken once: one step after the other uses it.

    Parameters
    ----------
    pictures, filters : of a batch.
    """

    def __init__(self, pictures: int, filters: int) -> None:
        values, pooled = (POOL, PLACES, WINDOWS, filters), (WINDOWS, WINDOWS, filters)
        self.values = torch.empty(pictures, *values)
        self.highest = torch.empty(pictures, *pooled)
        self.to_highest = torch.empty(pictures, *pooled)
        spread, taken = torch.empty(_CHUNK, *values), torch.empty(_CHUNK, *pooled)
        self.chunks = [
            _Chunk(self, slice(start, min(start + _CHUNK, pictures)), spread, taken)
            for start in range(0, pictures, _CHUNK)
        ]


class _Chunk:
    """The part of a workspace that is of some of the pictures, with its views made once."""

    def __init__(self, work: Workspace, part: slice, spread: torch.Tensor, taken: torch.Tensor) -> None:
        count = part.stop - part.start
        self.rows = slice(part.start * POOL, part.stop * POOL)
        self.values, self.highest, to_highest = work.values[part], work.highest[part], work.to_highest[part]
        self.spread, taken = spread[:count], taken[:count]
        self.first = self.values[:, 1, 0:28:POOL]
        self.places = [
            (
                _place(self.values, i, j), _place(self.spread, i, j),
                *(_windows(pooled, i, j) for pooled in (self.highest, to_highest, taken)),
            )
            for i in range(POOL) for j in range(POOL)
        ]  # fmt: skip

    def forward(self, values: torch.Tensor, about: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Take the values of the convolution, (pictures * 3, filters, 30, 10).

        Returns
        -------
        For each filter the sum of the values and that of their squares about `about`, (filters,) each.
        """
        x = torch.clamp_min(values.permute(0, 2, 3, 1).view_as(self.values), 0, out=self.values)
        self.highest.copy_(self.first)
        for mine, _, highest, _, _ in self.places:
            torch.maximum(highest, mine, out=highest)
        away = torch.sub(_long(x), _wide(about), out=_long(self.spread)).square_()
        return _total(x), away.sum(0).view(-1, len(about)).sum(0)

    def backward(self, level: torch.Tensor, slope: torch.Tensor) -> torch.Tensor:
        """Return the gradient of the convolution: of windows' highest values, the first of equal ones, and the rest.

        Returns
        -------
        (pictures * 3, filters, 30, 10), channels last.
        """
        x, spread = _long(self.values), _long(self.spread)
        torch.addcmul(_wide(level), x, _wide(slope), out=spread)
        for mine, rest, highest, left, taken in self.places:
            torch.eq(mine, highest, out=taken)
            rest.addcmul_(taken, left)
            left.addcmul_(taken, left, value=-1)
        torch.ops.aten.threshold_backward.grad_input(spread, x, 0, grad_input=spread)
        return self.spread.flatten(0, 1).permute(0, 3, 1, 2)


def pooled(phases: torch.Tensor, convolution: nn.Conv2d, norm: nn.BatchNorm2d, work: Workspace) -> torch.Tensor:
    """Return what the streams give of a batch in training, and note its mean and variance in `norm`.

    Parameters
    ----------
    phases : of `phases_of`.
    norm : its factors must be positive, as they are in the beginning.
    work : of the batch's size; gradients must be taken before it is used again.

    Returns
    -------
    (n, 10, 10, filters).
    """
    assert convolution.bias is not None
    result: torch.Tensor = _Pooled.apply(
        phases, convolution.weight, convolution.bias, norm.weight, norm.bias, norm, work
    )
    return result


class _Pooled(torch.autograd.Function):
    """Convolution, ReLU, batch normalisation and pooling."""

    @staticmethod
    def forward(
        context: Any,
        phases: torch.Tensor,
        weight: torch.Tensor,
        bias: torch.Tensor,
        factor: torch.Tensor,
        shift: torch.Tensor,
        norm: nn.BatchNorm2d,
        work: Workspace,
    ) -> torch.Tensor:
        """Return (n, 10, 10, filters)."""
        weight = weight.contiguous(memory_format=torch.channels_last)
        about = bias.clamp_min(0)  # what pictures without motion give
        parts = [
            chunk.forward(F.conv2d(phases[chunk.rows], weight, bias, stride=_STEP), about) for chunk in work.chunks
        ]
        count = work.values.numel() // len(bias)
        mean, variance = _moments(parts, about, count)
        _note(norm, mean, variance, count)
        scale = (variance + norm.eps).rsqrt()
        context.save_for_backward(phases, weight, factor, mean, scale)
        context.work = work
        gain = factor * scale
        result = torch.addcmul(_wide(shift - mean * gain), _long(work.highest), _wide(gain))
        return result.view_as(work.highest)

    @staticmethod
    def backward(context: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        """Return the gradients of weights and biases of the convolution, and of factors and shifts."""
        phases, weight, factor, mean, scale = context.saved_tensors
        work, (given,) = context.work, gradients
        count = work.values.numel() // len(factor)
        to_shift = _total(given)
        to_factor = (_total(given * work.highest) - mean * to_shift) * scale
        gain = factor * scale
        torch.mul(_long(given), _wide(gain), out=_long(work.to_highest))
        slope = -gain * scale * to_factor / count
        level = -gain * to_shift / count - slope * mean
        to_weight, to_bias = torch.zeros_like(weight), torch.zeros_like(factor)
        for chunk in work.chunks:
            spread = chunk.backward(level, slope)
            to_weight += conv2d_weight(phases[chunk.rows], list(weight.shape), spread, stride=_STEP)
            to_bias += _total(chunk.spread)
        return None, to_weight, to_bias, to_factor, to_shift, None, None


def _place(values: torch.Tensor, i: int, j: int) -> torch.Tensor:
    """Return place (i, j) of every window that has it: of the first windows, place 0 lies in the edge."""
    rows = values[:, j, (i - 1) % POOL : 29 : POOL]
    return rows if j else rows[:, :, 1:]


def _windows(pooled: torch.Tensor, i: int, j: int) -> torch.Tensor:
    """Return the windows that have place (i, j)."""
    return pooled[:, 0 if i else 1 :, 0 if j else 1 :]


def _long(values: torch.Tensor) -> torch.Tensor:
    """Return a view in rows of one value a window and filter: long rows are what is fast."""
    return values.reshape(-1, WINDOWS * WINDOWS * values.shape[-1])


def _wide(vector: torch.Tensor) -> torch.Tensor:
    """Return such a row that holds a value for each filter."""
    return vector.repeat(WINDOWS * WINDOWS)


def _total(values: torch.Tensor) -> torch.Tensor:
    """Return the sum for each filter, (filters,)."""
    return _long(values).sum(0).view(-1, values.shape[-1]).sum(0)


def _moments(
    parts: Sequence[tuple[torch.Tensor, torch.Tensor]], about: torch.Tensor, count: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return mean and variance for each filter, from the sums of values and of squares about `about` of parts."""
    values, squares = (torch.stack(column).double().sum(0) / count for column in zip(*parts, strict=True))
    variance = squares - (values - about).square()
    return values.float(), variance.clamp_min(0).float()


def _note(norm: nn.BatchNorm2d, mean: torch.Tensor, variance: torch.Tensor, count: int) -> None:
    """Note running statistics as torch does, with the unbiased variance."""
    assert norm.running_mean is not None
    assert norm.running_var is not None
    assert norm.num_batches_tracked is not None
    assert norm.momentum is not None
    norm.num_batches_tracked += 1
    norm.running_mean.lerp_(mean, norm.momentum)
    norm.running_var.lerp_(variance * (count / (count - 1)), norm.momentum)
