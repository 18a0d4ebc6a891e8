"""Findings about several metrics, two scopes, two datasets, and a value."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from mebench.analysis.compare import Difference
from mebench.errors import UserError
from mebench.reproduce.carry_out import Carried, carry_out
from mebench.reproduce.judge import QUOTED, Judged, Pair, Verdict, judge
from mebench.reproduce.report import report_of, sentences
from mebench.reproduce.table import table_of
from mebench.runs.plugins import load_plugin

RUNS = Path(__file__).parents[1] / "runs"
PLUGINS = [RUNS / "fake_plugin.py", RUNS / "raw_plugin.py"]
TABLE = """
id = "t"
title = "T"
paper = "p"
protocol = "megc2020-spotting"
datasets = ["fake_lv", "fake_lv2"]
columns = [{ metric = "raw_f1", scope = "macro" }, { metric = "raw_f1_fold_mean", scope = "macro", printed = false }]
[[rows]]
id = "good"
label = "good"
method = "raw_speaker"
[[rows]]
id = "worse"
label = "worse"
method = "raw_speaker"
settings = "worse=true"
[[rows]]
id = "quoted"
label = "quoted"
expected = { file = "quoted.csv", source = "p" }
why_not = "It is quoted."
[[findings]]
text = "All is better."
metric = "raw_auc"
also = ["raw_loss", "raw_f1_fold_mean", "raw_auc_fold_mean"]
better = true
scope = "macro"
higher = ["good"]
lower = ["worse"]
datasets = ["fake_lv"]
[[findings]]
text = "Loss is higher where it is better."
metric = "raw_loss"
scope = "macro"
higher = ["good"]
lower = ["worse"]
datasets = ["fake_lv"]
[[findings]]
text = "Macro is above micro."
metric = "raw_auc"
scope = "macro"
higher = ["good"]
lower = ["good"]
lower_scope = "micro"
[[findings]]
text = "One dataset is above the other."
metric = "raw_f1"
scope = "macro"
higher = ["good"]
lower = ["good"]
datasets = ["fake_lv"]
lower_dataset = "fake_lv2"
[[findings]]
text = "The worse one guesses."
metric = "raw_auc"
scope = "macro"
higher = ["worse"]
lower = []
about = 0.5
within = 0.2
[[findings]]
text = "The good one guesses."
metric = "raw_auc"
scope = "macro"
higher = ["good"]
lower = []
about = 0.5
within = 0.05
[[findings]]
text = "Both are above what is quoted."
metric = "raw_f1"
scope = "macro"
higher = ["good", "worse"]
lower = ["quoted"]
datasets = ["fake_lv"]
"""


@pytest.fixture(scope="module", autouse=True)
def loaded() -> None:
    """The datasets and methods of the table."""
    for plugin in PLUGINS:
        load_plugin(plugin)


@pytest.fixture(scope="module")
def carried(tmp_path_factory: pytest.TempPathFactory) -> Carried:
    out = tmp_path_factory.mktemp("t")
    return carry_out(table_of(TABLE, "t"), out, executor="inline", device="cpu", plugins=PLUGINS)


@pytest.fixture
def judged(carried: Carried) -> tuple[Judged, ...]:
    return judge(carried)


def test_several_metrics_each_in_its_direction(judged: tuple[Judged, ...]) -> None:
    better, wrong = judged[:2]
    assert better.verdict is Verdict.REPEATS
    assert [pair.name for pair in better.pairs] == [
        "raw_auc macro, good - worse on fake_lv",
        "raw_loss macro, worse - good on fake_lv",
        "raw_f1_fold_mean macro, good - worse on fake_lv",
        "raw_auc_fold_mean macro, good - worse on fake_lv",
    ]
    assert better.as_claimed == 4
    assert wrong.verdict is Verdict.DOES_NOT


def test_two_scopes_of_one_run_are_drawn_together(judged: tuple[Judged, ...]) -> None:
    pairs = judged[2].pairs
    assert [pair.name for pair in pairs] == [
        f"good macro - good micro on {dataset}" for dataset in ("fake_lv", "fake_lv2")
    ]
    assert all(pair.difference is not None and pair.difference.ci95 is not None for pair in pairs)


def test_two_datasets_are_drawn_apart(judged: tuple[Judged, ...]) -> None:
    (pair,) = judged[3].pairs
    assert pair.name == "good on fake_lv - good on fake_lv2"
    assert pair.difference is not None
    # The two hold the same videos, so nothing is above.
    assert pair.difference.difference == 0
    assert pair.verdict is Verdict.CANNOT_BE_TOLD


def test_a_claim_about_a_value(judged: tuple[Judged, ...], carried: Carried) -> None:
    near, far = judged[4:6]
    assert (near.verdict, far.verdict) == (Verdict.REPEATS, Verdict.DOES_NOT)
    card = carried.cell("worse", "fake_lv").card
    assert card is not None
    assert near.pairs[0].difference is not None
    assert near.pairs[0].difference.difference == card.score("raw_auc", "macro").value
    assert any("claimed 0.3 to 0.7" in text for text in sentences(report_of(carried)))
    assert any("2 of 2 values lie where they are claimed" in text for text in sentences(report_of(carried)))


def test_a_quoted_value_has_no_interval_of_its_own(carried: Carried, monkeypatch: pytest.MonkeyPatch) -> None:
    """The interval of the difference is that of the run, moved by the value."""
    values = {("good", "raw_f1"): None, ("quoted", "raw_f1"): 0.25}
    monkeypatch.setattr(
        "mebench.reproduce.judge.published_value", lambda row, dataset, column: values[row.id, column.metric]
    )
    good, worse = judge(carried)[6].pairs
    assert good.name == "good - quoted (quoted) on fake_lv"
    card = carried.cell("good", "fake_lv").card
    assert card is not None
    score = card.score("raw_f1", "macro")
    assert good.difference is not None
    assert good.difference.difference == pytest.approx(score.value - 0.25)
    assert good.difference.ci95 is not None
    assert score.ci95 is not None
    assert good.difference.ci95 == pytest.approx([end - 0.25 for end in score.ci95], abs=0.02)
    assert worse.difference is not None
    assert worse.difference.difference < good.difference.difference


def test_a_row_that_is_only_quoted_claims_nothing() -> None:
    with pytest.raises(UserError, match="claims something of a row that is only quoted: Both are above"):
        table_of(TABLE.replace('higher = ["good", "worse"]', 'higher = ["quoted"]'), "t")


def test_datasets_that_are_replaced_are_not_compared(tmp_path: Path) -> None:
    replaced = carry_out(
        table_of(TABLE, "t"), tmp_path, on=["fake_lv:subjects=3"], executor="inline", device="cpu", plugins=PLUGINS
    )
    (pair,) = judge(replaced)[3].pairs
    assert pair.why_not == "other datasets replace those that are compared"
    assert judge(replaced)[3].verdict is Verdict.CANNOT_BE_TOLD
    assert {pair.why_not for pair in judge(replaced)[6].pairs} == {QUOTED}
    report = report_of(replaced)
    # Everything ran: nothing is missing that the same command could give.
    assert report.missing == ()
    assert any("1 of 1 difference" in text or "1 not measured" in text for text in sentences(report))


@pytest.mark.parametrize(
    ("ends", "claimed", "verdict"),
    [
        ((0.1, 0.2), (0.0, math.inf), Verdict.REPEATS),
        ((0.0, 0.2), (0.0, math.inf), Verdict.CANNOT_BE_TOLD),
        ((-0.2, -0.1), (0.0, math.inf), Verdict.DOES_NOT),
        ((0.46, 0.54), (0.45, 0.55), Verdict.REPEATS),
        ((0.44, 0.54), (0.45, 0.55), Verdict.CANNOT_BE_TOLD),
        ((0.6, 0.7), (0.45, 0.55), Verdict.DOES_NOT),
        (None, (0.0, math.inf), Verdict.CANNOT_BE_TOLD),
    ],
)
def test_where_an_interval_lies(
    ends: tuple[float, float] | None, claimed: tuple[float, float], verdict: Verdict
) -> None:
    assert Pair("n", Difference("m", "s", 0.5, 0.0, 0.5, ends), claimed=claimed).verdict is verdict
