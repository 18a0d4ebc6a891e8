"""The states of all random streams that a training may draw from.

Conventions
-----------
Taken and put back together: torch's stream (and those of its GPUs where one is in use), numpy's and Python's global
ones, and any numpy generators that are handed over.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch


def random_states(generators: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Return the states as a tree, see `tree`.

    Parameters
    ----------
    generators : numpy generators by name.
    """
    return {
        "torch": torch.get_rng_state(),
        "cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_initialized() else [],
        "numpy": np.random.get_state(legacy=False),  # noqa: NPY002
        "python": random.getstate(),
        "generators": {name: generator.bit_generator.state for name, generator in generators.items()},
    }


def set_random_states(states: Mapping[str, Any], generators: Mapping[str, np.random.Generator]) -> None:
    """Put the streams back where `random_states` found them.

    Parameters
    ----------
    generators : the generators to put back; a name without a kept state is left alone.
    """
    torch.set_rng_state(states["torch"])
    if states["cuda"] and len(states["cuda"]) == torch.cuda.device_count():
        torch.cuda.set_rng_state_all(states["cuda"])
    np.random.set_state(states["numpy"])  # noqa: NPY002
    random.setstate(states["python"])
    for name, generator in generators.items():
        if name in states["generators"]:
            generator.bit_generator.state = states["generators"][name]
