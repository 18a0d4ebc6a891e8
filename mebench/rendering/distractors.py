"""Movements that real recordings have and nobody labels: blinks, gaze shifts, swallowing, speech-like mouth motion.

Each adds intensities of action units, or moves the eyes, without ever appearing in the events.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mebench.rendering.action_units import INDEX

Array = NDArray[np.float64]


def _times(rng: np.random.Generator, n: int, fps: float, per_minute: float, least: float) -> list[float]:
    """Draw event times in seconds with random gaps of at least `least` seconds."""
    times, at = [], float(rng.uniform(0, 60 / per_minute))
    while at < n / fps:
        times.append(at)
        at += least + float(rng.exponential(max(60 / per_minute - least, 0.05)))
    return times


def blinks(rng: np.random.Generator, n: int, fps: float) -> Array:
    """Intensity of AU45, (n,): 10-20 blinks a minute, closing in 60-100 ms, open again within 250 ms."""
    t = np.arange(n) / fps
    closure = np.zeros(n)
    for start in _times(rng, n, fps, rng.uniform(10, 20), 0.8):
        close, shut, reopen = rng.uniform(0.06, 0.10), rng.uniform(0.01, 0.04), rng.uniform(0.09, 0.11)
        lag = t - start
        down = np.clip(lag / close, 0, 1)
        up = np.clip((lag - close - shut) / reopen, 0, 1)
        closure = np.maximum(closure, down * (1 - up * up * (3 - 2 * up)))
    return np.round(5 * closure, 4)


def gaze(rng: np.random.Generator, n: int, fps: float) -> Array:
    """Shift of the irises in IPD, (n, 2) x and y down: fixations joined by saccades of 20-80 ms, and small drift."""
    t = np.arange(n) / fps
    out = np.zeros((n, 2))
    here = rng.normal(0, 0.012, 2)
    out += here
    for start in _times(rng, n, fps, rng.uniform(25, 45), 0.25):
        target = (
            np.clip(rng.normal(0, (0.035, 0.018)), (-0.08, -0.03), (0.08, 0.03))
            if rng.random() < 0.6
            else rng.normal(0, 0.01, 2)
        )
        jump = np.clip((t - start) / rng.uniform(0.02, 0.08), 0, 1)[:, None]
        out += (target - here) * jump
        here = target
    wobble = 0.002 * np.sin(2 * np.pi * rng.uniform(0.3, 0.9, 2) * t[:, None] + rng.uniform(0, 6, 2))
    return np.round(out + wobble, 5)


def mouth_motion(rng: np.random.Generator, n: int, fps: float) -> Array:
    """Intensities (n, 17) of swallowing (a pressed mouth and a rising chin) and of speech-like jaw movement."""
    t = np.arange(n) / fps
    units = np.zeros((n, len(INDEX)))
    for start in _times(rng, n, fps, rng.uniform(1.5, 3.5), 4.0):
        length = rng.uniform(0.5, 0.9)
        hump = np.sin(np.pi * np.clip((t - start) / length, 0, 1)) ** 2
        units[:, INDEX[17]] += rng.uniform(0.6, 1.3) * hump
        units[:, INDEX[23]] += rng.uniform(0.4, 1.0) * hump
    for start in _times(rng, n, fps, rng.uniform(1.0, 3.0), 4.0):
        length, rate = rng.uniform(0.5, 1.6), rng.uniform(3.0, 5.0)
        inside = np.clip((t - start) / 0.12, 0, 1) * np.clip((start + length - t) / 0.12, 0, 1)
        beat = 0.5 - 0.5 * np.cos(2 * np.pi * rate * (t - start) + 0.8 * np.sin(2 * np.pi * 1.3 * (t - start)))
        units[:, INDEX[25]] += rng.uniform(0.5, 1.6) * inside * beat
        units[:, INDEX[26]] += rng.uniform(0.15, 0.5) * inside * beat
        units[:, INDEX[20]] += rng.uniform(0.0, 0.5) * inside * (1 - beat)
    return np.asarray(np.round(np.clip(units, 0, 5), 4), np.float64)
