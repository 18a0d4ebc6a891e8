"""Conventions of question answering: what a class that is never asked for counts as."""

from __future__ import annotations

import dataclasses
from typing import ClassVar

from mebench.metrics.conventions.classes import ClassRules


@dataclasses.dataclass(frozen=True)
class QuestionConvention(ClassRules):
    """How answers that name a class are averaged."""

    task: ClassVar[str] = "questions"


PRESETS: dict[str, QuestionConvention] = {
    "strict": QuestionConvention(),
    "present_classes": QuestionConvention(absent_class="drop"),
}
"""Conventions by name; `strict` is the default."""

QuestionConvention.presets = PRESETS
