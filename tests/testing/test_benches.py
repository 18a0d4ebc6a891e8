from __future__ import annotations

from pathlib import Path

import pytest

from mebench.methods.base import Method
from mebench.methods.catalogue import METHODS
from mebench.runs.work.base import WORK
from mebench.testing.benches import BENCHES, fit
from mebench.testing.frames import Reads
from mebench.testing.trial import Trial


def test_there_is_a_bench_of_every_task_that_methods_can_be_run_for() -> None:
    assert set(BENCHES) == {entry.id for entry in WORK.entries()}


@pytest.mark.parametrize("task", BENCHES)
def test_recordings_of_two_people_are_two_and_repeat(task: str) -> None:
    bench = BENCHES[task]()
    first, second = (bench.recordings(("p1", "p2"), 240, Reads()) for _ in range(2))
    assert [recording.frames.digest for recording in first] == [recording.frames.digest for recording in second]
    assert {recording.subject for recording in first} == {"p1", "p2"}
    assert len({recording.frames.digest for recording in first}) == len(first)


def test_an_answer_depends_on_what_is_said(tmp_path: Path) -> None:
    trial = Trial(METHODS.get("oracle"), tmp_path)
    first, second = trial.tested()[:2]
    model: Method = trial.fresh()
    assert fit(model, trial.bench, trial.context(), trial.reads) is model
    assert trial.bench.answer(model, first, trial.context()) == trial.bench.answer(model, first, trial.context())
    assert trial.bench.answer(model, first, trial.context()) != trial.bench.answer(model, second, trial.context())
