"""Jobs, their outcomes, and what an executor does with them.

Conventions
-----------
A job is a module-level function and a picklable argument, so an executor needs to know nothing about folds. Outcomes
come in the order in which jobs end; nothing that is stored depends on that order. A job that fails or whose process
dies gives an outcome with a reason; the others go on.
"""

from __future__ import annotations

import abc
import dataclasses
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Any, ClassVar, Self

from mebench.runs.failures import describe
from mebench.runs.places import same_folder
from mebench.runs.resources import peak_megabytes

Report = Callable[[str, int, int], None]
"""Called by a job as report(what, done, total)."""

Listen = Callable[[str, str, int, int], None]
"""Called in the parent process as listen(job, what, done, total)."""


@dataclasses.dataclass(frozen=True)
class Job:
    """One piece of work: `function(argument, report)`; `id` names it in messages."""

    id: str
    function: Callable[[Any, Report], Any]
    argument: Any


@dataclasses.dataclass(frozen=True)
class Outcome:
    """How a job ended.

    Attributes
    ----------
    job : the job's id.
    value : what the function returned.
    error : None, or one sentence that says why the job failed.
    details : traceback of the failure, for those who mend the code.
    seconds : wall-clock time.
    peak_mb : largest resident size of the process so far.
    """

    job: str
    value: Any = None
    error: str | None = None
    details: str = ""
    seconds: float = 0.0
    peak_mb: float = 0.0


class Executor(abc.ABC):
    """Carries out jobs; used as a context manager, and for several rounds of jobs."""

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
    def run(self, work: Sequence[Job], listen: Listen) -> Iterator[Outcome]:
        """Start the jobs in the given order and yield each outcome as it comes."""


def run_job(job: Job, report: Report) -> Outcome:
    """Run one job here and turn whatever it raises into an outcome; the working folder stays what it was."""
    start = time.perf_counter()
    value, error, details = None, None, ""
    try:
        with same_folder():
            value = job.function(job.argument, report)
    except (Exception, SystemExit, GeneratorExit) as problem:
        error, details = describe(problem), traceback.format_exc()
    return Outcome(job.id, value, error, details, time.perf_counter() - start, peak_megabytes())
