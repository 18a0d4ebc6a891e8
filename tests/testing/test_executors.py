from __future__ import annotations

import pytest

from mebench.runs.executors.catalogue import EXECUTORS
from mebench.testing.executors import check_executor

from .conftest import Checked, failed

EXECUTOR = """
from mebench.runs.executors.base import Executor, Outcome, run_job
class Own(Executor):
    '''Here.'''
    id = "own"
    def run(self, work, listen):
        for job in {work}:
            yield {outcome}
"""
RIGHT = "run_job(job, lambda *said: listen(job.id, *said))"


@pytest.mark.parametrize("id", ["inline", "local"])
def test_the_executors_of_mebench_pass(id: str) -> None:
    assert [finding for finding in check_executor(EXECUTORS.get(id)) if not finding.ok] == []


@pytest.mark.parametrize(
    ("work", "outcome", "check", "reason"),
    [
        ("work[1:]", RIGHT, "gives every job one outcome", "5 jobs gave 4 outcomes"),
        ("work", "Outcome(job.id)", "gives every job one outcome", "not the value"),
        ("work", "run_job(job, lambda *said: listen(job, *said))", "passes progress on", "does not arrive"),
        (
            "work",
            "Outcome(job.id, job.function(job.argument, lambda *said: listen(job.id, *said)))",
            "tells why a job failed, and goes on",
            "This is bad",
        ),
    ],
)
def test_a_fault_of_an_executor_is_told(checked: Checked, work: str, outcome: str, check: str, reason: str) -> None:
    assert reason in failed(checked(EXECUTOR.format(work=work, outcome=outcome)))[check]


def test_an_executor_need_not_pass_progress_on(checked: Checked) -> None:
    found = checked(EXECUTOR.format(work="work", outcome="run_job(job, lambda *said: None)"))
    assert (found["passes progress on"].state, found["passes progress on"].ok) == ("skipped", True)
    assert "which it need not" in found["passes progress on"].reason
