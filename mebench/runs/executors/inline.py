"""The executor for debuggers and notebooks: everything happens in the calling process."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence

from mebench.runs.executors.base import Executor, Listen, Outcome, Task, carry_out
from mebench.runs.resources import one_thread


class Inline(Executor):
    """Carries out one task after the other; `jobs` is of no consequence."""

    id = "inline"

    def run(self, tasks: Sequence[Task], listen: Listen) -> Iterator[Outcome]:
        """Yield the outcome of each task in order."""
        for task in tasks:
            with one_thread():
                outcome = carry_out(task, functools.partial(listen, task.id))
            yield outcome
