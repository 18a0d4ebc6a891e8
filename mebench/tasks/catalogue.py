"""The tasks by their ids."""

from __future__ import annotations

from typing import Any

from mebench.registry import Registry
from mebench.tasks.base import Task

TASKS: Registry[Task[Any, Any]] = Registry("task", "mebench.tasks", of=Task, instances=True)

for _id, _target, _summary in (
    ("spotting", "spotting:Spotting", "intervals of macro- and micro-expressions in long videos"),
    ("spot_recognise", "spot_recognise:SpotRecognise", "spotted intervals, and the emotion of each"),
    ("recognition", "recognition:Recognition", "the emotion of every clip"),
    ("label_sets", "label_sets:LabelSets", "several labels of every clip, such as its action units"),
    ("questions", "questions:Questions", "answers to questions about clips"),
    ("generation", "generation:Generation", "generated expressions, judged by experts"),
):
    TASKS.add(_id, f"mebench.tasks.{_target}", _summary, task=_id)


def task_of(id: str) -> Task[Any, Any]:
    """Return a task.

    Raises
    ------
    UserError : for an id that nobody has registered.
    """
    return TASKS.get(id)
