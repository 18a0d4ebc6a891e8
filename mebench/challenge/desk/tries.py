"""How many submissions a team has left: told in every report."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from mebench.challenge.desk.rule_tables import Phase


@dataclasses.dataclass(frozen=True)
class Tries:
    """What a team has left in a phase.

    Attributes
    ----------
    phase : its name.
    day : the day of UTC that is meant.
    left_today, per_day : submissions that are left on that day, and its quota.
    left, total : submissions that are left in the whole phase, and its quota.
    """

    phase: str
    day: str
    left_today: int
    per_day: int
    left: int
    total: int

    @classmethod
    def after(cls, phase: Phase, day: str, used_today: int, used: int) -> Tries:
        """Return what is left.

        Parameters
        ----------
        phase : its quota counts.
        day : of receipt, `2026-05-01`.
        used_today, used : accepted submissions of the team, on that day and in the whole phase.
        """
        left = max(0, phase.quota.total - used)
        today = min(left, max(0, phase.quota.per_day - used_today))
        return cls(phase.name, day, today, phase.quota.per_day, left, phase.quota.total)

    @property
    def line(self) -> str:
        """One line of a report."""
        return (
            f"tries left: {self.left_today} of {self.per_day} on {self.day} (UTC), "
            f"{self.left} of {self.total} in the phase {self.phase}"
        )

    def to_plain(self) -> dict[str, Any]:
        """Return plain JSON types."""
        return dataclasses.asdict(self)


def tries_line(raw: Mapping[str, Any] | None) -> str:
    """Return the line of a report for what `Tries.to_plain` gave; empty where that is not known."""
    return Tries(**raw).line if raw else ""
