"""Tasks, their outcomes, and what an executor does with them.

Conventions
-----------
A task is a module-level function and a picklable argument, so an executor needs to know nothing about folds. Outcomes
come in the order in which tasks end; nothing that is stored depends on that order. A task that fails or whose process
dies gives an outcome with a reason; the other tasks go on.
"""

from __future__ import annotations

import abc
import dataclasses
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Any, ClassVar, Self

from mebench.registry import Registry
from mebench.runs.failures import describe
from mebench.runs.resources import peak_megabytes

Report = Callable[[str, int, int], None]
"""Called by a task as report(what, done, total)."""

Listen = Callable[[str, str, int, int], None]
"""Called in the parent process as listen(task, what, done, total)."""


@dataclasses.dataclass(frozen=True)
class Task:
    """One piece of work: `function(argument, report)`; `id` names it in messages."""

    id: str
    function: Callable[[Any, Report], Any]
    argument: Any


@dataclasses.dataclass(frozen=True)
class Outcome:
    """How a task ended.

    Attributes
    ----------
    task : the task's id.
    value : what the function returned.
    error : None, or one sentence that says why the task failed.
    details : traceback of the failure, for those who mend the code.
    seconds : wall-clock time.
    peak_mb : largest resident size of the process so far.
    """

    task: str
    value: Any = None
    error: str | None = None
    details: str = ""
    seconds: float = 0.0
    peak_mb: float = 0.0


class Executor(abc.ABC):
    """Carries out tasks; used as a context manager, and for several rounds of tasks."""

    id: ClassVar[str]

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs

    def __enter__(self) -> Self:
        """Return the executor itself."""
        return self

    def __exit__(  # noqa: B027  an executor without processes has nothing to stop
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        """Stop whatever is still running."""

    @abc.abstractmethod
    def run(self, tasks: Sequence[Task], listen: Listen) -> Iterator[Outcome]:
        """Start the tasks in the given order and yield each outcome as it comes."""


EXECUTORS: Registry[type[Executor]] = Registry("executor", "mebench.executors")
EXECUTORS.add("inline", "mebench.runs.executors.inline:Inline", "in this very process, one task after the other")
EXECUTORS.add("local", "mebench.runs.executors.local:Local", "in as many processes of this machine as --jobs says")


def carry_out(task: Task, report: Report) -> Outcome:
    """Run one task here and turn whatever it raises into an outcome."""
    start = time.perf_counter()
    value, error, details = None, None, ""
    try:
        value = task.function(task.argument, report)
    except Exception as problem:
        error, details = describe(problem), traceback.format_exc()
    return Outcome(task.id, value, error, details, time.perf_counter() - start, peak_megabytes())
