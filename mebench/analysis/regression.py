"""Has a score fallen? Scorecards held against recorded ones, for `mebench check`.

Conventions
-----------
Two cards can be compared only under the same protocol version, convention fingerprint and truth digest; anything else
is an error of its own, never a pass. Every score is compared in its own direction: of most, more is better; of those in
whose metric says so, less is. A score may move against its direction by the tolerance: by nothing for a method without
chance, by max(5%, 3 sigma) for one that was trained again, where sigma is the standard deviation over recorded seeds. A
score that the baseline has and the new card lacks has fallen.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping, Sequence

from mebench.analysis.compare import differing_rules
from mebench.metrics.catalogue import metric_of
from mebench.schema.scorecard import Score, Scorecard


class Verdict(enum.StrEnum):
    """What became of one number."""

    EQUAL = "equal"
    RISEN = "risen"
    WITHIN = "within tolerance"
    FALLEN = "fallen"
    CHANGED = "changed"
    MISSING = "missing"
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
    """

    absolute: float = 0.0
    relative: float = 0.0
    sigma: float = 0.0
    sigmas: Mapping[tuple[str, str], float] = dataclasses.field(default_factory=dict)

    def allowed(self, value: float, metric: str = "", scope: str = "") -> float:
        """Return the largest of the three for a baseline's value of one score."""
        sigma = self.sigmas.get((metric, scope), self.sigma)
        return max(self.absolute, self.relative * abs(value), 3 * sigma)


EXACT = Tolerance()
"""For predictions that are graded again."""

RETRAINED = Tolerance(relative=0.05)
"""For methods that are trained again; `retrained` adds the sigmas of recorded seeds."""


def retrained(sigmas: Mapping[tuple[str, str], float]) -> Tolerance:
    """Return max(5%, 3 sigma) with the sigma of each score."""
    return dataclasses.replace(RETRAINED, sigmas=sigmas)


@dataclasses.dataclass(frozen=True)
class Row:
    """One number of the table that `mebench check` prints."""

    metric: str
    scope: str
    baseline: float | None
    new: float | None
    allowed: float
    verdict: Verdict

    @property
    def failed(self) -> bool:
        """Whether this number makes the check fail."""
        return self.verdict in (Verdict.FALLEN, Verdict.CHANGED, Verdict.MISSING)


@dataclasses.dataclass(frozen=True)
class Comparison:
    """What `compare_scorecards` found.

    Attributes
    ----------
    title : method, dataset and protocol.
    rows : one for each number, in the baseline's order, then new ones.
    errors : why the cards cannot be compared; then there are no rows.
    notes : what a reader should know, one sentence each.
    """

    title: str
    rows: tuple[Row, ...] = ()
    errors: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the cards can be compared and nothing has fallen."""
        return not self.errors and not self.fell

    @property
    def fell(self) -> bool:
        """Whether a number has moved that must not."""
        return any(row.failed for row in self.rows)

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
    return Comparison(title, tuple(rows))


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
    allowed = tolerance.allowed(old.value, old.metric, old.scope)
    if new is None:
        return Row(old.metric, old.scope, old.value, None, allowed, Verdict.MISSING)
    change = new.value - old.value
    gain = change if metric_of(old.metric).higher_is_better else -change
    if old.defined and not new.defined:
        verdict = Verdict.FALLEN
    elif gain == 0:
        verdict = Verdict.EQUAL
    elif gain > 0:
        verdict = Verdict.RISEN
    else:
        verdict = Verdict.WITHIN if -gain <= allowed else Verdict.FALLEN
    return Row(old.metric, old.scope, old.value, new.value, allowed, verdict)


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
