"""Checks of executors: every job has one outcome, and a job that fails takes no other with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mebench.errors import UserError
from mebench.runs.executors.base import Executor, Job, Outcome, Report
from mebench.testing.findings import Check, Finding, Skip, Tell, find_all, silent

_REFUSED = "This is bad: make it good."


def square(argument: int, report: Report) -> int:
    """Return a square, as a job does."""
    report("square", 1, 1)
    return argument * argument


def fail(argument: str, report: Report) -> None:
    """Fail as a job does, by a mistake of the user's or by a fault of the code."""
    if argument == "user":
        raise UserError(_REFUSED)
    raise KeyError(argument)


def check_executor(cls: type[Executor], tell: Tell = silent) -> Iterator[Finding]:
    """Check an executor with two jobs at once.

    Yields
    ------
    A finding a check.
    """
    checks: dict[str, Check] = {
        "is described": lambda: "" if (cls.__doc__ or "").strip() else "It has no docstring: say where jobs run.",
        "gives every job one outcome": lambda: _outcomes(cls),
        "passes progress on": lambda: _progress(cls),
        "tells why a job failed, and goes on": lambda: _failures(cls),
        "takes several rounds of jobs, and an empty one": lambda: _rounds(cls),
    }
    yield from find_all(f"executor {cls.id}", checks, tell)


def _run(
    executor: Executor, jobs: Sequence[Job], heard: list[tuple[str, str, int, int]] | None = None
) -> list[Outcome]:
    return list(executor.run(jobs, lambda *said: heard.append(said) if heard is not None else None))


def _squares(n: int) -> list[Job]:
    return [Job(str(i), square, i) for i in range(n)]


def _wrong(found: Sequence[Outcome], n: int) -> str:
    if sorted(outcome.job for outcome in found) != sorted(map(str, range(n))):
        return f"{n} jobs gave {len(found)} outcomes, or not their own: yield one `Outcome` a job."
    if any(outcome.error is not None or outcome.value != int(outcome.job) ** 2 for outcome in found):
        return "An outcome has not the value that its job returned: hand it over in `Outcome.value`."
    return ""


def _outcomes(cls: type[Executor]) -> str:
    with cls(2) as executor:
        return _wrong(_run(executor, _squares(5)), 5)


def _progress(cls: type[Executor]) -> str:
    heard: list[tuple[str, str, int, int]] = []
    with cls(2) as executor:
        _run(executor, _squares(2), heard)
    if not heard:
        raise Skip("It passes no progress on, which it need not: call listen(job.id, what, done, total) to do so.")
    wanted = {(str(i), "square", 1, 1) for i in range(2)}
    return "" if wanted <= set(heard) else "What a job reports does not arrive: call listen(job.id, what, done, total)."


def _failures(cls: type[Executor]) -> str:
    jobs = [Job("user", fail, "user"), Job("code", fail, "code"), *_squares(2)]
    with cls(1) as executor:
        found = {outcome.job: outcome for outcome in _run(executor, jobs)}
    if len(found) != len(jobs):
        return "After a job that fails others have no outcome: catch what a job raises, as `run_job` does."
    if found["user"].error != _REFUSED or not found["code"].error:
        return "A job that failed has no reason in its outcome: give one in `Outcome.error`, as `run_job` does."
    return _wrong([found["0"], found["1"]], 2)


def _rounds(cls: type[Executor]) -> str:
    with cls(2) as executor:
        first, none, last = (_run(executor, _squares(n)) for n in (3, 0, 2))
    return _wrong(first, 3) or _wrong(none, 0) or _wrong(last, 2)
