"""Whether what a paper found of measured values repeats; the verdicts are those of `reproduce.judge`."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from mebench.analysis.compare import Difference
from mebench.reproduce.judge import Pair, Verdict, counted, together
from mebench.reproduce.measures.table import Claim
from mebench.reproduce.measures.values import Value, difference

Measured = Mapping[str, Sequence[Value]]
"""Values by dataset, in the order of the table's datasets; one empty name where a table has none."""


@dataclasses.dataclass(frozen=True)
class Compared:
    """One difference that a finding asks for.

    Attributes
    ----------
    name : of the two values.
    change, ci95 : the difference and its interval; None where there is none.
    why_not : why there is no difference; empty where there is one.
    """

    name: str
    change: float | None = None
    ci95: tuple[float, float] | None = None
    why_not: str = ""

    @property
    def pair(self) -> Pair:
        """The same as a difference of scores, which is judged and counted alike."""
        change = self.change
        return Pair(self.name, None if change is None else Difference("", "", change, 0.0, change, self.ci95))

    @property
    def verdict(self) -> Verdict:
        """What this difference says of the finding."""
        return self.pair.verdict

    @property
    def sentence(self) -> str:
        """The difference in words."""
        if self.change is None:
            return f"{self.name}: {self.why_not}"
        ends = "no interval" if self.ci95 is None else f"[{self.ci95[0]:+z.4f}, {self.ci95[1]:+z.4f}]"
        return f"{self.name}: {self.change:+z.4f} {ends}"


def compare(claim: Claim, measured: Measured, stands_for: Mapping[str, str]) -> list[Compared]:
    """Return every difference that a claim asks for.

    Parameters
    ----------
    measured : what was measured.
    stands_for : the name in `measured` of each dataset that the claim may name.
    """
    if claim.higher_dataset:
        one, other = (stands_for.get(id, id) for id in (claim.higher_dataset, claim.lower_dataset))
        return list(_between(claim, measured.get(one, ()), measured.get(other, ()), [one, other]))
    found: list[Compared] = []
    for name in measured or [""]:
        values = measured.get(name, ())
        found += _between(claim, values, values, [name, name])
    return found


def _between(claim: Claim, one: Sequence[Value], other: Sequence[Value], places: Sequence[str]) -> Iterator[Compared]:
    """Yield the differences of the values of two datasets, or of one and the same."""
    where = [f" on {place}" if place else "" for place in places]
    alone = places[0] == places[1]
    for name in claim.higher:
        for less in claim.lower:
            higher = _named(name, one, claim.lower if alone else ())
            lower = _named(less, other, claim.higher if alone else ())
            if not higher or not lower:
                one_name, other_name = f"{in_words(name)}{where[0]}", f"{in_words(less)}{where[1]}"
                # Of a pattern and a name the name says what is lacking.
                what = other_name if higher or (in_words(name) != name and not lower) else one_name
                yield Compared(f"{one_name} - {other_name}", why_not=f"{what} was not measured")
            yield from (_compared(a, b, where) for a in higher for b in lower)


_EVERY_OTHER = {"[0-9]*": "every other subject", "AU*": "every other action unit"}


def in_words(name: str) -> str:
    """Return the name of a value as it is told to a reader: a pattern says whom it stands for.

    >>> in_words("AU*: Pearson")
    'every other action unit: Pearson'
    """
    row, colon, score = name.partition(": ")
    pattern = any(mark in row for mark in "*?[")
    return f"{_EVERY_OTHER.get(row, 'every other value') if pattern else row}{colon}{score}"


def _named(pattern: str, values: Sequence[Value], against: Sequence[str]) -> list[Value]:
    """Return the values of a name, or those that fit a pattern and are not named on the other side."""
    exact = [value for value in values if value.name == pattern]
    return exact or [v for v in values if fnmatchcase(v.name, pattern) and v.name not in against]


def _compared(higher: Value, lower: Value, where: Sequence[str]) -> Compared:
    name = f"{higher.name}{where[0] if where[0] != where[1] else ''} - {lower.name}{where[1]}"
    change, ci95 = difference(higher, lower)
    if not math.isfinite(change):
        return Compared(name, why_not="one of the two is not defined")
    return Compared(name, change, ci95)


def sentences_of(claim: Claim, found: Sequence[Compared]) -> list[str]:
    """Return the verdict on a claim, and its differences."""
    verdict = together([one.verdict for one in found])
    head = f"{verdict}: {claim.text} ({counted([one.pair for one in found])})"
    return [head, *(f"    {one.sentence}" for one in found)]
