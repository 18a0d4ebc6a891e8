"""Processes on this machine: `--jobs` of them, each started afresh, each with one thread.

A process that dies takes only its own job with it; a new one replaces it for the work that wait. The processes never
outlive their parent: not when it ends, not when it is killed.
"""

from __future__ import annotations

import collections
import contextlib
import multiprocessing
import os
import pickle
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import Any

from mebench.runs.executors.base import Executor, Job, Listen, Outcome, run_job
from mebench.runs.resources import limit_loaded_libraries, one_thread_environment

_SPAWN = multiprocessing.get_context("spawn")
_PROGRESS_EVERY = 0.1


class Local(Executor):
    """Each has one thread, so that results are the same for any number of them, and stays for the next job."""

    id = "local"

    def __init__(self, jobs: int) -> None:
        super().__init__(jobs)
        self._idle: list[_Worker] = []
        self._busy: dict[Connection, tuple[_Worker, Job]] = {}

    def run(self, work: Sequence[Job], listen: Listen) -> Iterator[Outcome]:
        """Yield the outcome of each job as it ends."""
        waiting = collections.deque(work)
        while waiting or self._busy:
            while waiting and len(self._busy) < self.jobs:
                worker = self._idle.pop() if self._idle else _Worker()
                worker.assign(waiting[0])
                self._busy[worker.connection] = (worker, waiting.popleft())
            for connection in wait(list(self._busy)):
                outcome = self._receive(connection, listen)  # type: ignore[arg-type]
                if outcome is not None:
                    yield outcome

    def _receive(self, connection: Connection, listen: Listen) -> Outcome | None:
        """Take one message of a process: progress, an outcome, or its end."""
        worker, job = self._busy[connection]
        try:
            message = connection.recv()
        except (EOFError, OSError, pickle.UnpicklingError):
            del self._busy[connection]
            return worker.post_mortem(job)
        if isinstance(message, Outcome):
            del self._busy[connection]
            self._idle.append(worker)
            return message
        listen(job.id, *message)
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        """End every process, the busy ones too."""
        for worker in [*self._idle, *(worker for worker, _ in self._busy.values())]:
            worker.end()
        self._idle.clear()
        self._busy.clear()


class _Worker:
    """The parent's end of one process."""

    def __init__(self) -> None:
        self.connection, theirs = _SPAWN.Pipe()
        self.process = _SPAWN.Process(target=serve, args=(theirs,), daemon=True, name="mebench-worker")
        with one_thread_environment():
            self.process.start()
        theirs.close()
        self.since = time.perf_counter()

    def assign(self, job: Job) -> None:
        """Hand a job over; a process that is dead already shows itself at the next receive."""
        self.since = time.perf_counter()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.connection.send(job)

    def post_mortem(self, job: Job) -> Outcome:
        """Say how the process died."""
        self.end()
        code = self.process.exitcode
        if code is not None and code < 0:
            reason = f"was killed by signal {signal.Signals(-code).name}"
            hint = "give a smaller --jobs if memory ran out, and run the same command again"
        else:
            reason = f"was ended from within, with code {code}"
            hint = "see that no method or dataset leaves Python, and run the same command again"
        return Outcome(job.id, error=f"Its process {reason}: {hint}.", seconds=time.perf_counter() - self.since)

    def end(self) -> None:
        """Close the pipe, then end the process if it does not go by itself."""
        self.connection.close()
        if self.process.exitcode is None:
            self.process.join(0.2)
        if self.process.is_alive():
            self.process.terminate()
            self.process.join(5)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


def serve(connection: Connection) -> None:
    """Carry out work until the pipe closes; the main function of a process of the pool."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_die_with_parent, daemon=True).start()
    while True:
        try:
            job: Job = connection.recv()
        except (EOFError, OSError):
            return
        limit_loaded_libraries()
        outcome = run_job(job, _Reporter(connection))
        try:
            connection.send(outcome)
        except OSError:
            return


def _die_with_parent() -> None:
    """End this process as soon as its parent has ended, however that came about."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


class _Reporter:
    """Sends progress to the parent, a few messages a second at most."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._last: dict[str, Any] = {"what": None, "time": 0.0}

    def __call__(self, what: str, done: int, total: int) -> None:
        now = time.monotonic()
        if done < total and what == self._last["what"] and now - self._last["time"] < _PROGRESS_EVERY:
            return
        self._last.update(what=what, time=now)
        with contextlib.suppress(OSError):
            self._connection.send((what, done, total))
