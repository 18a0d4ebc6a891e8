"""`--plugin path.py`: methods, datasets, protocols, metrics, executors and detectors in a file of the user's own.

Every class of the file that has an `id` and derives from the base of one of these kinds is registered; the file is
a module named after its content, so the processes of a run find the same one.
"""

from __future__ import annotations

import hashlib
import importlib.util
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from mebench.datasets.base import Dataset
from mebench.datasets.catalogue import DATASETS
from mebench.errors import UserError
from mebench.faces.au_catalogue import AU_DETECTORS
from mebench.faces.landmarks.catalogue import LANDMARKS
from mebench.methods.base import Method
from mebench.methods.catalogue import METHODS
from mebench.metrics.base import Metric
from mebench.metrics.catalogue import METRICS
from mebench.registry import Registry
from mebench.runs.executors.base import Executor
from mebench.runs.executors.catalogue import EXECUTORS
from mebench.runs.places import same_folder
from mebench.schema.files import read_bounded

PREFIX = "mebench_plugin_"
"""Of the names that modules of plug-in files have."""


def load_plugin(path: Path) -> None:
    """Import a plug-in file once and register what it defines.

    Raises
    ------
    UserError : when the file is missing, cannot be imported, defines nothing, or takes an id that is taken.
    """
    name = f"{PREFIX}{plugin_digest(path)[:16]}"
    if name in sys.modules:
        return
    module = _import(path, name)
    classes: list[Any] = [c for c in vars(module).values() if inspect.isclass(c) and c.__module__ == name]
    found = [cls for cls in classes if _registry(cls)]
    if not found:
        del sys.modules[name]
        raise UserError(
            f"The plug-in {path} defines no method, dataset, protocol, metric, executor or detector with an id: add a "
            "class with one."
        )
    for cls in found:
        registry = _registry(cls)
        assert registry is not None
        registry.add(cls.id, f"{name}:{cls.__name__}", _summary(cls), task=_task(cls), origin=str(path))


def _summary(cls: Any) -> str:
    """Return the class's own summary, or the first line of its docstring."""
    return getattr(cls, "summary", "") or next(iter((cls.__doc__ or "").strip().splitlines()), "")


def _task(cls: Any) -> str:
    """Return the id of the task; a dataset may be for several."""
    return getattr(cls, "task", "") or ", ".join(getattr(cls, "tasks", ()))


def plugin_digest(path: Path) -> str:
    """Return the sha256 of a plug-in file.

    Raises
    ------
    UserError : when it cannot be read.
    """
    try:
        return hashlib.sha256(read_bounded(path)).hexdigest()
    except OSError as error:
        raise UserError(f"The plug-in {path} cannot be read ({error.strerror}): check the path.") from error


def _import(path: Path, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise UserError(f"The plug-in {path} is no Python file: give one whose name ends in .py.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        with same_folder():
            spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        raise UserError(f"The plug-in {path} cannot be imported ({type(error).__name__}: {error}): mend it.") from error
    return module


def _registry(cls: type) -> Registry[Any] | None:
    """Return where a class belongs, None for one without an id or of no known kind."""
    from mebench.protocols.base import Protocol
    from mebench.protocols.catalogue import PROTOCOLS

    if not getattr(cls, "id", ""):
        return None
    kinds: tuple[tuple[type, Registry[Any]], ...] = (
        (Method, METHODS),
        (Dataset, DATASETS),
        (Protocol, PROTOCOLS),
        (Metric, METRICS),
        (Executor, EXECUTORS),
        *_detector_bases(),
    )
    return next((registry for base, registry in kinds if issubclass(cls, base)), None)


def _detector_bases() -> Iterator[tuple[type, Registry[Any]]]:
    """Yield the classes of detectors where a plug-in has imported them; their libraries are not loaded else."""
    for name, base, registry in (
        ("mebench.faces.action_units", "ActionUnitDetector", AU_DETECTORS),
        ("mebench.faces.landmarks.base", "LandmarkDetector", LANDMARKS),
    ):
        if name in sys.modules:
            yield getattr(sys.modules[name], base), registry
