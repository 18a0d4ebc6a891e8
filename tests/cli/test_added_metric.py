"""A metric of a plug-in file: on the card with an interval, compared with a p-value, and a column of the board."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from mebench.metrics.catalogue import METRICS
from mebench.schema.scorecard import Scorecard

from .conftest import Mebench

FAKE = ("--dataset", "fake_lv", "--executor", "inline", "--device", "cpu")
METRIC = re.findall(
    r"```python\n(# missed.py.*?)```", (Path(__file__).parents[2] / "docs/plugins.md").read_text(), re.S
)


@pytest.fixture
def metric(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Arguments that load the documentation's metric; other tests know nothing of it."""
    for name in ("_entries", "_objects", "_broken"):
        monkeypatch.setattr(METRICS, name, dict(getattr(METRICS, name)))
    path = tmp_path / "missed.py"
    path.write_text(METRIC[0])
    yield ["--plugin", str(path)]
    import sys

    from mebench.runs.plugins import plugin_digest

    sys.modules.pop(f"mebench_plugin_{plugin_digest(path)[:16]}", None)


@pytest.fixture
def runs(mebench: Mebench, plugin: list[str], metric: list[str]) -> None:
    for method in ("oracle", "idle"):
        answer = mebench("run", "--method", method, *FAKE, *plugin, *metric, "--out", f"runs/{method}")
        assert answer.code == 0, answer.err


def test_it_stands_on_the_card_with_an_interval_and_its_parts(runs: None) -> None:
    best, worst = (Scorecard.read(Path(f"runs/{name}/scorecard.json")) for name in ("oracle", "idle"))
    assert best.score("missed", "overall").value == 0
    assert worst.score("missed", "overall").value == 1
    assert worst.score("missed", "overall").ci95 == (1.0, 1.0)
    assert worst.by_subject[0].part("metric:missed/overall") == (2.0, 2.0)


def test_a_grading_and_a_rescoring_have_it_only_with_its_file(
    mebench: Mebench, runs: None, metric: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    common = ("grade", "runs/idle/predictions.csv", "--protocol", "megc2020-spotting", "--truth", "runs/idle/truth")
    graded = json.loads(mebench(*common, "--output", "-", *metric).out)
    again = json.loads(mebench("rescore", "runs/idle", "--output", "-", *metric).out)
    for card in (graded, again):
        assert [score["value"] for score in card["scores"] if score["metric"] == "missed"] == [1.0]
    monkeypatch.setattr(METRICS, "_entries", {k: v for k, v in METRICS._entries.items() if k != "missed"})
    without = json.loads(mebench(*common, "--output", "-").out)
    assert "missed" not in {score["metric"] for score in without["scores"]}


def test_a_comparison_gives_a_p_value(mebench: Mebench, runs: None, metric: list[str]) -> None:
    answer = mebench("compare", "runs/idle", "runs/oracle", "--format", "json", *metric)
    (row,) = [d for d in json.loads(answer.out)["differences"] if d["metric"] == "missed"]
    assert (row["difference"], row["ci95"]) == (1.0, [1.0, 1.0])
    assert row["p"] == pytest.approx(2 / 2**5)


def test_the_board_has_its_column_with_heading_and_direction(mebench: Mebench, runs: None, metric: list[str]) -> None:
    answer = mebench("leaderboard", "build", "--out", "page", *metric)
    assert answer.code == 0, answer.err
    page = Path("page/index.html").read_text()
    (head,) = re.findall(r"<th[^>]*title=\"missed, overall[^>]*>.*?</th>", page)
    assert 'data-first="ascending"' in head
    assert "less is better" in head
    assert '<button type="button">missed \u2193</button>' in head


def test_a_baseline_holds_it(mebench: Mebench, runs: None, metric: list[str]) -> None:
    assert mebench("check", "runs/idle", "--record", "--baselines", "kept", *metric).code == 0
    kept = mebench("check", "--baselines", "kept", "--all", *metric)
    assert kept.code == 0, kept.err
    assert re.search(r"missed", kept.out)


def test_an_unknown_file_is_told_in_one_sentence(mebench: Mebench) -> None:
    for verb in (("grade", "x.csv", "--protocol", "p", "--truth", "t"), ("compare", "a", "b"), ("check",), ("test",)):
        answer = mebench(*verb, "--plugin", "none.py")
        assert (answer.code, answer.out) == (2, "")
        assert answer.err.startswith("Error: The plug-in none.py cannot be read")
