"""Where torch is not installed, the test modules that import it are skipped, and say so.

A test outside of these that needs torch calls `pytest.importorskip("torch", reason="torch is not installed")`.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from mebench.errors import UserError
from mebench.registry import Registry
from mebench.runs.resources import available_cores

# No test is timed: how long an example takes says how busy the machine is.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
# Output is not folded, however wide the terminal that the tests were started from calls itself.
os.environ.pop("COLUMNS", None)

NEEDS_TORCH = (
    "apply/test_explain.py",
    "apply/test_explain_moving.py",
    "apply/test_explained.py",
    "faces/test_lcn_torch.py",
    "figures/test_explained.py",
    "methods/nets",
    "methods/recognition/fer",
    "methods/recognition/dtscnn",
    "methods/recognition/emr",
    "methods/recognition/flow_networks",
    "methods/recognition/mie_x",
    "methods/spotting/softnet",
    "methods/spotting/spot3dcnn",
    "runs/test_work.py",
)
"""Modules and folders of modules, below this one."""
HERE = Path(__file__).parent


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """As many as this process may use, whatever the machine has; more than four gain little and take memory."""
    return min(available_cores(), 4)


class WithoutTorch(pytest.Module):
    """A test module that is skipped before it is imported."""

    def collect(self):
        pytest.skip("torch is not installed", allow_module_level=True)


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    needs_torch = any(module_path.is_relative_to(HERE / name) for name in NEEDS_TORCH)
    if needs_torch and importlib.util.find_spec("torch") is None:
        return WithoutTorch.from_parent(parent, path=module_path)
    return None


@pytest.fixture
def one_thread() -> Iterator[None]:
    """Let torch compute with one thread; imported here, since folders of tests are looked into where it is missing."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def loaded() -> Callable[[Registry[Any], str], Any]:
    """Return how a registered object is loaded; one that needs torch is skipped where torch is not installed."""

    def load(registry: Registry[Any], id: str) -> Any:
        try:
            return registry.get(id)
        except UserError as error:
            if importlib.util.find_spec("torch") is None and "No module named 'torch'" in str(error):
                pytest.skip("torch is not installed")
            raise

    return load
