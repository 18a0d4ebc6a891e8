"""The rule by which scores of classes are averaged, shared by every task that names classes."""

from __future__ import annotations

import dataclasses
from typing import Literal

from mebench.metrics.conventions.base import Convention
from mebench.settings import setting


@dataclasses.dataclass(frozen=True)
class ClassRules(Convention):
    """How scores of classes are averaged."""

    absent_class: Literal["keep_zero", "drop"] = setting(
        "keep_zero", "a class without samples counts as 0 in a mean, or is left out"
    )
