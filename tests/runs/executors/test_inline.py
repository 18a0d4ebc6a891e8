"""One job after the other, in the calling process."""

from __future__ import annotations

import os

from mebench.errors import UserError
from mebench.runs.executors.base import Job
from mebench.runs.executors.inline import Inline
from mebench.runs.resources import ONE_THREAD


def remember(argument, report):
    seen, name = argument
    seen.append(name)
    report("work", 1, 2)
    return os.getpid(), {variable: os.environ.get(variable) for variable in ONE_THREAD}


def refuse(argument, report):
    raise UserError("This is bad: make it good.")


def run(work, heard=None):
    with Inline(4) as executor:
        yield from executor.run(work, lambda *said: heard.append(said) if heard is not None else None)


def test_jobs_run_here_in_order_and_no_sooner_than_asked():
    seen, heard = [], []
    outcomes = run([Job(name, remember, (seen, name)) for name in "abc"], heard)
    assert next(outcomes).job == "a"
    assert seen == ["a"]
    assert [outcome.job for outcome in outcomes] == ["b", "c"]
    assert seen == ["a", "b", "c"]
    assert heard == [(name, "work", 1, 2) for name in "abc"]


def test_a_job_has_one_thread_and_the_caller_his_own_environment():
    before = dict(os.environ)
    (outcome,) = run([Job("a", remember, ([], "a"))])
    assert outcome.value == (os.getpid(), ONE_THREAD)
    assert dict(os.environ) == before


def test_a_failure_stops_no_other_job():
    bad, good = run([Job("x", refuse, None), Job("a", remember, ([], "a"))])
    assert (bad.error, bad.value) == ("This is bad: make it good.", None)
    assert "UserError" in bad.details
    assert good.error is None
    assert good.seconds >= 0
