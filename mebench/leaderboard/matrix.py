"""The matrix of paired differences of a table: row less column, with interval and p-value, as text."""

from __future__ import annotations

import dataclasses

from mebench.leaderboard.bars import decimals
from mebench.leaderboard.standing import Pair, Standing


@dataclasses.dataclass(frozen=True, slots=True)
class PairCell:
    """One pair; `ci` and `p` are empty where they are not known."""

    difference: str
    ci: str
    p: str
    apart: bool


def matrix(standing: Standing) -> tuple[tuple[PairCell | None, ...], ...]:
    """Return the cells above the diagonal: one row for each method but the last, one column for each but the first.

    A cell is None below the diagonal, and where a card lacks the score that ranks.
    """
    n = len(standing.ranks)
    cells = {pair: _cell(found) for pair, found in standing.pairs.items()}
    return tuple(tuple(cells.get((i, j)) if j > i else None for j in range(1, n)) for i in range(n - 1))


def _cell(pair: Pair) -> PairCell:
    ends = f"{_signed(pair.ci95[0])} to {_signed(pair.ci95[1])}" if pair.ci95 is not None else ""
    return PairCell(_signed(pair.difference), ends, "" if pair.p is None else _chance(pair.p), pair.apart)


def _signed(value: float) -> str:
    text = decimals(value).replace("-", "\N{MINUS SIGN}")
    return text if text.startswith("\N{MINUS SIGN}") or not float(text) else f"+{text}"


def _chance(p: float) -> str:
    return "p < .001" if p < 0.001 else f"p {decimals(p)}"
