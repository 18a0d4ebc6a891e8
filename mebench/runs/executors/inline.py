"""The executor for debuggers and notebooks: everything happens in the calling process."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence

from mebench.runs.executors.base import Executor, Job, Listen, Outcome, run_job
from mebench.runs.resources import one_thread


class Inline(Executor):
    """For debuggers and notebooks: the number of jobs is of no consequence."""

    id = "inline"

    def run(self, work: Sequence[Job], listen: Listen) -> Iterator[Outcome]:
        """Yield the outcome of each job in order."""
        for job in work:
            with one_thread():
                outcome = run_job(job, functools.partial(listen, job.id))
            yield outcome
