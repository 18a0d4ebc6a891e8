"""The matrix of paired differences."""

from __future__ import annotations

from mebench.leaderboard.matrix import PairCell, matrix
from mebench.leaderboard.standing import Pair, Standing


def test_cells_stand_above_the_diagonal_with_signs():
    pairs = {
        (0, 1): Pair(0.078, (-0.052, 0.2205), 0.328, False),
        (0, 2): Pair(0.25, (0.1, 0.4), 0.0004, True),
        (1, 2): Pair(-0.0001, None, None, False),
    }
    assert matrix(Standing(((1, 2), (1, 2), (3, 3)), pairs)) == (
        (PairCell("+.078", "−.052 to +.221", "p .328", False), PairCell("+.250", "+.100 to +.400", "p < .001", True)),
        (None, PairCell(".000", "", "", False)),
    )


def test_a_pair_without_scores_has_no_cell():
    assert matrix(Standing(((1, 2), (1, 2)))) == ((None,),)
    assert matrix(Standing(((1, 1),))) == ()
