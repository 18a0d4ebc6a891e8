from __future__ import annotations

import pytest

from mebench.metrics.catalogue import frame_metrics
from mebench.testing.metrics import check_metric

from .conftest import Checked, failed

METRIC = """
class Own(Metric):
    id, name, task, summary = "own", "own", "spotting", "share of the videos with a prediction"
    higher_is_better = {higher}
    bounds = {bounds}
    calls = []
    def parts(self, predictions, truth, convention):
        self.calls.append(1)
        return {{"overall": {{{person}: {parts} for s in truth.videos.subjects()}}}}
    def values(self, sums):
        return {values}
    def defined(self, sums):
        return {defined}
"""
RIGHT = {
    "higher": "True",
    "bounds": "(0, 1)",
    "person": "s",
    "parts": "(float(np.any(predictions.subject == s)), 1.0)",
    "values": "sums[..., :1] / np.maximum(sums[..., 1:], 1)",
    "defined": "bool(sums[1] > 0)",
}


def test_a_metric_that_keeps_its_promises_passes(checked: Checked) -> None:
    assert failed(checked(METRIC.format(**RIGHT))) == {}


@pytest.mark.parametrize(
    ("changes", "check", "reason"),
    [
        ({"person": "'x' + s"}, "measures what every person adds", "names 'xp1' in overall"),
        ({"parts": "(float('nan'), 1.0)"}, "measures what every person adds", "are not finite"),
        ({"parts": "(1.0,) * int(s[1])"}, "measures what every person adds", "one row of equal length"),
        ({"values": "sums[..., 0]"}, "turns sums into values", "has shape"),
        ({"values": "sums[..., :1] / sums[..., 1:]"}, "turns sums into values", "invalid value"),
        ({"values": "sums[..., :1] - sums[..., :1].mean()"}, "turns sums into values", "treat every row by itself"),
        ({"defined": "True"}, "turns sums into values", "return False for 0/0"),
        ({"higher": "False"}, "keeps its range and its direction", "`higher_is_better` says that lower is better"),
        ({"bounds": "(0, .5)"}, "keeps its range and its direction", "1 of overall lies outside `bounds`"),
        ({"bounds": "(1, 0)"}, "says its heading, task, direction and range", "smallest value before the largest"),
        (
            {"parts": "(float(len(self.calls)), 1.0)"},
            "measures the same twice, and changes nothing that it is handed",
            "keep nothing between calls",
        ),
        ({"parts": "(Path('x').touch() or 1.0, 1.0)"}, "writes nothing", "It wrote x"),
    ],
)
def test_a_fault_of_a_metric_is_told(checked: Checked, changes: dict[str, str], check: str, reason: str) -> None:
    assert reason in failed(checked(METRIC.format(**{**RIGHT, **changes})))[check]


def test_the_frame_metrics_of_mebench_pass() -> None:
    found = [finding for metric in frame_metrics() for finding in check_metric(metric)]
    assert len(found) >= 14
    assert [finding for finding in found if finding.state != "ok"] == []


def test_parts_of_frames_must_add_up(checked: Checked) -> None:
    found = checked("""
        class Own(FrameMetric):
            id, name, summary, bounds = "own", "own", "a mean of means", (0, None)
            higher_is_better = False
            def measure(self, generated, target):
                return (float(np.abs(generated.astype(float) - target).mean()), 1.0)
            def values(self, sums):
                return sums[..., :1] / np.maximum(sums[..., 1:], 1)
    """)
    assert "What two halves of a clip add" in failed(found)["measures what every person adds"]
