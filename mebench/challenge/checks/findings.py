"""What the reader found in a submission: every kind of problem with a bounded number of examples, and notes.

Conventions
-----------
A hostile file can hold a million errors, so equal ones of several lines are kept as one, of each kind the first 50 are
kept and the others counted, and after 10,000 of all kinds reading ends. A note tells what was read other than it was
written; it is no error. Neither ever quotes anything but the submission itself and the public list of videos.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping

from mebench.challenge.safety.plain import shown_name
from mebench.errors import UserError
from mebench.schema.problems import SHOWN_PER_KIND, InvalidTable, Problem, quoted, summary

MOST_PROBLEMS = 10_000
"""Whoever made so many errors made one of them many times; reading on would tell nothing new."""

THE_SUBMISSION = "The submission"

_SHOWN_PER_TOPIC = 5


class Enough(Exception):
    """So many problems were found that reading ends; it is no error of its own."""


class Findings:
    """Collects problems and notes while a submission is read; raises `Enough` at the last problem that it takes."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []
        self._rows: dict[object, int] = {}
        self._last = -1
        self._kept: Counter[str] = Counter()
        self._counts: Counter[str] = Counter()
        self._total = 0
        self._topics: dict[str, dict[str, None]] = {}
        self._more: Counter[str] = Counter()

    def problem(self, file: str, line: int, column: str, expected: str, found: object, kind: str) -> None:
        """Add a problem; the file's name is made printable here, and `found` is quoted and shortened.

        Raises
        ------
        Enough : when it is the last one that is taken.
        """
        self._take(Problem(shown_name(file), line, column, expected, quoted(found), kind))
        if self._total >= MOST_PROBLEMS:
            raise Enough

    def adopt(self, problems: Iterable[Problem]) -> None:
        """Add problems that others have found, as the audit of an archive does; these are few."""
        for problem in problems:
            self._take(dataclasses.replace(problem, file=shown_name(problem.file)))

    def _take(self, problem: Problem) -> None:
        """Count a problem, and keep it, as one more line of an equal one where there is one."""
        self._total += problem.times
        self._counts[problem.kind] += problem.times
        row = self._rows.get(problem.key, -1) if problem.line else -1
        self._last = -1
        if row >= 0:
            self._problems[row] = self._problems[row].again(problem.line)
        elif self._kept[problem.kind] < SHOWN_PER_KIND:
            self._last = self._rows[problem.key] = len(self._problems)
            self._kept[problem.kind] += 1
            self._problems.append(problem)

    def hint(self, text: str) -> None:
        """Append a suggestion to the last problem, in words of ours and of the public list; see `shows`."""
        if text and self._last >= 0:
            last = self._problems[self._last]
            self._problems[self._last] = dataclasses.replace(last, found=last.found + text)

    def shows(self, kind: str) -> bool:
        """Tell whether the last problem is of this kind and was kept, so that a hint for it is worth its price."""
        return self._last >= 0 and self._problems[self._last].kind == kind

    def note(self, topic: str, detail: str = "") -> None:
        """Add a note; details of one topic are gathered in one sentence."""
        details = self._topics.setdefault(topic, {})
        if detail in details:
            return
        if len(details) < _SHOWN_PER_TOPIC:
            details[detail] = None
        else:
            self._more[topic] += 1

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems that were kept, in the order of files and lines."""
        return tuple(sorted(self._problems, key=lambda p: (p.file, p.line, p.column)))

    @property
    def counts(self) -> dict[str, int]:
        """How many problems of each kind there are, those not kept included."""
        return dict(sorted(self._counts.items()))

    @property
    def notes(self) -> tuple[str, ...]:
        """One sentence per topic."""
        return tuple(self._sentence(topic, list(details)) for topic, details in self._topics.items())

    def _sentence(self, topic: str, details: list[str]) -> str:
        named = [detail for detail in details if detail]
        more = f" and {self._more[topic]} more" if self._more[topic] else ""
        return f"{topic}: {', '.join(named)}{more}" if named else topic

    def refuse(self, what: str = THE_SUBMISSION) -> None:
        """Raise when there is any problem.

        Parameters
        ----------
        what : has the errors, in the sentence above them.

        Raises
        ------
        InvalidSubmission : with everything that was found.
        """
        if self._counts:
            raise InvalidSubmission(self.problems, self.counts, what, self.notes)


class InvalidSubmission(InvalidTable):
    """A submission that is refused, with every reason.

    Attributes
    ----------
    problems : at most 50 of each kind.
    counts : how many there are of each kind.
    """

    def __init__(
        self,
        problems: Iterable[Problem],
        counts: Mapping[str, int],
        what: str = THE_SUBMISSION,
        notes: Iterable[str] = (),
    ) -> None:
        self.problems = tuple(problems)
        self.counts = dict(counts)
        lines = [headline(self.counts, what), *problem_lines(self.problems, self.counts)]
        UserError.__init__(self, "\n  ".join([*lines, *(f"note: {note}" for note in notes)]))


def headline(counts: Mapping[str, int], what: str = THE_SUBMISSION) -> str:
    """Return the sentence that stands above the problems."""
    total = sum(counts.values())
    number = "1 error" if total == 1 else f"{total} errors"
    if is_cut_short(counts):
        number = f"at least {number}, and reading stopped after so many"
    return f"{what} has {number}: mend what is listed and try again."


def is_cut_short(counts: Mapping[str, int]) -> bool:
    """Tell whether reading ended before the submission did, for the number of its problems."""
    return sum(counts.values()) >= MOST_PROBLEMS


def times_of(problems: Iterable[Problem]) -> Counter[str]:
    """Return how many lines the problems of each kind stand for."""
    times: Counter[str] = Counter()
    for problem in problems:
        times[problem.kind] += problem.times
    return times


def problem_lines(problems: Iterable[Problem], counts: Mapping[str, int]) -> list[str]:
    """Return one line per problem and one per kind of which not all are shown."""
    kept = tuple(problems)
    shown = times_of(kept)
    more = [f"and {n - shown[kind]} more of the kind {kind!r}" for kind, n in counts.items() if n > shown[kind]]
    return [*summary(kept), *more]
