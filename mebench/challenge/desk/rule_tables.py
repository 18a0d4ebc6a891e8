"""The tables of `challenge.toml` as frozen types, each of which refuses what it cannot mean.

Conventions
-----------
Quotas count accepted submissions of one team in one phase. Columns are written `metric:scope`. A score belongs to a
*part* of the truth: the public items, the hidden ones, or all of them.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Literal, NamedTuple

from mebench.challenge.desk.typed import check_bounds
from mebench.challenge.safety.walls import ProcessLimits
from mebench.settings import setting

_MOST_SUBMISSIONS = 1_000_000
_QUOTAS = {"per_day": (1, _MOST_SUBMISSIONS), "total": (1, _MOST_SUBMISSIONS)}

_DAY_SECONDS = 24 * 3600
_LIMITS = {"wall_seconds": (1, _DAY_SECONDS), "cpu_seconds": (1, _DAY_SECONDS), "memory_mib": (512, 1 << 20)}
"""Smallest and largest limits: an empty submission takes half a second and 384 MiB of address space."""


class Column(NamedTuple):
    """One score of a card that participants may see."""

    metric: str
    scope: str

    def __str__(self) -> str:
        """Return `metric:scope`."""
        return f"{self.metric}:{self.scope}"


@dataclasses.dataclass(frozen=True)
class Quota:
    """How many submissions of a team are accepted in a phase."""

    per_day: int = setting(5, "accepted submissions of a team per UTC day")
    total: int = setting(50, "accepted submissions of a team in the whole phase")

    def __post_init__(self) -> None:
        """Refuse what no phase can mean.

        Raises
        ------
        ValueError : for a quota below 1 or above a million.
        """
        check_bounds(self, _QUOTAS)


@dataclasses.dataclass(frozen=True)
class Phase:
    """A stretch of time in which submissions are accepted.

    Attributes
    ----------
    name : unique within the challenge.
    opens, closes : UTC; `closes` itself is too late.
    quota : per team.
    """

    name: str
    opens: dt.datetime
    closes: dt.datetime
    quota: Quota = dataclasses.field(default_factory=Quota)

    def is_open(self, moment: dt.datetime) -> bool:
        """Tell whether a submission received at that moment counts."""
        return self.opens <= moment < self.closes


@dataclasses.dataclass(frozen=True)
class Visibility:
    """Which items participants get scores of; where only one list is given, the other holds the rest."""

    public: tuple[str, ...] = setting((), "items whose scores the team sees")
    hidden: tuple[str, ...] = setting((), "items whose scores only the organisers see")


@dataclasses.dataclass(frozen=True)
class BoardRules:
    """What the board and the participants' reports show."""

    columns: tuple[str, ...] = setting(("f1:overall", "f1:macro", "f1:micro"), "public scores, metric:scope")
    rank_by: str = setting("", "the column that ranks; empty: the first")
    show: Literal["best", "latest"] = setting("best", "which submission of a team counts")
    decimals: int = setting(4, "decimals of public scores; all of them would let counts be computed back")

    def __post_init__(self) -> None:
        """Check the columns.

        Raises
        ------
        ValueError : for a column without a scope, an unknown ranking column, or decimals other than 1 to 6.
        """
        if not self.columns or any(len(text.split(":")) != 2 for text in self.columns):
            raise ValueError('columns must be a list such as ["f1:overall"]: write metric:scope')
        if self.rank_by and self.rank_by not in self.columns:
            raise ValueError(f'rank_by = "{self.rank_by}" is not among the public columns: add it there.')
        if not 1 <= self.decimals <= 6:
            raise ValueError(f"decimals = {self.decimals} must be 1 to 6: mend it.")


@dataclasses.dataclass(frozen=True)
class FinalRules:
    """What `mebench challenge final` ranks."""

    phase: str = setting("", "the phase whose submissions compete; empty: the one that closes last")
    counts: Literal["", "best", "latest"] = setting(
        "", "which submission of a team competes, by its public score or by its time; empty: that of the board"
    )


@dataclasses.dataclass(frozen=True)
class LimitRules:
    """What the grading of one submission may use."""

    wall_seconds: float = setting(120.0, "time by the clock, extraction included", unit="s")
    cpu_seconds: int = setting(60, "processor time", unit="s")
    memory_mib: int = setting(2048, "memory", unit="MiB")

    def __post_init__(self) -> None:
        """Refuse limits within which not even an empty submission can be graded.

        Raises
        ------
        ValueError : for a limit out of its bounds.
        """
        check_bounds(self, _LIMITS)

    def process(self) -> ProcessLimits:
        """Return the limits of the child process."""
        return ProcessLimits(
            wall_seconds=self.wall_seconds, cpu_seconds=self.cpu_seconds, memory_bytes=self.memory_mib << 20
        )
