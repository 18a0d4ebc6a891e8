"""One thread and reproducible kernels while a method computes.

A run uses its cores as several processes. With one thread in each, sums are always taken in the same order, so that the
files of a run do not depend on how many processes or cores it had.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch


@contextlib.contextmanager
def reproducible(seed: int | None = None) -> Iterator[None]:
    """Compute on one thread with deterministic kernels, and leave torch's settings and random state as they were.

    Parameters
    ----------
    seed : seed of torch's random state inside; None leaves it alone.
    """
    threads = torch.get_num_threads()
    deterministic = torch.are_deterministic_algorithms_enabled()
    warn_only = torch.is_deterministic_algorithms_warn_only_enabled()
    cudnn = torch.backends.cudnn
    benchmark, rounded = cudnn.benchmark, cudnn.allow_tf32
    memory: Any = torch.utils.deterministic
    filled = memory.fill_uninitialized_memory
    with torch.random.fork_rng(enabled=seed is not None):
        torch.set_num_threads(1)
        torch.use_deterministic_algorithms(True, warn_only=True)
        cudnn.benchmark = False
        cudnn.allow_tf32 = False  # a GPU would round the factors of convolutions to 10 bits, and score otherwise
        memory.fill_uninitialized_memory = False  # a debugging aid that costs 5%
        if seed is not None:
            torch.manual_seed(seed)
        try:
            yield
        finally:
            torch.set_num_threads(threads)
            torch.use_deterministic_algorithms(deterministic, warn_only=warn_only)
            cudnn.benchmark, cudnn.allow_tf32 = benchmark, rounded
            memory.fill_uninitialized_memory = filled


def seed_of(random: np.random.Generator) -> int:
    """Return a seed for torch from a numpy stream."""
    return int(random.integers(2**31))
