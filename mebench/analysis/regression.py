"""Has a score fallen? Scorecards held against recorded ones, for `mebench check`.

Conventions
-----------
Two cards can be compared only under the same protocol version, convention fingerprint and truth digest; anything else
is an error of its own, never a pass. Every score is compared in its own direction: of most, more is better; of those
whose metric says so, less is. Only what moves against it counts. A score that the baseline has and the new card lacks
has fallen. A method without chance may not lose anything.

A method that was trained again is held against the mean over the recorded seeds, and may lose what chance explains:
max(5%, 3 sigma / sqrt(k)) for the mean of k runs, where sigma is the standard deviation over the seeds. It may never
lose more than a share of the score (a third), however wild the seeds are:

    mean .311 over seeds, sigma .080, one run      chance .239      share .104
    .28   within: less than both                   .15   more seeds needed: beyond the share, within chance
    .03   fallen: beyond chance

Where chance allows more than the share, one run cannot say whether the method is worse, and more runs can: chance
shrinks with their number.
"""

from __future__ import annotations

import dataclasses
import enum
import math
from collections.abc import Iterator, Mapping, Sequence

from mebench.analysis.compare import differing_rules
from mebench.metrics.catalogue import metric_of
from mebench.schema.scorecard import Score, Scorecard
from mebench.schema.seed_scores import SeedScores


class Verdict(enum.StrEnum):
    """What became of one number."""

    EQUAL = "equal"
    RISEN = "risen"
    WITHIN = "within tolerance"
    FALLEN = "fallen"
    UNDEFINED = "now undefined"
    CHANGED = "changed"
    MISSING = "missing"
    UNSURE = "more seeds needed"
    NEW = "new"


@dataclasses.dataclass(frozen=True)
class Tolerance:
    """How far a score may move against its direction.

    Attributes
    ----------
    absolute : in units of the score.
    relative : as a share of the baseline's value.
    sigma : standard deviation over recorded seeds; three of them are tolerated.
    sigmas : the same by (metric, scope), in place of `sigma` where a score has one.
    means : means over recorded seeds by (metric, scope), held against in place of the baseline's own value.
    share : the most that may ever be lost, as a share of the score; None sets no limit.
    runs : how many runs of different seeds the new scores are the mean of.
    """

    absolute: float = 0.0
    relative: float = 0.0
    sigma: float = 0.0
    sigmas: Mapping[tuple[str, str], float] = dataclasses.field(default_factory=dict)
    means: Mapping[tuple[str, str], float] = dataclasses.field(default_factory=dict)
    share: float | None = None
    runs: int = 1

    def by_chance(self, value: float, metric: str = "", scope: str = "") -> float:
        """Return the largest of the three for a baseline's value of one score, whatever the share."""
        sigma = self.sigmas.get((metric, scope), self.sigma)
        return max(self.absolute, self.relative * abs(value), 3 * sigma / math.sqrt(self.runs))

    def allowed(self, value: float, metric: str = "", scope: str = "") -> float:
        """Return how far a score may fall from a baseline's value: what chance explains, and no more than the share."""
        chance = self.by_chance(value, metric, scope)
        return chance if self.share is None else min(chance, self.share * abs(value))

    def runs_needed(self, value: float, metric: str, scope: str) -> int:
        """Return the mean of how many runs can tell a fall by the share from chance; 1 where one run can."""
        sigma = self.sigmas.get((metric, scope), self.sigma)
        if self.share is None or not self.share * abs(value):
            return 1
        return max(1, math.ceil((3 * sigma / (self.share * abs(value))) ** 2))


EXACT = Tolerance()
"""For predictions that are graded again."""

SHARE = 1 / 3
"""The share of a score that no chance excuses: a method that lost a third is another method, until seeds say no."""

RETRAINED = Tolerance(relative=0.05, share=SHARE)
"""For methods that are trained again; `retrained` adds what recorded seeds know."""


def retrained(seeds: SeedScores, share: float = SHARE, runs: int = 1) -> Tolerance:
    """Return the tolerance of runs that were trained again.

    Parameters
    ----------
    seeds : the scores of the method over several seeds.
    share, runs : see `Tolerance`.
    """
    spreads = seeds.spreads()
    sigmas, means = ({key: getattr(s, name) for key, s in spreads.items()} for name in ("sd", "mean"))
    return dataclasses.replace(RETRAINED, sigmas=sigmas, means=means, share=share, runs=runs)


@dataclasses.dataclass(frozen=True)
class Row:
    """One number of the table that `mebench check` prints; a number that is not there, or undefined, is None."""

    metric: str
    scope: str
    baseline: float | None
    new: float | None
    allowed: float
    verdict: Verdict

    @property
    def failed(self) -> bool:
        """Whether this number makes the check fail."""
        return self.verdict in (
            Verdict.FALLEN,
            Verdict.UNDEFINED,
            Verdict.CHANGED,
            Verdict.MISSING,
            Verdict.UNSURE,
        )


