"""Everything that is wrong with a table, collected first and told at once.

Conventions
-----------
Lines are numbered from 1 and the header is line 1, as an editor shows them; line 0 means the file as a whole. What was
found is quoted and shortened, so that a hostile cell can neither flood nor steer a terminal. Equal problems of several
lines are told once.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Sequence

from mebench.errors import UserError
from mebench.plain import plain_text
from mebench.schema.quoting import quoted

__all__ = ["LINES_NAMED", "SHOWN_PER_KIND", "InvalidTable", "Problem", "folded", "quoted", "refuse", "summary"]

SHOWN_PER_KIND = 50
"""After so many problems of one kind only their number is told."""

LINES_NAMED = 3
"""Of equal problems so many lines are named, and the others counted."""


@dataclasses.dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a table.

    Attributes
    ----------
    file : name of the file.
    line : line in the file, the header being 1; 0 for the file as a whole.
    column : name of the column, empty for a whole line.
    expected : what should stand there.
    found : what stands there, quoted.
    kind : short name under which problems are counted, such as `not_a_number`.
    also : further lines with the same problem, at most two.
    more : how many lines have it beyond those.
    """

    file: str
    line: int
    column: str
    expected: str
    found: str
    kind: str = "value"
    also: tuple[int, ...] = ()
    more: int = 0

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """What equal problems have in common: all but their lines."""
        return self.file, self.column, self.expected, self.found, self.kind

    @property
    def times(self) -> int:
        """Number of lines that have it."""
        return 1 + len(self.also) + self.more

    def again(self, line: int) -> Problem:
        """Return the problem with one more line that has it."""
        if len(self.also) < LINES_NAMED - 1:
            return dataclasses.replace(self, also=(*self.also, line))
        return dataclasses.replace(self, more=self.more + 1)

    def __str__(self) -> str:
        """Return `file:line, column: expected ..., found ...`, and the other lines that have it."""
        place = (
            plain_text(self.file) + (f":{self.line}" if self.line else "") + (f", {self.column}" if self.column else "")
        )
        return f"{place}: expected {self.expected}, found {self.found}{self._others()}"

    def _others(self) -> str:
        if not self.also:
            return ""
        named = [str(line) for line in self.also]
        last = f"{self.more} more line{'s' if self.more > 1 else ''}" if self.more else named.pop()
        where = ", ".join(named) + f" and {last}" if named else last
        return f" (the same in line{'s' if len(self.also) > 1 or self.more else ''} {where})"


def folded(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems in file order, equal ones of several lines as one; of a file as a whole each stays."""
    kept: dict[object, Problem] = {}
    for problem in sorted(problems, key=lambda p: (p.file, p.line, p.column)):
        key = problem.key if problem.line else len(kept)
        first = kept.get(key)
        kept[key] = problem if first is None else first.again(problem.line)
    return list(kept.values())


def summary(problems: Sequence[Problem]) -> list[str]:
    """Return one line for each group of equal problems; after 50 of a kind, one line with the number of the others."""
    seen: Counter[str] = Counter()
    hidden: Counter[str] = Counter()
    lines = []
    for problem in folded(problems):
        seen[problem.kind] += 1
        if seen[problem.kind] <= SHOWN_PER_KIND:
            lines.append(str(problem))
        else:
            hidden[problem.kind] += problem.times
    return lines + [f"and {n} more of the kind {kind!r}" for kind, n in hidden.items()]


class InvalidTable(UserError):
    """A table with one problem or more.

    Attributes
    ----------
    problems : all of them.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        files = ", ".join(sorted({plain_text(problem.file) for problem in self.problems}))
        count = f"{len(self.problems)} errors" if len(self.problems) != 1 else "1 error"
        super().__init__(
            "\n  ".join([f"{files} has {count}: mend what is listed and try again.", *summary(self.problems)])
        )


def refuse(problems: Sequence[Problem]) -> None:
    """Raise when there is any problem.

    Raises
    ------
    InvalidTable : that holds every problem.
    """
    if problems:
        raise InvalidTable(problems)
