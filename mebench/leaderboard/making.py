"""When and how a card's method was trained, as far as the card says.

Conventions
-----------
A card may say these things in `timing` or `environment`, which are never compared: `seed`, `training_seconds`, `date`.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from mebench.schema.scorecard import Scorecard

UNKNOWN = "–"


@dataclasses.dataclass(frozen=True, slots=True)
class Making:
    """Seed, training time and date as text, `–` where the card does not say; `seconds` sorts."""

    seed: str = UNKNOWN
    training: str = UNKNOWN
    seconds: str = ""
    date: str = UNKNOWN

    @property
    def lines(self) -> tuple[str, ...]:
        """What a cell shows: three lines, or `–` alone where the card says nothing."""
        if (self.seed, self.training, self.date) == (UNKNOWN,) * 3:
            return (UNKNOWN,)
        return f"seed {self.seed}", f"time {self.training}", f"date {self.date}"


def making_of(card: Scorecard) -> Making:
    """Return what a card says of its making."""
    told: dict[str, Any] = {**card.environment, **card.timing}
    found = told.get("training_seconds")
    seconds = float(found) if isinstance(found, int | float) and found >= 0 else None
    return Making(
        seed=_text(told.get("seed")),
        training=UNKNOWN if seconds is None else duration(seconds),
        seconds="" if seconds is None else repr(seconds),
        date=_text(told.get("date")),
    )


def duration(seconds: float) -> str:
    """Return a time that a person reads: `42 s`, `3 min 20 s`, `5 h 10 min`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def _text(value: Any) -> str:
    return str(value) if isinstance(value, str | int) and value != "" else UNKNOWN