@dataclasses.dataclass(frozen=True)
class Comparison:
    """What `compare_scorecards` found.

    Attributes
    ----------
    title : method, dataset and protocol.
    rows : one for each number, in the baseline's order, then new ones.
    errors : why the cards cannot be compared; then there are no rows.
    faults : why a card contradicts itself; then nothing that it says passes.
    notes : what a reader should know, one sentence each.
    """

    title: str
    rows: tuple[Row, ...] = ()
    errors: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the cards can be compared and nothing has fallen."""
        return not self.errors and not self.fell

    @property
    def fell(self) -> bool:
        """Whether a number has moved that must not, or cannot be believed."""
        return bool(self.faults) or any(row.failed for row in self.rows)

    @property
    def moved(self) -> tuple[Row, ...]:
        """Every number that is not equal."""
        return tuple(row for row in self.rows if row.verdict is not Verdict.EQUAL)


def compare_scorecards(new: Scorecard, baseline: Scorecard, tolerance: Tolerance = EXACT) -> Comparison:
    """Hold a scorecard against a recorded one.

    Parameters
    ----------
    new, baseline : the cards.
    tolerance : how far a score may move against its direction.
    """
    title = f"{new.method.id} on {new.dataset.id} under {new.protocol.id}"
    if errors := incomparable(new, baseline):
        return Comparison(title, errors=errors)
    found = {(score.metric, score.scope): score for score in new.scores}
    rows = [_row(score, found.pop((score.metric, score.scope), None), tolerance) for score in baseline.scores]
    rows += [Row(s.metric, s.scope, None, s.value, 0.0, Verdict.NEW) for s in found.values()]
    return Comparison(title, tuple(rows), notes=tuple(_asks_for_seeds(rows, tolerance)))


def _asks_for_seeds(rows: Sequence[Row], tolerance: Tolerance) -> Iterator[str]:
    """Say which scores one more run cannot judge, and how many seeds can."""
    needed = {
        f"{row.metric} of {row.scope}": tolerance.runs_needed(row.baseline, row.metric, row.scope)
        for row in rows
        if row.baseline is not None and row.verdict in (Verdict.UNSURE, Verdict.WITHIN)
    }
    unsure = [name for name, n in needed.items() if n > tolerance.runs]
    if unsure:
        yield (
            f"Chance may cost {', '.join(unsure)} more than the {tolerance.share:.0%} that a check lets pass: to tell "
            f"chance from a fault, run {max(needed.values())} seeds and name all of these runs."
        )


def incomparable(new: Scorecard, baseline: Scorecard) -> tuple[str, ...]:
    """Return why two cards cannot be compared, one sentence each that ends with the fix; empty when they can."""
    errors = []
    if new.protocol != baseline.protocol:
        ours, theirs = (f"{card.protocol.id} v{card.protocol.version}" for card in (new, baseline))
        errors.append(
            f"The protocol is {ours}, the baseline has {theirs}: grade under the same one or record a new baseline."
        )
    if new.fingerprint != baseline.fingerprint:
        errors.append(
            f"The convention fingerprint is {new.fingerprint}, the baseline has {baseline.fingerprint}"
            f"{_differing(new, baseline)}: grade under the same convention or record a new baseline."
        )
    if new.dataset != baseline.dataset:
        what = "truth" if new.dataset.id == baseline.dataset.id else "dataset"
        errors.append(
            f"The {what} is {new.dataset.id} {new.dataset.digest[:12]}, the baseline has {baseline.dataset.id} "
            f"{baseline.dataset.digest[:12]}: grade against the same truth or record a new baseline."
        )
    if new.method.id != baseline.method.id:
        errors.append(f"The method is {new.method.id}, the baseline has {baseline.method.id}: name the right baseline.")
    if baseline.complete and not new.complete:
        errors.append("The new run is not complete: run its missing folds first.")
    return tuple(errors)


def _differing(new: Scorecard, baseline: Scorecard) -> str:
    differing = differing_rules(new, baseline)
    return f" ({', '.join(differing)} differ)" if differing else ""


def _row(old: Score, new: Score | None, tolerance: Tolerance) -> Row:
    held = tolerance.means.get((old.metric, old.scope), old.value)
    allowed = tolerance.allowed(held, old.metric, old.scope)
    if new is None:
        return Row(old.metric, old.scope, held, None, allowed, Verdict.MISSING)
    change = new.value - held
    gain = change if metric_of(old.metric).higher_is_better else -change
    if old.defined and not new.defined:
        return Row(old.metric, old.scope, held, None, allowed, Verdict.UNDEFINED)
    if new.value in (old.value, held):
        verdict = Verdict.EQUAL
    elif gain > 0:
        verdict = Verdict.RISEN
    elif -gain <= allowed:
        verdict = Verdict.WITHIN
    else:
        beyond = -gain > tolerance.by_chance(held, old.metric, old.scope)
        verdict = Verdict.FALLEN if beyond else Verdict.UNSURE
    return Row(old.metric, old.scope, held, new.value, allowed, verdict)


def find_baseline(new: Scorecard, baselines: Sequence[Scorecard]) -> Scorecard | None:
    """Return the recorded card of the same method, settings, dataset and protocol, or None.

    Where several fit, the one of the same convention and truth comes first.
    """

    def same(card: Scorecard) -> bool:
        mine = (new.method.id, new.method.config, new.dataset.id, new.protocol.id)
        return mine == (card.method.id, card.method.config, card.dataset.id, card.protocol.id)

    fitting = [card for card in baselines if same(card)]
    fitting.sort(key=lambda card: (card.fingerprint != new.fingerprint, card.dataset != new.dataset))
    return fitting[0] if fitting else None
