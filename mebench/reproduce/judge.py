"""Whether what a paper found repeats: scores and differences of scores with their 95% intervals.

Conventions
-----------
A finding is a set of differences that should all be above 0, or of scores that should lie in a range. It *repeats* when
the interval of each lies where it is claimed, it *does not repeat* when the interval of one lies wholly elsewhere, and
else it *cannot be told*. A row that the paper quotes stands for its printed value, which has no interval of its own;
only runs on the dataset that it was printed for are compared with it. Intervals resample subjects, the same ones for
both sides where both have them; see `analysis.compare`, and `analysis.resampled` for what is no sum over subjects. What
has no interval cannot be told.
"""

from __future__ import annotations

import dataclasses
import enum
import math
from collections.abc import Iterator, Sequence

from mebench.analysis.compare import Difference, compare_cards
from mebench.analysis.resampled import Resampled, resampled_score
from mebench.errors import UserError
from mebench.metrics.catalogue import metric_of
from mebench.reproduce.carry_out import Carried, Cell
from mebench.reproduce.expected import published_value
from mebench.reproduce.table import Finding, Row
from mebench.settings import parse_spec

ABOVE_ZERO = (0.0, math.inf)
"""Where a difference is claimed to be."""
REPLACED = "other datasets replace those that are compared"
"""Why two datasets are not compared."""
QUOTED = "what is quoted was measured on the licensed datasets"
"""Why a run on another dataset is not compared with a printed value."""


class Verdict(enum.StrEnum):
    """What can be said of a finding."""

    REPEATS = "repeats"
    DOES_NOT = "does not repeat"
    CANNOT_BE_TOLD = "cannot be told"


@dataclasses.dataclass(frozen=True)
class Pair:
    """One difference that a finding asks for, or one score.

    Attributes
    ----------
    name : what it is: `best - some on samm_lv`.
    difference : None when a run is missing or the two cannot be compared; of one score, the score itself.
    why_not : the reason for that, else empty; `of_run` tells that it is a run that is missing.
    claimed : between which values it should be.
    """

    name: str
    difference: Difference | None
    why_not: str = ""
    claimed: tuple[float, float] = ABOVE_ZERO
    of_run: bool = False

    @property
    def verdict(self) -> Verdict:
        """What this difference says of the finding."""
        if self.difference is None or self.difference.ci95 is None:
            return Verdict.CANNOT_BE_TOLD
        low, high = self.difference.ci95
        if self.claimed[0] < low and high < self.claimed[1]:
            return Verdict.REPEATS
        return Verdict.DOES_NOT if high < self.claimed[0] or low > self.claimed[1] else Verdict.CANNOT_BE_TOLD

    @property
    def is_as_claimed(self) -> bool:
        """Whether the value is where it is claimed, whatever its interval."""
        found = None if self.difference is None else self.difference.difference
        return found is not None and self.claimed[0] < found < self.claimed[1]


def together(verdicts: Sequence[Verdict]) -> Verdict:
    """Return what several differences say of a finding; see the module's conventions."""
    if Verdict.DOES_NOT in verdicts:
        return Verdict.DOES_NOT
    return Verdict.REPEATS if set(verdicts) == {Verdict.REPEATS} else Verdict.CANNOT_BE_TOLD


@dataclasses.dataclass(frozen=True)
class Judged:
    """A finding and its differences."""

    finding: Finding
    pairs: tuple[Pair, ...]

    @property
    def verdict(self) -> Verdict:
        """See the module's conventions."""
        return together([pair.verdict for pair in self.pairs])

    @property
    def as_claimed(self) -> int:
        """How many values are where they are claimed, whatever their intervals."""
        return sum(pair.is_as_claimed for pair in self.pairs)


@dataclasses.dataclass(frozen=True)
class _Side:
    """One score of one run."""

    cell: Cell
    metric: str
    scope: str

    @property
    def problem(self) -> str:
        missing = self.cell.card is None or self.cell.missing
        return f"{self.cell.row.label} on {self.cell.dataset} is missing" if missing else ""

    def resampled(self) -> Resampled | None:
        if self.cell.card is None:
            return None
        return resampled_score(self.cell.card, self.metric, self.scope, self.cell.folder)


def counted(pairs: Sequence[Pair], *, values: bool = False) -> str:
    """Say how many differences, or values, are where they are claimed, and why no more can be told.

    Parameters
    ----------
    values : whether they are scores that should lie in a range, and no differences.
    """
    n, good = len(pairs), sum(pair.is_as_claimed for pair in pairs)
    noun, verb = ("value", "lies where it is claimed") if values else ("difference", "has the claimed sign")
    if n != 1 and good != 1:
        verb = verb.replace("lies where it is", "lie where they are").replace("has", "have")
    told = [f"{good} of {n} {noun}{'' if n == 1 else 's'} {verb}"]
    open_ones = [pair for pair in pairs if pair.verdict is Verdict.CANNOT_BE_TOLD]
    unsure = sum(pair.difference is not None and pair.difference.ci95 is not None for pair in open_ones)
    bare = sum(pair.difference is not None and pair.difference.ci95 is None for pair in open_ones)
    lacking = len(open_ones) - unsure - bare
    ends = "reach beyond the claimed range" if values else "hold 0"
    if unsure and n == 1:
        told.append("the interval reaches beyond the claimed range" if values else "the interval holds 0")
    elif unsure:
        told.append(f"{unsure} of the intervals {ends}")
    told += [f"{bare} without an interval"] if bare else []
    told += [f"{lacking} not measured"] if lacking else []
    return ", ".join(told)


