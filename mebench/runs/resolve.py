"""What a run must know of its method, found out in a working process.

The process that plans a run thus never imports torch: it stays small, and its imports are not waited for twice.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from mebench.errors import UserError
from mebench.methods.catalogue import METHODS
from mebench.methods.spotting.base import Spotter
from mebench.runs.executors.base import Executor, Report, Task
from mebench.runs.spec import RunSpec


@dataclasses.dataclass(frozen=True)
class MethodFacts:
    """A method as the plan of a run needs it.

    Attributes
    ----------
    id, version, trains : those of the class.
    prepares : whether there is anything to prepare.
    reads_frames : whether the result depends on the frames.
    settings : resolved settings by dataset id.
    digests : digests of id, version and settings by dataset id.
    refusals : why a dataset cannot be used, by dataset id.
    """

    id: str
    version: str
    trains: bool
    prepares: bool
    reads_frames: bool
    settings: Mapping[str, Mapping[str, Any]]
    digests: Mapping[str, str]
    refusals: Mapping[str, str]


def resolve_method(spec: RunSpec, executor: Executor) -> MethodFacts:
    """Import and configure a run's method elsewhere and say what came of it.

    Raises
    ------
    UserError : for an unknown method or setting, and when the method cannot be imported.
    """
    METHODS.entry(spec.method)
    outcome = next(iter(executor.run([Task("method", find_facts, spec)], lambda *_: None)))
    if outcome.error is not None:
        raise UserError(outcome.error)
    facts: MethodFacts = outcome.value
    return facts


def find_facts(spec: RunSpec, report: Report) -> MethodFacts:
    """Return the facts of a run's method."""
    space = spec.open()
    cls = space.method_class
    methods = {id: space.method(id) for id in space.datasets}
    refusals = {id: methods[id].supports(id, dataset.task) for id, dataset in space.datasets.items()}
    return MethodFacts(
        cls.id,
        cls.version,
        cls.trains,
        cls.prepare is not Spotter.prepare,
        cls.reads_frames,
        {id: method.settings() for id, method in methods.items()},
        {id: method.digest() for id, method in methods.items()},
        {id: reason for id, reason in refusals.items() if reason is not None},
    )
