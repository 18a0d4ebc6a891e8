"""What a run must know of its method, found out in a process of its own on this machine.

The process that plans a run thus never imports torch: it stays small, and its imports are not waited for twice. The
executor that the user chose has no part in it: on a cluster that would be a queued job before anything starts.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from mebench.errors import UserError
from mebench.methods.base import Method
from mebench.methods.catalogue import METHODS
from mebench.runs.executors.base import Executor, Job, Report
from mebench.runs.executors.inline import Inline
from mebench.runs.executors.local import Local
from mebench.runs.plan import Validation
from mebench.runs.spec import RunSpec
from mebench.runs.work.base import work_of
from mebench.settings import digest_of


@dataclasses.dataclass(frozen=True)
class MethodFacts:
    """A method as the plan of a run needs it.

    Attributes
    ----------
    id, version, task, trains, validation, reads_frames, is_bound : those of the class, or of the configured method
        where they follow from its settings.
    prepares : whether there is anything to prepare.
    settings : resolved settings by dataset id.
    digests : digests of id, version and settings by dataset id.
    refusals : why a dataset cannot be used, by dataset id.
    tuned : what of the settings was chosen on tested data, a clause each.
    tables : the setting with which OpenFace tables are read, by the id of the dataset that needs them.
    """

    id: str
    version: str
    task: str
    trains: bool
    validation: Validation
    reads_frames: bool
    is_bound: bool
    prepares: bool
    settings: Mapping[str, Mapping[str, Any]]
    digests: Mapping[str, str]
    refusals: Mapping[str, str]
    tuned: tuple[str, ...] = ()
    tables: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class FactsWork:
    """What is to be found out: the method of a run on datasets that are for some tasks each."""

    spec: RunSpec
    tasks: Mapping[str, tuple[str, ...]]


def resolve_method(spec: RunSpec, tasks: Mapping[str, tuple[str, ...]], executor: Executor) -> MethodFacts:
    """Import and configure a run's method elsewhere and say what came of it.

    Parameters
    ----------
    spec : names the method and its options.
    tasks : the tasks that each dataset is for, by its id.
    executor : asked for a process where it keeps processes on this machine.

    Raises
    ------
    UserError : for an unknown method or setting, and when the method cannot be imported.
    """
    METHODS.entry(spec.method)
    job = Job("method", find_facts, FactsWork(spec, tasks))
    if isinstance(executor, Inline | Local):
        outcome = next(iter(executor.run([job], lambda *_: None)))
    else:
        with Local(1) as own:
            outcome = next(iter(own.run([job], lambda *_: None)))
    if outcome.error is not None:
        raise UserError(outcome.error)
    facts: MethodFacts = outcome.value
    return facts


def find_facts(work: FactsWork, report: Report) -> MethodFacts:
    """Return the facts of a run's method.

    Raises
    ------
    UserError : also when its code fails while it is set up.
    """
    from mebench.runs.plugins import load_plugin

    for path in work.spec.plugins:
        load_plugin(path)
    cls: type[Method[Any]] = METHODS.get(work.spec.method)
    try:
        return _facts(cls, work)
    except (UserError, MemoryError):
        raise
    except Exception as error:
        raise UserError(
            f"The method {work.spec.method} cannot be set up ({type(error).__name__}: {error}): mend it; `mebench test "
            "--plugin FILE` says more."
        ) from error


def _facts(cls: type[Method[Any]], work: FactsWork) -> MethodFacts:
    methods = {id: cls.configure(work.spec.options, id) for id in work.tasks}
    for method in methods.values():
        method.require_parts()
    first = next(iter(methods.values()))
    refusals = {id: method.supports(id, work.tasks[id]) for id, method in methods.items()}
    return MethodFacts(
        cls.id,
        cls.version,
        cls.task,
        first.trains,
        first.validation,
        first.reads_frames,
        first.is_bound,
        work_of(cls.task).prepares(cls),
        {id: method.settings() for id, method in methods.items()},
        {id: method.digest() for id, method in methods.items()},
        {id: reason for id, reason in refusals.items() if reason is not None},
        tuple(sorted({clause for method in methods.values() if (clause := method.tuned_on_test())})),
        {id: setting for id, method in methods.items() if (setting := method.needs_tables())},
    )


def digest_of_method(facts: MethodFacts) -> str:
    """Return one digest of the method, whatever the number of datasets."""
    digests = list(facts.digests.values())
    return digests[0] if all(other == digests[0] for other in digests) else digest_of(dict(facts.digests))
