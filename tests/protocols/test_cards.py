"""From counts of classes and statistics of people to a card."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from mebench.metrics.conventions.spotting import SpottingConvention
from mebench.metrics.statistics.additive import Additive
from mebench.protocols.base import Predicted
from mebench.protocols.cards import Graded, class_counts, counts_of, key_of, make_card, total_counts, unscored_card
from mebench.protocols.megc.megc2020_spotting import Megc2020Spotting
from mebench.schema.scorecard import Counts, DatasetRef, MethodRef, Score, Scorecard

MATRIX = np.array([[5, 1, 0, 2], [0, 3, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]])
"""Rows are the truth; the last column is of answers that name no class."""


def test_counts_of_classes_by_hand():
    assert class_counts(MATRIX, ("neg", "pos", "sur")) == {"neg": Counts(5, 0, 3), "pos": Counts(3, 1, 0)}
    assert total_counts(MATRIX, 3) == Counts(8, 1, 3)


def test_counts_of_classes_add_up_to_the_total():
    rng = np.random.default_rng(0)
    for n in range(1, 6):
        matrix = np.zeros((n + 1, n + 1), np.int64)
        matrix[:n] = rng.integers(0, 9, (n, n + 1))
        each = class_counts(matrix, [str(i) for i in range(n)]).values()
        sums = [sum(getattr(counts, name) for counts in each) for name in ("tp", "fp", "fn")]
        assert Counts(*sums) == total_counts(matrix, n)
        assert sums[0] + sums[2] == matrix.sum()


def test_a_class_that_never_occurs_has_no_counts():
    assert class_counts(np.zeros((3, 3), np.int64), ("a", "b")) == {}


def test_counts_are_the_first_three_numbers():
    assert counts_of(np.array([1, 2, 3, 4])) == Counts(1, 2, 3)


def statistic(parts, people=None, key="", scope="overall"):
    rows = None if people is None else np.array(people)
    return Additive("ratios", scope, ("f1",), np.array(parts), (True,), rows, key, {"only": "f1"})


def card(graded, **changes):
    submission = Predicted(None, method=MethodRef("m", {}, "d"), **changes)
    return make_card(Megc2020Spotting(), submission, SpottingConvention(), graded)


DATA = DatasetRef("x", "digest")


def test_parts_go_to_the_people_whose_they_are():
    made = card(Graded(DATA, ["a", "b", "c"], [statistic([[1, 0, 1], [3, 0, 0]], people=[2, 0])]))
    key = key_of(statistic([[0, 0, 0]]))
    assert key == "ratios/overall"
    assert [person.part(key) for person in made.by_subject] == [(3.0, 0.0, 0.0), None, (1.0, 0.0, 1.0)]
    assert made.score("f1", "overall").value == pytest.approx(8 / 9)


def test_parts_that_are_counts_stand_among_the_counts_alone():
    of_people = [{"overall": Counts(1, 0, 1)}, {"overall": Counts(3, 0, 0)}]
    one = statistic([[1, 0, 1], [3, 0, 0]], key="counts/overall")
    made = card(Graded(DATA, ["a", "b"], [one], person_counts=of_people))
    assert [person.parts for person in made.by_subject] == [{}, {}]
    assert [person.part("counts/overall") for person in made.by_subject] == [(1.0, 0.0, 1.0), (3.0, 0.0, 0.0)]


def test_scores_are_sorted_whatever_the_order_of_the_grading():
    others = [Score("auc", "micro", 0.5), Score("auc", "macro", 0.25)]
    both = [statistic([[1, 0, 0]], scope="micro"), statistic([[1, 1, 0]], scope="macro")]
    made = {card(Graded(DATA, ["a"], order, others=others)).scores for order in itertools.permutations(both)}
    (scores,) = made
    assert [(s.metric, s.scope) for s in scores] == [
        ("auc", "macro"),
        ("auc", "micro"),
        ("f1", "macro"),
        ("f1", "micro"),
    ]


@pytest.mark.parametrize(("folds", "answers"), list(itertools.product([True, False], repeat=2)))
def test_a_card_is_complete_when_folds_and_answers_are(folds, answers):
    made = card(Graded(DATA, ["a"], [statistic([[1, 0, 0]])], complete=answers), complete=folds)
    assert made.complete == (folds and answers)


def test_a_reason_makes_a_card_unofficial():
    assert card(Graded(DATA, ["a"], [statistic([[1, 0, 0]])])).official
    made = card(Graded(DATA, ["a"], [statistic([[1, 0, 0]])], reason="too small"))
    assert (made.official, made.reason) == (False, "too small")
    told = card(Graded(DATA, ["a"], [statistic([[1, 0, 0]])], remark="few videos"))
    assert (told.official, told.reason) == (True, "few videos")


def test_without_people_there_are_no_rows():
    assert card(Graded(DATA, [], [], others=[Score("auc", "macro", 0.5)])).by_subject == ()


def test_what_cannot_be_graded_has_no_score_and_says_why():
    method = MethodRef("m", {"a": 1}, "d")
    card = unscored_card(Megc2020Spotting(), Predicted(None, method=method), DatasetRef("d", "0"), "nothing is there")
    assert (card.scores, card.counts, card.complete, card.official) == ((), {}, False, False)
    assert (card.method, card.dataset, card.reason) == (method, DatasetRef("d", "0"), "nothing is there")
    assert Scorecard.from_json(card.to_json()) == card
