"""What the networks look at: maps of flow and strain, each clip scaled by itself.

Conventions
-----------
Pictures are float32 (channels, size, size), channels in the order u, v, strain.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def scaled(maps: Floats) -> Floats:
    """Return maps (size, size, 2 or 3) within -1..1; what is 0 stays 0, and so do directions.

    u and v are divided by the largest absolute component, strain by its highest value. A map without motion stays 0.
    """
    made = np.array(maps, np.float32)
    for part in (slice(0, 2), slice(2, None)):
        highest = np.abs(made[..., part]).max(initial=0)
        if highest > 0:
            made[..., part] /= highest
    return made


def channels_first(maps: Floats) -> Floats:
    """Return maps (size, size, channels) as the picture (channels, size, size)."""
    return np.ascontiguousarray(maps.transpose(2, 0, 1))
