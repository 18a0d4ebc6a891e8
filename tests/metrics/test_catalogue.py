"""Every metric says what it is, and those of other packages are found."""

from __future__ import annotations

import pytest

from mebench.errors import UserError
from mebench.metrics.base import Metric
from mebench.metrics.catalogue import METRICS, added_metrics, metric_of
from mebench.tasks.catalogue import TASKS

IDS = [entry.id for entry in METRICS.entries()]


@pytest.mark.parametrize("id", IDS)
def test_every_metric_says_what_it_is(id):
    metric = METRICS.get(id)
    assert isinstance(metric, Metric)
    assert metric.id == id
    assert metric.name
    assert metric.source
    assert metric.summary == METRICS.entry(id).summary
    assert metric.task == "" or metric.task in TASKS
    low, top = metric.bounds
    assert low is None or top is None or low < top


def test_the_spotting_protocols_metrics_are_listed():
    assert {"precision", "recall", "f1", "frame_f1", "auc"} <= set(IDS)


def test_a_metric_that_nobody_knows_keeps_its_scores():
    metric = metric_of("uf1_of_beards")
    assert (metric.name, metric.bounds, metric.higher_is_better) == ("UF1 of beards", (None, None), True)


PACKAGE = """
from mebench.metrics.base import Metric
class Missed(Metric):
    id, name, task, higher_is_better = "missed", "missed", "spotting", False
"""


@pytest.fixture
def added(monkeypatch, tmp_path):
    (tmp_path / "a_package_of_metrics.py").write_text(PACKAGE)
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("_entries", "_objects", "_broken"):
        monkeypatch.setattr(METRICS, name, dict(getattr(METRICS, name)))
    METRICS.add("missed", "a_package_of_metrics:Missed", origin="a_package")


def test_a_registered_class_is_made_an_object(added):
    assert [metric.id for metric in added_metrics("spotting")] == ["missed"]
    assert added_metrics("recognition") == []
    assert not metric_of("missed").higher_is_better


@pytest.mark.parametrize(
    ("target", "reason"),
    [("nowhere.at_all:X", "No module"), ("mebench.errors:UserError", "no mebench.metrics.base.Metric")],
)
def test_whatever_is_no_metric_is_refused_with_the_reason(added, target, reason):
    METRICS.add("broken", target, origin="b_package")
    with pytest.raises(UserError, match=f"'broken' of b_package cannot be imported .*{reason}"):
        added_metrics("spotting")
    assert metric_of("broken").name == "broken"
