"""Published counts of 2022 give the published scores."""

from __future__ import annotations

import pytest

from mebench.protocols.base import Predicted
from mebench.protocols.megc.megc2022_spotting import Megc2022Spotting
from mebench.protocols.splits import Cohort
from mebench.schema.people import Person
from tests.protocols.megc.counted import counted

BASELINE = {"samm_challenge": (6, 71, 31), "casme3": (4, 10, 36)}
"""Hits, predictions and truths of the 3D-CNN baseline."""
WINNER = {"samm_challenge": (5, 11, 31), "casme3": (10, 38, 36)}
PRINTED = [
    (BASELINE, "samm_challenge", (0.0845, 0.1935, 0.1176)),
    (BASELINE, "casme3", (0.4000, 0.1111, 0.1739)),
    (BASELINE, "overall", (0.1235, 0.1493, 0.1351)),
    (WINNER, "overall", (0.3061, 0.2239, 0.2586)),
]


@pytest.mark.parametrize(("counts", "scope", "printed"), PRINTED)
def test_printed_scores_follow_from_printed_counts(counts, scope, printed):
    predictions, truth = counted(counts)
    card = Megc2022Spotting().score(Predicted(predictions), truth)
    found = [card.score(metric, scope).value for metric in ("precision", "recall", "f1")]
    assert found == pytest.approx(printed, abs=5e-5)
    assert not card.official


def test_each_test_set_has_a_training_set_of_its_own():
    tested, training = [Person("x", "1"), Person("y", "1")], [Person("a", "1"), Person("b", "1")]
    splits = Megc2022Spotting().splits(Cohort.of(tested, training, [("x", "a"), ("y", "b")]))
    assert [(split.test, split.train) for split in splits] == list(
        zip([(p,) for p in tested], [(p,) for p in training], strict=True)
    )