def judge(carried: Carried) -> tuple[Judged, ...]:
    """Judge every finding of a table."""
    return tuple(Judged(finding, tuple(_pairs(finding, carried))) for finding in carried.table.findings)


def _pairs(finding: Finding, carried: Carried) -> Iterator[Pair]:
    if finding.lower_dataset and carried.replaced:
        names = f"{', '.join(finding.datasets)} - {finding.lower_dataset}"
        yield Pair(names, None, REPLACED)
        return
    for dataset in carried.datasets:
        if not carried.replaced and finding.datasets and parse_spec(dataset).id not in finding.datasets:
            continue
        for metric in finding.metrics:
            for higher in finding.higher:
                one = _Side(carried.cell(higher, dataset), metric, finding.scope)
                if finding.about is not None:
                    yield _about(finding, one)
                for lower in finding.lower:
                    if not carried.table.row(lower).method:
                        yield _above_quoted(finding, one, carried.table.row(lower), carried)
                        continue
                    cell = carried.cell(lower, finding.lower_dataset or dataset)
                    yield _difference(finding, one, _Side(cell, metric, finding.lower_scope or finding.scope))


def _about(finding: Finding, side: _Side) -> Pair:
    assert finding.about is not None
    name = f"{_of_metric(finding, side)}{side.cell.row.id} on {side.cell.dataset}"
    claimed = (finding.about - finding.within, finding.about + finding.within)
    found = side.resampled()
    if side.problem or found is None:
        return Pair(name, None, side.problem or "the card has no such score", claimed, bool(side.problem))
    value = Difference(side.metric, side.scope, found.value, 0.0, found.value, found.interval())
    return Pair(name, value, claimed=claimed)


def _above_quoted(finding: Finding, side: _Side, row: Row, carried: Carried) -> Pair:
    """Compare a run with the value that the paper quotes from others."""
    name = f"{_of_metric(finding, side)}{side.cell.row.id} - {row.id} (quoted) on {side.cell.dataset}"
    if carried.replaced:
        return Pair(name, None, QUOTED)
    if problem := side.problem:
        return Pair(name, None, problem, of_run=True)
    columns = [c for c in carried.table.columns if (c.metric, c.scope) == (side.metric, side.scope)]
    printed = published_value(row, parse_spec(side.cell.dataset).id, columns[0]) if columns else None
    found = side.resampled()
    if printed is None or found is None:
        return Pair(name, None, "no value is quoted" if printed is None else "the card has no such score")
    change, ends = found.value - printed, found.interval()
    moved = None if ends is None else (ends[0] - printed, ends[1] - printed)
    return Pair(name, Difference(side.metric, side.scope, found.value, printed, change, moved))


def _difference(finding: Finding, higher: _Side, lower: _Side) -> Pair:
    if finding.better and not metric_of(higher.metric).higher_is_better:
        higher, lower = lower, higher
    name = _of_metric(finding, higher) + _named(higher, lower)
    if problem := higher.problem or lower.problem:
        return Pair(name, None, problem, of_run=True)
    try:
        found = _compared(higher, lower)
    except UserError as error:
        return Pair(name, None, str(error))
    return Pair(name, found, "" if found else "the score is not on both cards, or is 0/0 there")


def _compared(higher: _Side, lower: _Side) -> Difference | None:
    """Return the difference of two scores, with an interval where one can be worked out.

    Raises
    ------
    UserError : when two runs on one dataset were not graded alike.
    """
    assert higher.cell.card is not None
    assert lower.cell.card is not None
    plain = None
    if higher.cell.dataset == lower.cell.dataset and higher.scope == lower.scope:
        all_found = compare_cards(higher.cell.card, lower.cell.card).differences
        plain = next((d for d in all_found if (d.metric, d.scope) == (higher.metric, higher.scope)), None)
        if plain is None or plain.difference is None:
            return None
        if plain.ci95 is not None:
            return plain
    one, other = higher.resampled(), lower.resampled()
    if one is None or other is None:
        return plain
    change, ends = one.minus(other)
    return Difference(higher.metric, higher.scope, one.value, other.value, change, ends)


def _of_metric(finding: Finding, side: _Side) -> str:
    """Return which metric it is, where a finding speaks of several."""
    if not finding.also:
        return ""
    return f"{side.metric}, " if finding.lower_scope else f"{side.metric} {side.scope}, "


def _named(higher: _Side, lower: _Side) -> str:
    if higher.cell.dataset != lower.cell.dataset:
        return f"{higher.cell.row.id} on {higher.cell.dataset} - {lower.cell.row.id} on {lower.cell.dataset}"
    one, other = higher.cell.row.id, lower.cell.row.id
    if higher.scope != lower.scope:
        one, other = f"{one} {higher.scope}", f"{other} {lower.scope}"
    return f"{one} - {other} on {higher.cell.dataset}"
