"""Empirical mode decomposition: a signal as oscillations, the fastest first, and a trend (Huang et al. 1998).

Conventions
-----------
A mode is what is left of a signal when the mean of its upper and its lower envelope has been subtracted until that mean
is next to nothing; the next mode is taken from the rest. Envelopes are cubic splines through the maxima and the minima,
which are mirrored at both ends. Written here because no kept-up package has it; programs differ in the ends and in when
they stop, so that modes agree but for details.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

Signal = NDArray[np.float64]

_SIFTS = 50
_STILL = 0.05
"""A mode is done when the mean of its envelopes has this share of its energy."""
_MODES = 12
_MIRRORED = 2
"""Extrema that are mirrored beyond each end."""


def modes(signal: NDArray[np.floating]) -> list[Signal]:
    """Return the modes of a signal, the fastest first, and its trend as the last one; they add up to it.

    Parameters
    ----------
    signal : shape (n,).

    Returns
    -------
    At least the trend, each of shape (n,).
    """
    rest = np.asarray(signal, np.float64).copy()
    found: list[Signal] = []
    while len(found) < _MODES and _oscillates(rest):
        mode = _sifted(rest)
        found.append(mode)
        rest = rest - mode
    return [*found, rest]


def without_trend(signal: NDArray[np.floating]) -> Signal:
    """Return a signal without its trend: the sum of its oscillations."""
    return np.asarray(np.asarray(signal, np.float64) - modes(signal)[-1])


def _oscillates(signal: Signal) -> bool:
    return min(map(len, _extrema(signal))) >= 1 and sum(map(len, _extrema(signal))) >= 3


def _sifted(signal: Signal) -> Signal:
    mode = signal
    for _ in range(_SIFTS):
        upper, lower = (_envelope(mode, at) for at in _extrema(mode))
        if upper is None or lower is None:
            break
        mean = (upper + lower) / 2
        mode = mode - mean
        if np.sum(mean**2) <= _STILL**2 * np.sum(mode**2):
            break
    return mode


def _extrema(signal: Signal) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the indices of the maxima and of the minima inside a signal; of a plateau the middle."""
    change = np.sign(np.diff(signal))
    moving = np.flatnonzero(change)
    turns = np.flatnonzero(change[moving[1:]] != change[moving[:-1]]) if len(moving) else moving
    at = (moving[turns] + 1 + moving[turns + 1]) // 2 if len(turns) else turns
    falls = change[moving[turns]] > 0 if len(turns) else np.zeros(0, np.bool_)
    return at[falls], at[~falls]


def _envelope(signal: Signal, at: NDArray[np.int64]) -> Signal | None:
    """Return the spline through some points of a signal, mirrored at the ends; None where there are none."""
    if not len(at):
        return None
    last = len(signal) - 1
    head, tail = at[:_MIRRORED], at[-_MIRRORED:]
    places = np.concatenate([-head[::-1], at, 2 * last - tail[::-1]])
    values = np.concatenate([signal[head[::-1]], signal[at], signal[tail[::-1]]])
    places, first = np.unique(places, return_index=True)
    if len(places) < 2:
        return np.full(len(signal), values[0])
    return np.asarray(CubicSpline(places, values[first], bc_type="natural")(np.arange(len(signal))))
