"""Likeness of generated clips to recorded ones: sums over clips and people, then divided."""

from __future__ import annotations

import numpy as np
import pytest

from mebench.protocols.base import Predicted
from mebench.protocols.likeness import GenerationLikeness
from mebench.schema.generated import GeneratedTable
from mebench.schema.problems import InvalidTable
from tests.every_task import likeness


def grade(rows, truth):
    return GenerationLikeness().score(Predicted(GeneratedTable.of(rows)), truth)


@pytest.fixture
def rows():
    return list(likeness(0.5)[0].rows)


@pytest.fixture
def truth():
    return likeness(0.5)[1]


def test_an_error_is_the_mean_over_pixels_and_databases_are_parts_of_it(rows, truth):
    """Clips weigh by what they count, so the overall mean lies between those of the databases, here of equal weight."""
    card = grade(rows, truth)
    sums = np.sum([row.parts["mean_absolute_error"] for row in rows], axis=0)
    overall = card.score("mean_absolute_error", "overall").value
    assert overall == pytest.approx(sums[0] / sums[1])
    of_each = [card.score("mean_absolute_error", name).value for name in truth.databases()]
    assert np.mean(of_each) == pytest.approx(overall)


def test_psnr_is_of_the_mean_squared_error(rows, truth):
    """10 log10(255^2 / MSE): of pooled errors, and not the mean of the clips' own."""
    sums = np.sum([row.parts["psnr"] for row in rows], axis=0)
    assert grade(rows, truth).score("psnr", "overall").value == pytest.approx(10 * np.log10(255**2 * sums[1] / sums[0]))


def test_the_order_of_clips_never_matters(rows, truth):
    assert grade(rows[::-1], truth).compared() == grade(rows, truth).compared()


def test_a_clip_that_was_not_generated_makes_the_card_incomplete(rows, truth):
    assert grade(rows, truth).complete
    assert not grade(rows[1:], truth).complete


def test_a_clip_that_nobody_asked_for_is_refused(rows, truth):
    stranger = rows[0]._replace(clip="nobody")
    with pytest.raises(InvalidTable, match="expected a clip of the truth"):
        grade([*rows, stranger], truth)


def test_better_pictures_score_better_and_none_is_official():
    values = []
    for quality in (0.2, 0.6, 1.0):
        table, truth = likeness(quality)
        card = GenerationLikeness().score(Predicted(table), truth)
        assert (card.official, card.reason) == (False, "no challenge has published a set of targets")
        values.append(card.score("psnr", "overall").value)
    assert values == sorted(values)
    assert len(set(values)) == 3
