"""Checks of everything that a plug-in file defines."""

from __future__ import annotations

import functools
import multiprocessing
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from mebench.datasets.catalogue import DATASETS
from mebench.faces.au_catalogue import AU_DETECTORS
from mebench.methods.catalogue import METHODS
from mebench.metrics.catalogue import METRICS
from mebench.protocols.catalogue import PROTOCOLS
from mebench.registry import Registry
from mebench.runs.executors.catalogue import EXECUTORS
from mebench.runs.plugins import PREFIX, load_plugin, plugin_digest
from mebench.testing.datasets import check_dataset
from mebench.testing.executors import check_executor
from mebench.testing.findings import Finding, Tell, find_all, silent
from mebench.testing.methods import check_method
from mebench.testing.metrics import check_metric
from mebench.testing.plugins import common_checks
from mebench.testing.protocols import check_protocol

_GRACE = 1.0
"""Seconds that a thread is given to end."""


def checks_of(
    plugin: Path, roots: Mapping[str, Path] | None = None, tell: Tell = silent, passed_over: Collection[str] = ()
) -> Iterator[Finding]:
    """Check every method, dataset, protocol, metric, executor and detector of a plug-in file.

    Parameters
    ----------
    plugin : the file; it is loaded where it has not been.
    roots : folders of its datasets, by id.
    tell : is handed a line about what is being done.
    passed_over : plug-ins that are not checked, such as `method stillness`.

    Yields
    ------
    A finding a check.

    Raises
    ------
    UserError : when the file cannot be loaded.
    """
    load_plugin(plugin)
    module = f"{PREFIX}{plugin_digest(plugin)[:16]}:"
    given = roots or {}
    kinds: tuple[tuple[str, Registry[Any], Callable[[Any], Iterator[Finding]]], ...] = (
        ("dataset", DATASETS, lambda cls: check_dataset(cls, given.get(cls.id), tell)),
        ("method", METHODS, lambda cls: check_method(cls, tell, plugin)),
        ("protocol", PROTOCOLS, lambda cls: check_protocol(cls, tell)),
        ("metric", METRICS, lambda metric: check_metric(metric, tell)),
        ("executor", EXECUTORS, lambda cls: check_executor(cls, tell)),
        ("detector", AU_DETECTORS, lambda cls: find_all(f"detector {cls.id}", common_checks(cls), tell)),
    )
    for kind, registry, check in kinds:
        for entry in list(registry.entries()):
            name = f"{kind} {entry.id}"
            if entry.target.startswith(module) and name not in passed_over:
                before = set(threading.enumerate())
                yield from check(registry.get(entry.id))
                yield from find_all(name, {"leaves nothing running": functools.partial(_left_running, before)}, tell)


def _left_running(before: set[threading.Thread]) -> str:
    """Return which threads and processes a plug-in has left: a process that has one cannot end."""
    threads = [t for t in threading.enumerate() if t not in before and not t.daemon]
    for thread in threads:
        thread.join(_GRACE)
    names = [f"the thread {thread.name}" for thread in threads if thread.is_alive()]
    names += [f"the process {child.name}" for child in multiprocessing.active_children() if not child.daemon]
    return f"It leaves {' and '.join(names)} at work: wait for them to end, or make them daemons." if names else ""
