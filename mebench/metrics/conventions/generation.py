"""Conventions of generation: the scale on which experts rate, and how many they are.

Neither was published by the challenge, so a truth declares them and the grading takes them over: ratings on different
scales have different fingerprints and are never ranked together.
"""

from __future__ import annotations

import dataclasses
from typing import ClassVar

from mebench.metrics.conventions.base import Convention
from mebench.settings import setting


@dataclasses.dataclass(frozen=True)
class GenerationConvention(Convention):
    """How generated expressions are rated."""

    task: ClassVar[str] = "generation"

    scale: str = setting("", "the declared scale, such as `1 to 5 in steps of 1`; empty until a truth declares it")
    coders: int = setting(0, "how many coders rate every item; 0 until a truth declares it")


PRESETS: dict[str, GenerationConvention] = {"strict": GenerationConvention()}
"""Conventions by name."""

GenerationConvention.presets = PRESETS
