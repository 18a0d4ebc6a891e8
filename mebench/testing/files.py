"""Checks of everything that a plug-in file defines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
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


def checks_of(plugin: Path, roots: Mapping[str, Path] | None = None, tell: Tell = silent) -> Iterator[Finding]:
    """Check every method, dataset, protocol, metric, executor and detector of a plug-in file.

    Parameters
    ----------
    plugin : the file; it is loaded where it has not been.
    roots : folders of its datasets, by id.
    tell : is handed a line about what is being done.

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
    kinds: tuple[tuple[Registry[Any], Callable[[Any], Iterator[Finding]]], ...] = (
        (DATASETS, lambda cls: check_dataset(cls, given.get(cls.id), tell)),
        (METHODS, lambda cls: check_method(cls, tell, plugin)),
        (PROTOCOLS, lambda cls: check_protocol(cls, tell)),
        (METRICS, lambda metric: check_metric(metric, tell)),
        (EXECUTORS, lambda cls: check_executor(cls, tell)),
        (AU_DETECTORS, lambda cls: find_all(f"detector {cls.id}", common_checks(cls), tell)),
    )
    for registry, check in kinds:
        for entry in list(registry.entries()):
            if entry.target.startswith(module):
                yield from check(registry.get(entry.id))
