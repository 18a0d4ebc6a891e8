"""The registries that `mebench list` and `mebench describe` look into, imported one by one."""

from __future__ import annotations

import importlib
from typing import Any

from mebench.registry import Registry

KINDS = {
    "methods": "mebench.methods.catalogue:METHODS",
    "datasets": "mebench.datasets.catalogue:DATASETS",
    "protocols": "mebench.protocols.catalogue:PROTOCOLS",
    "metrics": "mebench.metrics.catalogue:METRICS",
    "detectors": "mebench.faces.au_catalogue:AU_DETECTORS",
    "landmarks": "mebench.faces.landmarks.catalogue:LANDMARKS",
    "executors": "mebench.runs.executors.catalogue:EXECUTORS",
}


def registry(kind: str) -> Registry[Any]:
    """Import the registry of one kind."""
    module, _, name = KINDS[kind].partition(":")
    found: Registry[Any] = getattr(importlib.import_module(module), name)
    return found
