"""A word in time where too little memory is left to load a library: loading it would crash the process.

Conventions
-----------
Only a limit on address space (`ulimit -v`) is looked at; without one, nothing is changed.
"""

from __future__ import annotations

import importlib.abc
import resource
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

from mebench.errors import TooLittleMemory

_NEEDS = {"numpy": 140, "scipy": 60, "sklearn": 120, "cv2": 340, "torch": 560}
"""Address space in MiB that loading takes, on a processor without a GPU; what it crashes without, rounded up."""


class _Guard(importlib.abc.MetaPathFinder):
    """Finds nothing; refuses a library that there is no room for."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        """Return None, as a finder does that does not know the module.

        Raises
        ------
        TooLittleMemory : when the limit leaves too little.
        """
        need = _NEEDS.get(name, 0)
        if need and (left := _left()) < need:
            raise TooLittleMemory(
                f"{name} needs about {need} MiB of memory, and the limit of this shell leaves {left} MiB: "
                "raise the limit (ulimit -v unlimited)."
            )
        return None


def guard_imports() -> None:
    """Look at the memory before large libraries are imported, where it is limited."""
    if resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY:
        return
    if not any(isinstance(finder, _Guard) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Guard())


def _left() -> int:
    """Return the address space that is left in MiB; all of the limit where the system does not tell what is used."""
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    try:
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:
        used = 0
    return max(limit - used, 0) >> 20
