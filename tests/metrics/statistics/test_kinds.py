"""Functions from sums to values by name, each against a case by hand."""

from __future__ import annotations

import numpy as np
import pytest

from mebench.errors import UserError
from mebench.metrics.statistics.additive import Additive
from mebench.metrics.statistics.kinds import KINDS, mean, ratios_of_counts, statistic_of
from mebench.protocols.base import Predicted
from tests.every_task import TASKS


def test_ratios_and_each_of_them_alone():
    sums = np.array([[6.0, 2.0, 4.0], [0.0, 0.0, 0.0]])
    assert ratios_of_counts()(sums) == pytest.approx(np.array([[0.75, 0.6, 2 / 3], [0, 0, 0]]))
    for i, name in enumerate(("precision", "recall", "f1")):
        assert ratios_of_counts(name)(sums).tolist() == ratios_of_counts()(sums)[:, i : i + 1].tolist()


def test_a_mean_divides_by_what_counts():
    assert mean()(np.array([[10.0, 4.0, 2.0], [0.0, 0.0, 0.0]])).tolist() == [[5.0, 2.0], [0.0, 0.0]]


def test_names_that_nobody_knows():
    with pytest.raises(UserError, match="The statistic 'moon' is not known here: install a newer mebench"):
        statistic_of("moon", {})
    with pytest.raises(UserError, match=r"The statistic 'mean' cannot have the options {'of': 3}: grade again"):
        statistic_of("mean", {"of": 3})
    with pytest.raises(UserError, match="moon"):
        statistic_of("metric:moon", {})


@pytest.mark.parametrize("name", TASKS)
def test_a_card_keeps_what_its_scores_are_made_of(name):
    """Parts that a card has written down, summed and given to the kind that it names, are its scores again."""
    kind, data, _ = TASKS[name]
    predictions, truth = data(0.5)
    card = kind().score(Predicted(predictions), truth)
    assert card.statistics
    for row in card.statistics:
        assert row.kind in KINDS or row.kind.startswith("metric:")
        parts = [part for person in card.by_subject if (part := person.part(row.parts)) is not None]
        (values,) = statistic_of(row.kind, row.options)(np.sum(parts, axis=0)[None])
        for metric, value in zip(row.metrics, values, strict=True):
            if metric and card.score(metric, row.scope).defined:
                assert card.score(metric, row.scope).value == pytest.approx(value)


def test_a_statistic_of_an_unknown_kind_is_refused_when_it_is_asked():
    with pytest.raises(UserError, match="'moon' is not known here"):
        Additive("moon", "overall", ("f1",), np.ones((1, 3)), (True,)).scores()


@pytest.mark.parametrize("seed", range(3))
def test_sums_give_what_numpy_gives(seed: int) -> None:
    values = np.random.default_rng(seed).random((7, 2))
    sums = np.concatenate((values.sum(axis=0), (values**2).sum(axis=0), [7]))
    assert statistic_of("mean_and_deviation", {})(sums) == pytest.approx(
        [*values.mean(axis=0), *values.std(axis=0, ddof=1)]
    )


def test_equal_values_do_not_deviate() -> None:
    sums = np.array([[3 * 0.1, 3 * 0.1**2, 3.0]])
    assert statistic_of("mean_and_deviation", {})(sums)[0, 1] == 0
