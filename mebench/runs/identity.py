"""What a run is: the configuration that all starts of it share, the folder that follows from it, and its names.

Conventions
-----------
Two runs of equal configuration end in the same files; what varies between starts is not in it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mebench.errors import UserError
from mebench.protocols.base import Protocol
from mebench.runs.mended import goes_on
from mebench.runs.plan import Fold
from mebench.runs.plugins import plugin_digest
from mebench.runs.provenance import version
from mebench.runs.resolve import MethodFacts, digest_of_method
from mebench.runs.spec import RunSpec, Workspace
from mebench.runs.store import RunFolder
from mebench.schema.scorecard import DatasetRef, MethodRef
from mebench.settings import digest_of


def config_of(spec: RunSpec, facts: MethodFacts, rules: Protocol, plan: Sequence[Fold]) -> dict[str, Any]:
    """Return what the run is: equal for two runs that must end in the same files."""
    space = spec.open()
    kind = space.task.recordings

    def entry(id: str, dataset: Any) -> dict[str, Any]:
        return {
            "id": id,
            "version": dataset.version,
            "settings": dataset.settings(),
            "digest": dataset.digest(kind),
            "method_settings": facts.settings[id],
            "method_digest": facts.digests[id],
        }

    return {
        "schema": 2,
        "mebench": version(),
        "task": facts.task,
        "protocol": {"id": rules.id, "version": rules.version},
        "method": {"id": facts.id, "version": facts.version},
        "datasets": [entry(id, dataset) for id, dataset in space.datasets.items()],
        "training": [entry(id, dataset) for id, dataset in space.training.items()],
        "also": [{"id": copies.name, "digest": copies.digest(kind)} for copies in space.copies],
        "seed": spec.seed,
        "device": spec.device,
        "plugins": [plugin_digest(path) for path in spec.plugins],
        "folds": [fold.as_dict() for fold in plan],
    }


def usual_folder(runs: Path, spec: RunSpec, config: dict[str, Any]) -> Path:
    """Name a run's folder after its method and datasets, with a digest of all the rest.

    A run in which a fold has failed keeps its folder when a plug-in is mended.
    """
    ids = "-".join([spec.method, *(choice.id for choice in (*spec.training, *spec.datasets))])
    name = re.sub(r"[^A-Za-z0-9_.-]+", "_", ids)
    usual = runs / f"{name}-{digest_of(config)[:8]}"
    if usual.exists() or not spec.plugins:
        return usual
    return next((other for other in sorted(usual.parent.glob(f"{name}-*")) if _goes_on(other, config)), usual)


def _goes_on(other: Path, config: dict[str, Any]) -> bool:
    try:
        return goes_on(other, config, RunFolder(other).config())
    except UserError:
        return False


def method_of(facts: MethodFacts) -> MethodRef:
    """Return the method as the scorecard names it; settings that differ between datasets stand under their ids."""
    settings = list(facts.settings.values())
    same = all(other == settings[0] for other in settings)
    plain: Mapping[str, Any] = settings[0] if same else dict(facts.settings)
    return MethodRef(facts.id, plain, digest_of_method(facts), facts.is_bound)


def trained_on(space: Workspace, facts: MethodFacts) -> tuple[DatasetRef, ...]:
    """Return which datasets the method has learnt from."""
    if not facts.trains:
        return ()
    kind = space.task.recordings
    rules = space.protocol
    pretrains = rules is not None and rules.pretrains
    learnt = {**space.training, **space.datasets} if pretrains else space.training or space.datasets
    found = [DatasetRef(id, dataset.digest(kind)) for id, dataset in learnt.items()]
    return (*found, *(DatasetRef(copies.name, copies.digest(kind)) for copies in space.copies))
