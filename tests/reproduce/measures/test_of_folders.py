"""Measures of two folders against what is worked out one by one, and the printed figure of the thesis."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from mebench.analysis.action_units import Correlated, correlate_tables
from mebench.metrics.action_units import fisher_mean
from mebench.reproduce.measures import of_folders
from mebench.reproduce.measures.printed import printed_subjects
from mebench.reproduce.measures.values import Value

from .tables import write_folders

SUBJECTS = ("006", "010", "020", "024")


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Correlated:
    return correlate_tables(*write_folders(tmp_path_factory.mktemp("tables"), SUBJECTS))


def named(values: list[Value]) -> dict[str, Value]:
    return {value.name: value for value in values}


def test_by_unit(found: Correlated) -> None:
    values = named(of_folders.by_unit(found))
    assert len(values) == 17
    assert values["AU12: Pearson"].value == pytest.approx(fisher_mean(found.correlation.pearson[:, 8]))
    assert all(value.draws is not None and np.isfinite(value.draws).all() for value in values.values())
    best = sorted(values, key=lambda name: values[name].value)[-3:]
    assert sorted(best) == ["AU12: Pearson", "AU45: Pearson", "AU6: Pearson"]


def test_by_subject_with_the_deviations_as_printed(found: Correlated) -> None:
    values = named(of_folders.by_subject(found))
    r = np.array([values[f"{s}: Pearson"].value for s in SUBJECTS])
    rho = np.array([values[f"{s}: Spearman"].value for s in SUBJECTS])
    assert r[1] == pytest.approx(fisher_mean(found.correlation.pearson[3:6]))
    assert values["mean: Pearson"].value == pytest.approx(np.tanh(np.arctanh(r).mean()))
    assert values["deviation: Pearson"].value == pytest.approx(np.arctanh(r).std(ddof=1))
    assert values["deviation: Spearman"].value == pytest.approx(rho.std(ddof=1))
    low, high = values["006: Pearson"].interval or (0, 0)
    assert low <= r[0] <= high


def test_one_video_of_a_subject_has_no_interval(tmp_path: Path) -> None:
    values = named(of_folders.by_subject(correlate_tables(*write_folders(tmp_path, ["006", "007"], videos=1))))
    assert values["006: Pearson"].interval is None
    assert values["mean: Pearson"].interval is not None


def test_the_bins_of_the_printed_figure_come_out_of_the_printed_table() -> None:
    values = named(of_folders.printed_distribution(printed_subjects()))
    bins = {score: [values[f"bin {i} of 6: {score}"].value for i in range(1, 7)] for score in ("Pearson", "Spearman")}
    assert bins == {"Pearson": [2, 6, 2, 8, 5, 7], "Spearman": [2, 9, 3, 7, 4, 5]}
    assert values["skewness: Spearman"].value > values["skewness: Pearson"].value


def test_skewness_of_draws_is_that_of_what_was_drawn(found: Correlated) -> None:
    x, drawn = np.array([0.1, 0.4, 0.9]), np.array([[1, 1, 1], [2, 1, 0], [0, 3, 0]])
    skews = of_folders._skewness(x, drawn)
    assert skews[:2] == pytest.approx([stats.skew(x), stats.skew([0.1, 0.1, 0.4])])
    assert np.isnan(skews[2])
    assert named(of_folders.distribution(found))["skewness: Pearson"].draws is not None


def test_without_glasses(found: Correlated) -> None:
    values = named(of_folders.glasses(found))
    clear = found.correlation.pearson[[0, 1, 2, 9, 10, 11]]  # subjects 006 and 024
    assert values["AU1, without glasses: Pearson"].value == pytest.approx(fisher_mean(clear[:, 0]))
    assert values["AU1, all: Pearson"].value == pytest.approx(fisher_mean(found.correlation.pearson[:, 0]))
    printed = named(of_folders.printed_glasses(printed_subjects()))
    assert printed["subjects without glasses: Pearson"].value == pytest.approx(0.402, abs=5e-4)
    assert printed["subjects with glasses: Pearson"].value == pytest.approx(0.332, abs=5e-4)
