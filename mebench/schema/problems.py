"""Everything that is wrong with a table, collected first and told at once.

Conventions
-----------
Lines are numbered from 1 and the header is line 1, as an editor shows them; line 0 means the file as a whole. What was
found is quoted and shortened, so that a hostile cell can neither flood nor steer a terminal.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Sequence

from mebench.errors import UserError
from mebench.plain import plain_text

SHOWN_PER_KIND = 50
"""After so many problems of one kind only their number is told."""

_LONGEST_QUOTE = 60
_WORDS = {None: "nothing", True: "true", False: "false"}


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
    """

    file: str
    line: int
    column: str
    expected: str
    found: str
    kind: str = "value"

    def __str__(self) -> str:
        """Return `file:line, column: expected ..., found ...`."""
        place = (
            plain_text(self.file) + (f":{self.line}" if self.line else "") + (f", {self.column}" if self.column else "")
        )
        return f"{place}: expected {self.expected}, found {self.found}"


def quoted(value: object) -> str:
    """Return a value as printable ASCII in quotes, cut after 60 characters; what JSON writes as a word is one."""
    text = _WORDS.get(value, "") if isinstance(value, bool | None) else str(value)
    return ascii(text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 3] + "...")


def summary(problems: Sequence[Problem]) -> list[str]:
    """Return one line per problem in file order; after 50 of a kind, one line with the number of the others."""
    seen: Counter[str] = Counter()
    lines = []
    for problem in sorted(problems, key=lambda p: (p.file, p.line, p.column)):
        seen[problem.kind] += 1
        if seen[problem.kind] <= SHOWN_PER_KIND:
            lines.append(str(problem))
    lines += [f"and {n - SHOWN_PER_KIND} more of the kind {kind!r}" for kind, n in seen.items() if n > SHOWN_PER_KIND]
    return lines


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
