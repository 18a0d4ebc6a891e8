"""Whether what a paper found repeats: differences of paired scores with their 95% intervals.

Conventions
-----------
A finding is a set of differences that should all be above 0. It *repeats* when the interval of each lies above 0, it
*does not repeat* when the interval of one lies below 0, and else it *cannot be told*. Intervals resample subjects, the
same ones for both runs, see `analysis.compare`. A difference without an interval cannot be told.
"""

from __future__ import annotations

import dataclasses
import enum

from mebench.analysis.compare import Difference, compare_cards
from mebench.errors import UserError
from mebench.reproduce.carry_out import Carried, Cell
from mebench.reproduce.table import Finding
from mebench.settings import parse_spec


class Verdict(enum.StrEnum):
    """What can be said of a finding."""

    REPEATS = "repeats"
    DOES_NOT = "does not repeat"
    CANNOT_BE_TOLD = "cannot be told"


@dataclasses.dataclass(frozen=True)
class Pair:
    """One difference that a finding asks for.

    Attributes
    ----------
    higher, lower, dataset : ids of the rows, and where.
    difference : None when a run is missing or the two cannot be compared.
    why_not : the reason for that, else empty.
    """

    higher: str
    lower: str
    dataset: str
    difference: Difference | None
    why_not: str = ""

    @property
    def verdict(self) -> Verdict:
        """What this difference says of the finding."""
        if self.difference is None or self.difference.ci95 is None:
            return Verdict.CANNOT_BE_TOLD
        low, high = self.difference.ci95
        if low > 0:
            return Verdict.REPEATS
        return Verdict.DOES_NOT if high < 0 else Verdict.CANNOT_BE_TOLD


@dataclasses.dataclass(frozen=True)
class Judged:
    """A finding and its differences."""

    finding: Finding
    pairs: tuple[Pair, ...]

    @property
    def verdict(self) -> Verdict:
        """See the module's conventions."""
        verdicts = {pair.verdict for pair in self.pairs}
        if Verdict.DOES_NOT in verdicts:
            return Verdict.DOES_NOT
        return Verdict.REPEATS if verdicts == {Verdict.REPEATS} else Verdict.CANNOT_BE_TOLD

    @property
    def as_claimed(self) -> int:
        """How many differences are above 0, whatever their intervals."""
        return sum(pair.difference is not None and pair.difference.difference > 0 for pair in self.pairs)


def judge(carried: Carried) -> tuple[Judged, ...]:
    """Judge every finding of a table."""
    return tuple(_judged(finding, carried) for finding in carried.table.findings)


def _judged(finding: Finding, carried: Carried) -> Judged:
    where = [
        dataset
        for dataset in carried.datasets
        if carried.replaced or not finding.datasets or parse_spec(dataset).id in finding.datasets
    ]
    pairs = [
        _pair(finding, carried.cell(higher, dataset), carried.cell(lower, dataset))
        for dataset in where
        for higher in finding.higher
        for lower in finding.lower
    ]
    return Judged(finding, tuple(pairs))


def _pair(finding: Finding, higher: Cell, lower: Cell) -> Pair:
    names = (higher.row.id, lower.row.id, higher.dataset)
    for cell in (higher, lower):
        if cell.card is None or cell.missing:
            return Pair(*names, None, f"{cell.row.label} on {cell.dataset} is missing")
    assert higher.card is not None
    assert lower.card is not None
    try:
        differences = compare_cards(higher.card, lower.card).differences
    except UserError as error:
        return Pair(*names, None, str(error))
    found = [d for d in differences if (d.metric, d.scope) == (finding.metric, finding.scope)]
    return Pair(*names, found[0] if found else None, "" if found else "the score is not on both cards")
