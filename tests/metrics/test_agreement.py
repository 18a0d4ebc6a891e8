"""Agreement of coders: published worked examples, brute force, and nothing that is not a number."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from mebench.metrics.agreement import alpha_parts, icc, icc_parts, krippendorff_alpha, mean_rating

# Shrout and Fleiss 1979, Table 2: six targets, four judges
SHROUT_FLEISS = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], float)

NAN = np.nan
# Krippendorff 2011, section C and following: four observers, twelve units
KRIPPENDORFF = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
        [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
    ]
).T


def icc_of(ratings):
    value, defined = icc(icc_parts(np.asarray(ratings, float)).sum(axis=0))
    return float(value), bool(defined)


def alpha_of(ratings):
    value, defined = krippendorff_alpha(alpha_parts(np.asarray(ratings, float)).sum(axis=0))
    return float(value), bool(defined)


def test_shrout_and_fleiss():
    assert round(icc_of(SHROUT_FLEISS)[0], 2) == 0.29


def test_krippendorff_with_missing_ratings():
    assert round(alpha_of(KRIPPENDORFF)[0], 3) == 0.849


def test_alpha_by_hand():
    # two items, two coders: (1, 2) and (3, 3); observed 2 * 1 / 4 = .5, all pairs 2 * (1 + 4 + 4 + 1 + 1 + 0) / 12
    assert alpha_of([[1, 2], [3, 3]])[0] == pytest.approx(1 - 0.5 / (22 / 12))


def brute_alpha(ratings):
    observed, n = 0.0, 0
    rows = [row[~np.isnan(row)] for row in ratings]
    rows = [row for row in rows if len(row) > 1]
    for row in rows:
        n += len(row)
        observed += sum((a - b) ** 2 for a, b in itertools.permutations(row, 2)) / (len(row) - 1)
    values = np.concatenate(rows)
    expected = sum((a - b) ** 2 for a, b in itertools.permutations(values, 2)) / (n * (n - 1))
    return 1 - observed / n / expected


def brute_icc(x):
    n, k = x.shape
    rows, columns, mean = x.mean(axis=1), x.mean(axis=0), x.mean()
    bms = k * ((rows - mean) ** 2).sum() / (n - 1)
    jms = n * ((columns - mean) ** 2).sum() / (k - 1)
    ems = ((x - rows[:, None] - columns + mean) ** 2).sum() / ((n - 1) * (k - 1))
    return (bms - ems) / (bms + (k - 1) * ems + k * (jms - ems) / n)


@pytest.mark.parametrize("seed", range(20))
def test_brute_force(seed):
    rng = np.random.default_rng(seed)
    ratings = rng.integers(1, 6, size=(rng.integers(3, 9), rng.integers(2, 5))).astype(float)
    assert icc_of(ratings)[0] == pytest.approx(brute_icc(ratings))
    gaps = np.where(rng.random(ratings.shape) < 0.2, NAN, ratings)
    gaps[:2, :2] = [[1, 2], [5, 4]]
    assert alpha_of(gaps)[0] == pytest.approx(brute_alpha(gaps))


def test_perfect_agreement_is_one():
    ratings = np.repeat([[1.0], [3.0], [5.0]], 3, axis=1)
    assert icc_of(ratings) == (pytest.approx(1), True)
    assert alpha_of(ratings) == (pytest.approx(1), True)


@pytest.mark.parametrize(
    "ratings", [np.full((4, 3), 2.1), np.full((4, 3), 0.0), np.empty((0, 3)), np.array([[1.0, 3.0, 5.0]])]
)
def test_nothing_varies(ratings):
    for value, defined in (icc_of(ratings), alpha_of(ratings)):
        assert np.isfinite(value)
        assert value == 0 or defined
    assert icc_of(ratings) == (0.0, False)


def test_one_coder_agrees_with_nobody():
    assert icc_of([[1], [2], [3]]) == (0.0, False)
    assert alpha_of([[1], [2], [3]]) == (0.0, False)


# human scores of a participant's study for MEGC2022: CASME II, SAMM, SMIC, and the printed composite
STUDY = {
    "ganimation": ((1.7083, 1.7542, 1.8500), 1.7708),
    "fgfem": ((2.4250, 2.5500, 2.6417), 2.5389),
    "fomm2021": ((4.1167, 3.9000, 3.1333), 3.7167),
    "tpsrau": ((4.1871, 3.5417, 3.7917), 3.8402),
}


@pytest.mark.parametrize("method", STUDY)
def test_the_composite_is_the_unweighted_mean_of_databases(method):
    means, printed = STUDY[method]
    n = np.array([240, 120, 60])
    sums = np.stack((np.array(means) * n, n), axis=-1)
    assert round(float(mean_rating(sums)), 4) == pytest.approx(printed, abs=1e-4)


def test_a_database_without_ratings_is_left_out():
    assert mean_rating(np.array([[6.0, 2], [0, 0]])) == 3
    assert mean_rating(np.zeros((2, 2))) == 0
