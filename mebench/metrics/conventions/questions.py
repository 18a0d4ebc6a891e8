"""Conventions of question answering: what a class that is never asked for counts as."""

from __future__ import annotations

import dataclasses
from typing import ClassVar, Literal

from mebench.metrics.conventions.base import Convention
from mebench.settings import setting


@dataclasses.dataclass(frozen=True)
class QuestionConvention(Convention):
    """How answers that name a class are averaged."""

    task: ClassVar[str] = "questions"

    absent_class: Literal["keep_zero", "drop"] = setting(
        "keep_zero", "a class without samples counts as 0 in a mean, or is left out"
    )


PRESETS: dict[str, QuestionConvention] = {
    "strict": QuestionConvention(),
    "present_classes": QuestionConvention(absent_class="drop"),
}
"""Conventions by name; `strict` is the default."""

QuestionConvention.presets = PRESETS
