"""The built-in executors and those that other packages register."""

from __future__ import annotations

from mebench.registry import Registry
from mebench.runs.executors.base import Executor

EXECUTORS: Registry[type[Executor]] = Registry("executor", "mebench.executors", of=Executor)

for _id, _target, _summary in (
    ("inline", "inline:Inline", "in this very process, one job after the other"),
    ("local", "local:Local", "in as many processes of this machine as --jobs says"),
):
    EXECUTORS.add(_id, f"mebench.runs.executors.{_target}", _summary)
