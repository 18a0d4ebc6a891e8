"""Normalisation and zero-phase smoothing of per-frame scores (thesis 5.4.5 and 3.5.6).

Conventions
-----------
A score curve is a float array of shape (n_frames,), one value a frame. Cut-offs are in cycles per frame, at most 0.5.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import signal

Curve = NDArray[np.float64]


def stretch(curve: NDArray[np.floating]) -> Curve:
    """Stretch a curve to the range 0..1; a constant curve becomes zeros."""
    values = np.asarray(curve, dtype=np.float64)
    low, high = (values.min(), values.max()) if values.size else (0.0, 0.0)
    return (values - low) / (high - low) if high > low else np.zeros_like(values)


def centre(curve: NDArray[np.floating]) -> Curve:
    """Shift the logits of a curve of probabilities so that its median becomes 0.5.

    What a network takes for rest differs from face to face; most frames of a long video show rest, so their median
    tells where it lies for this face, and the differences above it are kept as they are.
    """
    values = np.clip(np.asarray(curve, dtype=np.float64), 1e-7, 1 - 1e-7)
    if values.size == 0:
        return values
    logits = np.log(values / (1 - values))
    return np.asarray(1 / (1 + np.exp(np.median(logits) - logits)))


def butterworth(curve: NDArray[np.floating], cutoff: float, order: int = 2) -> Curve:
    """Smooth a curve with a Butterworth low-pass filter run forwards and backwards, so that nothing is shifted.

    Parameters
    ----------
    curve : shape (n_frames,); the ends are continued by odd reflection, as far as the curve is long.
    cutoff : cycles per frame; at 0.5 (the Nyquist limit) or above the curve is returned as it is.
    order : order of one pass.
    """
    values = np.asarray(curve, dtype=np.float64)
    if cutoff >= 0.5 or len(values) < 2:
        return values.copy()
    sections = signal.butter(order, 2 * cutoff, output="sos")
    reach = min(int(np.ceil(3 / cutoff)), len(values) - 1)
    return np.asarray(signal.sosfiltfilt(sections, values, padlen=reach))


def savitzky_golay(curve: NDArray[np.floating], window: int, order: int = 2) -> Curve:
    """Smooth a curve with a Savitzky-Golay filter; a shorter curve gets the longest odd window that fits."""
    values = np.asarray(curve, dtype=np.float64)
    window = min(window, len(values) - 1 + len(values) % 2)
    return values.copy() if window <= order else np.asarray(signal.savgol_filter(values, window, order))
