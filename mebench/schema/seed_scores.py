"""How much a method's scores vary with its seed: `seeds.json`, which lies beside a baseline's scorecard.

Conventions
-----------
    {"schema": 1, "fingerprint": "...", "truth": "...", "runs": [{"seed": 0, "scores": [{"metric", "scope", "value"}]}]}

All runs are of one method with the same settings, graded alike; only the seed differs. Sigma is the standard deviation
over the seeds with n - 1 below.
"""

from __future__ import annotations

import dataclasses
import json
import statistics
from collections.abc import Mapping
from pathlib import Path

from mebench.errors import UserError
from mebench.schema.files import write_atomic
from mebench.schema.json_text import read_json_object
from mebench.schema.plain_json import from_plain, to_plain
from mebench.schema.scorecard import Scorecard

SCHEMA = 1


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

    def sigmas(self) -> dict[tuple[str, str], float]:
        """Return the standard deviation over seeds by (metric, scope), of scores that every seed has."""
        tables = [{(s.metric, s.scope): s.value for s in run.scores} for run in self.runs]
        shared = set.intersection(*map(set, tables)) if len(tables) > 1 else set()
        return {key: statistics.stdev(table[key] for table in tables) for key in sorted(shared)}

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
