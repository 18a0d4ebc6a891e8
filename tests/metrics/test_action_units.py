"""Presence and correlation of action units: by hand, against scipy, and by what they must keep."""

from __future__ import annotations

import csv
import io
import math
from importlib.resources import files

import numpy as np
import pytest

from mebench.metrics.action_units import (
    AuCorrelation,
    Presence,
    au_presence,
    fisher_mean,
)


def test_presence_by_hand() -> None:
    videos = [({1, 2, 12}, {1, 12, 25}), ({4}, set()), (set(), {4, 6}), ([12, 12], [12])]
    assert au_presence(videos) == Presence(3, 5)
    assert au_presence(videos).recall == 0.6
    assert math.isnan(au_presence([(set(), {1})]).recall)


def test_what_several_events_share_counts_once_so_that_the_whole_is_below_its_parts() -> None:
    micro, macro, found = {4, 12}, {12, 25}, {12}
    parts = au_presence([(micro, found)]), au_presence([(macro, found)])
    whole = au_presence([(micro | macro, found)])
    assert (whole.annotated, whole.matched) == (3, 1)
    assert sum(p.annotated for p in parts) == 4


def test_fishers_mean_by_hand() -> None:
    expected = math.tanh((math.atanh(0.9) + math.atanh(0.1)) / 2)
    assert fisher_mean(np.array([0.9, np.nan, 0.1])) == pytest.approx(expected)
    assert expected > 0.5
    assert math.isnan(fisher_mean(np.array([np.nan])))
    assert 0.99 < fisher_mean(np.array([1.0])) <= 1
    assert fisher_mean(np.array([1.0, -1.0])) == pytest.approx(0)


def test_steady_series_are_left_out_and_counted() -> None:
    rng = np.random.default_rng(0)
    first = rng.random((40, 3))
    second = first * 2 + 1
    first[:, 2] = 0.7
    found = AuCorrelation.of([(first, second), (first, -second)])
    assert found.undefined == 2
    assert found.of_unit(0) == pytest.approx((0, 0), abs=1e-9)
    assert found.of_videos(np.array([0])) == pytest.approx((1, 1), abs=1e-6)
    assert all(math.isnan(v) for v in found.of_unit(2))
    assert found.over_all() == pytest.approx((0, 0), abs=1e-9)
    with pytest.raises(ValueError, match="no video"):
        AuCorrelation.of([])


def test_the_printed_mean_of_table_4_5_is_fishers_and_its_histogram_has_the_printed_bins() -> None:
    path = files("mebench.reproduce") / "published" / "samm_synth_by_subject.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text())))
    r, rho = (np.array([float(row[name]) for row in rows]) for name in ("pearson", "spearman"))
    assert (round(fisher_mean(r), 2), round(fisher_mean(rho), 2)) == (0.39, 0.27)
    assert np.histogram(r, 6)[0].tolist() == [2, 6, 2, 8, 5, 7]
    assert np.histogram(rho, 6)[0].tolist() == [2, 9, 3, 7, 4, 5]
    glasses = np.array([row["glasses"] == "1" for row in rows])
    assert (round(fisher_mean(r[~glasses]), 3), round(fisher_mean(r[glasses]), 3)) == (0.402, 0.332)
