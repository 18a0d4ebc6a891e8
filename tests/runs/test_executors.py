from __future__ import annotations

import os
import signal
import time

import pytest

from mebench.errors import UserError
from mebench.runs.executors.base import Executor, Job, Outcome, Report
from mebench.runs.executors.catalogue import EXECUTORS
from mebench.runs.resources import ONE_THREAD


def square(argument: int, report: Report) -> int:
    report("square", 1, 1)
    return argument * argument


def who(argument: float, report: Report) -> tuple[int, dict[str, str | None]]:
    time.sleep(argument)
    return os.getpid(), {name: os.environ.get(name) for name in ONE_THREAD}


def bad(argument: str, report: Report) -> None:
    if argument == "user":
        raise UserError("This is bad: make it good.")
    if argument == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if argument == "exit":
        os._exit(3)
    raise KeyError(argument)


def run(executor: Executor, tasks: list[Job]) -> dict[str, Outcome]:
    return {outcome.job: outcome for outcome in executor.run(tasks, lambda *_: None)}


@pytest.mark.parametrize("id", ["inline", "local"])
def test_outcomes_and_progress_come_back(id: str) -> None:
    heard: list[tuple[str, str, int, int]] = []
    with EXECUTORS.get(id)(2) as executor:
        outcomes = list(executor.run([Job(str(i), square, i) for i in range(5)], lambda *m: heard.append(m)))
    assert {o.job: o.value for o in outcomes} == {str(i): i * i for i in range(5)}
    assert all(o.error is None and o.peak_mb > 1 for o in outcomes)
    assert sorted(heard) == [(str(i), "square", 1, 1) for i in range(5)]


@pytest.mark.parametrize("id", ["inline", "local"])
def test_a_failure_has_its_reason_and_stops_no_sibling(id: str) -> None:
    tasks = [Job("a", bad, "user"), Job("b", bad, "code"), Job("c", square, 3)]
    with EXECUTORS.get(id)(1) as executor:
        outcomes = run(executor, tasks)
    assert outcomes["a"].error == "This is bad: make it good."
    assert outcomes["b"].error is not None
    assert outcomes["b"].error.startswith("KeyError: 'code' (a fault in the code")
    assert "Traceback" in outcomes["b"].details
    assert outcomes["c"].value == 9


def test_a_process_that_dies_takes_only_its_task_with_it() -> None:
    tasks = [Job("k", bad, "kill"), Job("e", bad, "exit"), *(Job(str(i), square, i) for i in range(4))]
    with EXECUTORS.get("local")(2) as executor:
        outcomes = run(executor, tasks)
    assert outcomes["k"].error is not None
    assert "killed by signal SIGKILL" in outcomes["k"].error
    assert outcomes["e"].error is not None
    assert "ended from within, with code 3" in outcomes["e"].error
    assert [outcomes[str(i)].value for i in range(4)] == [0, 1, 4, 9]


def test_processes_are_kept_have_one_thread_and_end_with_the_executor() -> None:
    with EXECUTORS.get("local")(2) as executor:
        first = run(executor, [Job(str(i), who, 0.2) for i in range(2)])
        second = run(executor, [Job(str(i), who, 0.2) for i in range(2)])
    pids = {outcome.value[0] for outcome in first.values()}
    assert pids == {outcome.value[0] for outcome in second.values()}
    assert os.getpid() not in pids
    assert len(pids) == 2
    assert all(outcome.value[1] == ONE_THREAD for outcome in first.values())
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_leaving_early_ends_the_busy_processes() -> None:
    start = time.monotonic()
    with EXECUTORS.get("local")(2) as executor:
        assert next(executor.run([Job("s", square, 2), Job("w", who, 60.0)], lambda *_: None)).value == 4
    assert time.monotonic() - start < 30


def test_inline_stays_in_this_process_and_leaves_the_environment_alone() -> None:
    before = dict(os.environ)
    with EXECUTORS.get("inline")(1) as executor:
        pid, environment = run(executor, [Job("a", who, 0.0)])["a"].value
    assert pid == os.getpid()
    assert environment == ONE_THREAD
    assert dict(os.environ) == before


def test_an_unknown_executor_is_told_with_the_nearest_name() -> None:
    with pytest.raises(UserError, match="no executor 'locl'. Did you mean 'local'"):
        EXECUTORS.get("locl")
