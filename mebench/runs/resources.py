"""What a run may use of the machine: cores, threads, device.

Conventions
-----------
Every process computes with one thread, whatever the executor: sums come out the same for `--jobs 1` and `--jobs 2`, and
processes do not fight for the cores.
"""

from __future__ import annotations

import contextlib
import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

from mebench.errors import UserError

_THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "OPENCV_FOR_THREADS_NUM",
)
ONE_THREAD = dict.fromkeys(_THREAD_VARIABLES, "1")
"""Environment under which numerical libraries start with one thread."""


def available_cores() -> int:
    """Return the number of cores that this process may use, which can be fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextlib.contextmanager
def one_thread_environment() -> Iterator[None]:
    """Start processes, or import libraries, under `ONE_THREAD`."""
    with mock.patch.dict(os.environ, ONE_THREAD):
        yield


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """Limit the libraries that are loaded already to one thread, and those that are loaded meanwhile."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    with one_thread_environment(), threadpool_limits(1):
        limit_loaded_libraries()
        yield


def limit_loaded_libraries() -> None:
    """Set torch and OpenCV to one thread where they are loaded."""
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)
    if "cv2" in sys.modules:
        sys.modules["cv2"].setNumThreads(1)


def seed_global_generators(seed: int) -> None:
    """Reset the global random generators, so that what a process did before cannot reach the next task.

    A method draws from `RunContext.rng`, or from a generator that it seeds itself; this is the safety net below.
    """
    random.seed(seed)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(seed % 2**32)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(seed)


def resolve_device(asked: str) -> str:
    """Turn `auto` into `cuda` where torch finds a GPU, else `cpu`.

    Torch is imported only when the machine shows signs of an NVIDIA driver.

    Raises
    ------
    UserError : when cuda is asked for and there is none, or the name is unknown.
    """
    if asked not in ("auto", "cpu", "cuda"):
        raise UserError(f"There is no device {asked!r}: use auto, cpu or cuda.")
    if asked == "cpu":
        return "cpu"
    driver = any(Path(path).exists() for path in ("/dev/nvidiactl", "/dev/dxg", "/proc/driver/nvidia"))
    found = False
    if driver or asked == "cuda" or os.name == "nt":
        import torch

        found = torch.cuda.is_available()
    if asked == "cuda" and not found:
        raise UserError("torch finds no CUDA device here: use --device cpu, or install a CUDA build of torch.")
    if found:
        # Without a workspace of its own, products of matrices differ from run to run on a GPU.
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    return "cuda" if found else "cpu"


def peak_megabytes() -> float:
    """Return the largest resident size that this process has had, in MB; 0 where the system does not say."""
    try:
        import resource
    except ImportError:
        return 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20) if sys.platform == "darwin" else peak / 1024
