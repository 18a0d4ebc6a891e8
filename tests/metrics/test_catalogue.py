"""Every metric that is listed can be imported."""

from __future__ import annotations

import pytest

from mebench.metrics.catalogue import METRICS

IDS = [entry.id for entry in METRICS.entries()]


@pytest.mark.parametrize("id", IDS)
def test_every_target_is_there(id):
    assert callable(METRICS.get(id))
    assert METRICS.entry(id).summary


def test_the_spotting_protocols_metrics_are_listed():
    assert {"precision", "recall", "f1", "frame_f1", "auc"} <= set(IDS)
