"""How much a method's scores vary with its seed: `seeds.json`, which lies beside a baseline's scorecard.

Conventions
-----------
    {"schema": 1, "fingerprint": "...", "truth": "...", "runs": [{"seed": 0, "scores": [{"metric", "scope", "value"}]}]}

All runs are of one method with the same settings, graded alike; only the seed differs. Sigma is the standard deviation
over the seeds with n - 1 below. The spread over seeds is the chance of training; the interval of a score, which is over
subjects, is the chance of who was tested. Neither holds the other.
"""

from __future__ import annotations

import dataclasses
import json
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path

from mebench.errors import UserError
from mebench.schema.files import write_atomic
from mebench.schema.json_text import read_json_object
from mebench.schema.migrations import fingerprint_of_1
from mebench.schema.plain_json import from_plain, to_plain
from mebench.schema.scorecard import Scorecard

SCHEMA = 1
FILE = "seeds.json"
_CARD = "scorecard.json"


@dataclasses.dataclass(frozen=True, slots=True)
class SeedScore:
    """One score of one seed."""

    metric: str
    scope: str
    value: float


@dataclasses.dataclass(frozen=True, slots=True)
class SeedRun:
    """The scores of one seed."""

    seed: int
    scores: tuple[SeedScore, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Spread:
    """How one score varies with the seed: the chance of training, whoever is tested.

    Attributes
    ----------
    mean, sd : over the seeds; the standard deviation has n - 1 below.
    n : number of seeds, at least two.
    """

    mean: float
    sd: float
    n: int

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Return the spread of the values of at least two seeds."""
        return cls(statistics.fmean(values), statistics.stdev(values), len(values))

    def __str__(self) -> str:
        """Return `mean 0.481, sd 0.046, n = 6`."""
        return f"mean {self.mean:.3f}, sd {self.sd:.3f}, n = {self.n}"


@dataclasses.dataclass(frozen=True)
class SeedScores:
    """The scores of one method over several seeds.

    Attributes
    ----------
    fingerprint, truth : convention and truth digest under which all were graded.
    runs : one for each seed.
    """

    fingerprint: str
    truth: str
    runs: tuple[SeedRun, ...]
    schema: int = SCHEMA

    @classmethod
    def of(cls, cards: Mapping[int, Scorecard]) -> SeedScores:
        """Gather the scores of cards by seed.

        Raises
        ------
        UserError : for fewer than two seeds, or cards that were not graded alike.
        """
        if len(cards) < 2:
            raise UserError("The variance over seeds needs two runs or more: run again with another --seed.")
        graded = {(card.fingerprint, card.dataset.digest) for card in cards.values()}
        if len(graded) > 1:
            raise UserError("The runs were not graded alike: grade all against one truth under one convention.")
        runs = [
            SeedRun(seed, tuple(SeedScore(s.metric, s.scope, s.value) for s in card.scores))
            for seed, card in sorted(cards.items())
        ]
        return cls(*graded.pop(), tuple(runs))

    def spreads(self) -> dict[tuple[str, str], Spread]:
        """Return mean and standard deviation over seeds by (metric, scope), of scores that every seed has."""
        tables = [{(s.metric, s.scope): s.value for s in run.scores} for run in self.runs]
        shared = set.intersection(*map(set, tables)) if len(tables) > 1 else set()
        return {key: Spread.of([table[key] for table in tables]) for key in sorted(shared)}

    def sigmas(self) -> dict[tuple[str, str], float]:
        """Return the standard deviation over seeds by (metric, scope), of scores that every seed has."""
        return {key: spread.sd for key, spread in self.spreads().items()}

    def write(self, path: Path) -> None:
        """Write the file, whole or not at all.

        Raises
        ------
        UserError : when it cannot be written.
        """
        write_atomic(path, json.dumps(to_plain(self), sort_keys=True, indent=1, allow_nan=False) + "\n")

    @classmethod
    def read(cls, path: Path) -> SeedScores:
        """Read a file.

        Raises
        ------
        UserError : when it cannot be read, or is something else.
        """
        return from_plain(cls, read_json_object(path, "record the seeds again"), str(path))


def seeds_beside(path: Path, card: Scorecard) -> SeedScores | None:
    """Return the recorded seeds of a card, or None where none are kept.

    Parameters
    ----------
    path : the card's file; seeds lie beside one that is named `scorecard.json`.
    card : what the file holds.

    Raises
    ------
    UserError : when they were graded under another convention or against another truth.
    """
    file = path.parent / FILE
    if path.name != _CARD or not file.is_file():
        return None
    seeds = SeedScores.read(file)
    known = (card.fingerprint, fingerprint_of_1(card.convention))
    if seeds.fingerprint not in known or seeds.truth != card.dataset.digest:
        raise UserError(f"{file} was not graded as the scorecard beside it: record the seeds again.")
    return seeds
