"""Scorecards with the place where they were found.

A card is looked at, never changed: its predictions and its truth are read from the folder in which it lies.
"""

from __future__ import annotations

import dataclasses
import functools
from pathlib import Path

from mebench.analysis.audit.kept import KeptAudit, kept_audit
from mebench.analysis.consistency import Consistency, consistency_of
from mebench.errors import UserError
from mebench.metrics.catalogue import metric_of
from mebench.protocols.base import Protocol
from mebench.protocols.catalogue import PROTOCOLS
from mebench.schema.scorecard import Counts, Score, Scorecard
from mebench.schema.seed_scores import SeedScores, seeds_beside

FILE = "scorecard.json"
NONE = Counts(0, 0, 0)
"""The counts of a scope that a card does not have."""
F1 = ("f1", "overall")
"""What spotting ranks by, and cards of protocols that nobody here knows."""


@dataclasses.dataclass(frozen=True, eq=False)
class Card:
    """One scorecard and its file."""

    path: Path
    card: Scorecard

    @property
    def run(self) -> Path:
        """The folder that holds what the card was made of, where it is kept."""
        return self.path.parent

    @property
    def method(self) -> str:
        """Id of the method."""
        return self.card.method.id

    @property
    def protocol(self) -> str:
        """Id and version of the protocol."""
        return f"{self.card.protocol.id} v{self.card.protocol.version}"

    @property
    def comparable(self) -> tuple[str, ...]:
        """What two cards must have in common to be ranked together."""
        card = self.card
        return (
            card.dataset.id,
            card.task,
            card.protocol.id,
            card.protocol.version,
            card.fingerprint,
            card.dataset.digest,
        )

    @functools.cached_property
    def _rules(self) -> type[Protocol] | None:
        try:
            return PROTOCOLS.get(self.card.protocol.id)
        except UserError:
            return None

    @property
    def ranking(self) -> tuple[str, str]:
        """Metric and scope by which the card's protocol ranks."""
        if self._rules is not None:
            return self._rules.ranking
        return (
            F1 if self.score(*F1) or not self.card.scores else (self.card.scores[0].metric, self.card.scores[0].scope)
        )

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes that the card's protocol tells apart, in order; empty where it has none, or nobody knows it."""
        return tuple(getattr(self._rules, "classes", ()))

    @property
    def lower_is_better(self) -> bool:
        """Whether less of the ranking metric is better."""
        return not metric_of(self.ranking[0]).higher_is_better

    @property
    def merit(self) -> float:
        """The score that ranks, turned so that more is better; least of all where there is none."""
        score = self.score(*self.ranking)
        if score is None or (self.lower_is_better and not score.defined):
            return float("-inf")
        return -score.value if self.lower_is_better else score.value

    @property
    def reach(self) -> tuple[float, float]:
        """The interval of `merit`; without one, the value alone."""
        score = self.score(*self.ranking)
        if score is None or score.ci95 is None or not score.defined:
            return self.merit, self.merit
        low, high = score.ci95
        return (-high, -low) if self.lower_is_better else (low, high)

    @functools.cached_property
    def _consistency(self) -> Consistency:
        return consistency_of(self.card)

    @property
    def inconsistent(self) -> str:
        """Why the card contradicts itself; empty when it does not."""
        return self._consistency.reason

    @property
    def is_checked(self) -> bool:
        """Whether the score that ranks follows from what the card keeps; old cards kept nothing of some."""
        return self.keeps(*self.ranking)

    def keeps(self, metric: str, scope: str) -> bool:
        """Return whether a score follows from what the card keeps; if not, it is taken as it stands."""
        return f"{metric} of {scope}" not in self._consistency.unchecked

    @functools.cached_property
    def audit(self) -> KeptAudit | None:
        """What an audit of the run has found, where one is kept beside the card."""
        return kept_audit(self.run)

    @functools.cached_property
    def seeds(self) -> SeedScores | None:
        """The scores of the method over several seeds, where they are kept beside the card."""
        return seeds_beside(self.path, self.card)

    @functools.cached_property
    def _scores(self) -> dict[tuple[str, str], Score]:
        return {(score.metric, score.scope): score for score in self.card.scores}

    def score(self, metric: str, scope: str) -> Score | None:
        """Return one score, or None when the card has none of that name."""
        return self._scores.get((metric, scope))

    def counts(self, scope: str) -> Counts:
        """Return the pooled counts of a scope."""
        return self.card.counts.get(scope, NONE)


def file_of(path: Path) -> Path:
    """Return a scorecard's file: the path itself, or the one in a run's folder."""
    return path / FILE if path.is_dir() else path


def read_card(path: Path) -> Card:
    """Read a scorecard, or the one of a run's folder.

    Raises
    ------
    UserError : when it cannot be read or is no scorecard.
    """
    file = file_of(path)
    return Card(file, Scorecard.read(file))
