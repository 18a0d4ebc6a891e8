"""A run with several seeds: what chance does to a method, as mean and deviation over the repeats.

Conventions
-----------
A repeat is a run of its own, with a folder of its own; the folds are those of the protocol, the same in each. Only what
the method draws differs. The deviation is that of a sample, with n - 1 below. MiE-X repeats three times (section 5.1).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from mebench.runs.run import RunResult, run
from mebench.schema.seed_scores import FILE, SeedScores, Spread


def repeated(repeats: int, *, seed: int = 0, out: Path | None = None, **more: Any) -> Iterator[RunResult]:
    """Yield the result of a run with one seed after the other.

    Parameters
    ----------
    repeats : number of seeds.
    seed : the first of them.
    out : folder that holds the folder of each repeat, `seed-0` and so on; by default each has one in `runs/`.
    more : as for `run`.

    Raises
    ------
    UserError : as `run` does.
    """
    for number in range(seed, seed + repeats):
        yield run(seed=number, out=None if out is None else out / f"seed-{number}", **more)


def spreads_of(results: Sequence[RunResult], seed: int, out: Path | None = None) -> dict[tuple[str, str], Spread]:
    """Return mean and deviation of every score that all repeats have, by metric and scope.

    Parameters
    ----------
    results : of the repeats, in the order of their seeds; at least two, all with a card.
    seed : the first seed.
    out : folder that gets the scores of every seed as `seeds.json`, or None.

    Raises
    ------
    UserError : when the file cannot be written.
    """
    cards = {seed + i: result.scorecard for i, result in enumerate(results) if result.scorecard is not None}
    scores = SeedScores.of(cards)
    if out is not None:
        scores.write(out / FILE)
    return scores.spreads()
