"""A small table from its runs to its report: complete, with a failed fold, a missing method and a missing value."""

from __future__ import annotations

import html.parser
import json
from pathlib import Path
from typing import Any

import pytest

from mebench.errors import UserError
from mebench.reproduce.carry_out import Carried, carry_out, obstacles
from mebench.reproduce.judge import Verdict, judge
from mebench.reproduce.report import FORMATS, report_of, sentences
from mebench.reproduce.table import table_of
from mebench.runs.monitor import Monitor

TABLE = """
id = "t"
title = "A & B_1"
paper = "paper, Table 1"
protocol = "megc2020-spotting"
datasets = ["fake_lv"]
columns = [{ metric = "f1", scope = "macro" }, { metric = "f1", scope = "overall" }]
[[rows]]
id = "best"
label = "the truth"
method = "oracle"
[[rows]]
id = "none"
label = "nothing"
method = "idle"
[[rows]]
id = "some"
label = "learnt"
method = "learner"
[[findings]]
text = "The truth is above all."
metric = "f1"
scope = "overall"
higher = ["best"]
lower = ["none", "some"]
[[findings]]
text = "Nothing is above what was learnt."
metric = "f1"
scope = "overall"
higher = ["none"]
lower = ["best"]
[[findings]]
text = "Nothing is above itself."
metric = "f1"
scope = "overall"
higher = ["none"]
lower = ["none"]
"""


class Notes(Monitor):
    def __init__(self) -> None:
        self.said: list[str] = []

    def note(self, text: str) -> None:
        self.said.append(text)


def reproduce(plugin: Path, out: Path, text: str = TABLE, **more: Any) -> tuple[Carried, list[str]]:
    return carry(plugin, out, text, "t", **more)


def carry(plugin: Path, out: Path, text: str, id: str, **more: Any) -> tuple[Carried, list[str]]:
    notes = Notes()
    options = {"executor": "inline", "device": "cpu", "plugins": [plugin], "monitor": notes}
    return carry_out(table_of(text, id), out, **options, **more), notes.said


def test_findings_are_judged_by_intervals_over_subjects(plugin: Path, tmp_path: Path) -> None:
    carried, _ = reproduce(plugin, tmp_path)
    report = report_of(carried)
    assert report.missing == ()
    assert [j.verdict for j in judge(carried)] == [Verdict.REPEATS, Verdict.DOES_NOT, Verdict.CANNOT_BE_TOLD]
    first, second, _ = judge(carried)
    assert (first.as_claimed, second.as_claimed) == (2, 0)
    assert second.pairs[0].difference is not None
    assert second.pairs[0].difference.difference == -1
    lines = {(line.row, line.score): line for line in report.lines}
    assert (lines["the truth", "f1 overall"].ours, lines["nothing", "f1 overall"].published) == (1.0, None)


def test_the_same_call_goes_on(plugin: Path, tmp_path: Path) -> None:
    reproduce(plugin, tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("predictions.csv")}
    _, said = reproduce(plugin, tmp_path)
    assert sum("folds are done already" in text for text in said) == 3
    assert before
    assert {path: path.stat().st_mtime_ns for path in before if "folds" in path.parts} == {
        path: time for path, time in before.items() if "folds" in path.parts
    }


def test_a_failed_fold_is_told_and_the_others_stay(plugin: Path, tmp_path: Path) -> None:
    text = TABLE.replace('method = "learner"', 'method = "learner"\nsettings = "fail=s03"')
    report = report_of(reproduce(plugin, tmp_path, text)[0])
    (missing,) = report.missing
    assert missing.startswith("learnt on fake_lv: fold 002-s03-s04 failed: The loss is not a number")
    assert report.judged[0].verdict is Verdict.CANNOT_BE_TOLD
    assert "best - some on fake_lv: learnt on fake_lv is missing" in "\n".join(sentences(report))
    assert report.judged[1].verdict is Verdict.DOES_NOT


def test_a_method_that_is_not_there_yet_and_a_value_that_is_not_printed_are_told(plugin: Path, tmp_path: Path) -> None:
    text = TABLE.replace('method = "learner"', 'method = "softernet"').replace(
        'method = "idle"', 'method = "idle"\nexpected = { file = "spotting.csv", source = "thesis T9.9" }'
    )
    report = report_of(reproduce(plugin, tmp_path, text)[0])
    assert report.missing == (
        "nothing on fake_lv: no published f1 macro.",
        "nothing on fake_lv: no published f1 overall.",
        "learnt on fake_lv: There is no method softernet yet.",
    )
    assert report.count == 3


def test_what_has_one_reason_is_one_sentence(plugin: Path, tmp_path: Path) -> None:
    text = TABLE.replace('method = "learner"', 'method = "ghost"').replace('method = "idle"', 'method = "ghost"')
    report = report_of(reproduce(plugin, tmp_path, text)[0])
    assert report.missing == ("nothing on fake_lv; learnt on fake_lv: There is no method ghost yet.",)
    assert report.count == 2


def test_tables_that_need_the_same_run_share_it(plugin: Path, tmp_path: Path) -> None:
    first, _ = reproduce(plugin, tmp_path)
    other = TABLE.replace('id = "t"', 'id = "u"', 1).replace('title = "A', 'title = "Z')
    carried, said = carry(plugin, tmp_path, other, "u")
    assert sum("folds are done already" in text for text in said) == 3
    assert [cell.folder for cell in carried.cells] == [cell.folder for cell in first.cells]
    assert len(list(tmp_path.iterdir())) == 3
    again, _ = reproduce(plugin, tmp_path, seed=1)
    assert {cell.folder for cell in again.cells}.isdisjoint({cell.folder for cell in first.cells})


def test_a_start_that_was_interrupted_is_gone_on_with(plugin: Path, tmp_path: Path) -> None:
    class Stops(Notes):
        def note(self, text: str) -> None:
            super().note(text)
            if text.startswith("t: learnt"):
                raise KeyboardInterrupt

    options = {"executor": "inline", "device": "cpu", "plugins": [plugin]}
    with pytest.raises(KeyboardInterrupt):
        carry_out(table_of(TABLE, "t"), tmp_path, monitor=Stops(), **options)
    assert len(list(tmp_path.iterdir())) == 2
    carried, said = reproduce(plugin, tmp_path)
    assert sum("folds are done already" in text for text in said) == 2
    assert report_of(carried).missing == ()


TRAINED = """
id = "t"
title = "Unseen"
paper = "paper, Table 2"
protocol = "megc2022-spotting"
datasets = ["fake_lv"]
columns = [{ metric = "f1", scope = "overall" }]
[[rows]]
id = "a"
label = "learnt"
method = "learner"
training = { fake_lv = ["fake_lv2"] }
"""


def test_a_row_may_learn_from_another_dataset_than_it_tests(plugin: Path, tmp_path: Path) -> None:
    (cell,) = reproduce(plugin, tmp_path, TRAINED)[0].cells
    assert cell.missing == ""
    assert cell.card is not None
    assert [ref.id for ref in cell.card.trained_on] == ["fake_lv2"]
    (other,) = reproduce(plugin, tmp_path, TRAINED, on=["fake_lv2"])[0].cells
    assert other.missing.endswith("the table names none for fake_lv2: it does for fake_lv.")


def test_made_copies_are_learnt_from_by_the_rows_that_say_so(plugin: Path, tmp_path: Path) -> None:
    made = tmp_path / "made"
    made.mkdir()
    copies = [{"subject": f"s{i:02d}", "of": [f"fake_lv/s{i:02d}"]} for i in (1, 2)]
    dataset = {"id": "fake_lv", "settings": {"subjects": 2}}
    (made / "provenance.json").write_text(json.dumps({"schema": 1, "dataset": dataset, "copies": copies}))
    text = TABLE.replace('method = "learner"', 'method = "learner"\ncopies = true')
    carried, _ = reproduce(plugin, tmp_path / "runs", text, also=[made])
    cards = {cell.row.id: cell.card for cell in carried.cells}
    assert report_of(carried).missing == ()
    assert cards["some"] is not None
    assert cards["none"] is not None
    assert [ref.id for ref in cards["some"].trained_on] == ["fake_lv", "made"]
    assert "made" not in [ref.id for ref in cards["none"].trained_on]


def test_datasets_that_are_joined_are_tested_together(plugin: Path, tmp_path: Path) -> None:
    text = TABLE.replace('["fake_lv"]', '["fake_lv+fake_lv2"]').replace("megc2020", "megc2021")
    carried, _ = reproduce(plugin, tmp_path, text)
    card = carried.cell("best", "fake_lv+fake_lv2").card
    assert card is not None
    assert (len(card.by_subject), report_of(carried).missing) == (10, ())


def test_what_is_not_there_yet_is_told(plugin: Path, tmp_path: Path) -> None:
    carried, _ = reproduce(plugin, tmp_path, TABLE.replace("megc2020-spotting", "megc2099"))
    assert {cell.missing for cell in carried.cells} == {"There is no protocol megc2099 yet."}
    carried, _ = reproduce(plugin, tmp_path, TABLE.replace('["fake_lv"]', '["recursive_videos+fake_lv"]'))
    assert {cell.missing for cell in carried.cells} == {"There is no dataset recursive_videos yet."}
    copies = TABLE.replace('method = "learner"', 'method = "learner"\ncopies = true')
    assert "--also DIR" in reproduce(plugin, tmp_path, copies)[0].cells[-1].missing
    made = TABLE.replace('method = "learner"', 'method = "learner"\nmade_with = "sources=mae"')
    missing = reproduce(plugin, tmp_path, made)[0].cells[-1].missing
    assert missing == "It learns first from a set that is made with sources=mae, and nothing here makes that yet."
    own = TABLE.replace('["fake_lv"]', '["fake_lv"]\nprotocols = { fake_lv = "megc2099" }')
    assert reproduce(plugin, tmp_path, own)[0].cells[0].missing == "There is no protocol megc2099 yet."
    with pytest.raises(UserError, match="leave --also out"):
        reproduce(plugin, tmp_path, also=[tmp_path])


def test_other_datasets_leave_the_values_alone(plugin: Path, tmp_path: Path) -> None:
    text = TABLE.replace(
        'method = "idle"', 'method = "idle"\nexpected = { file = "spotting.csv", source = "thesis T9.9" }'
    )
    carried, _ = reproduce(plugin, tmp_path, text, on=["fake_lv2:subjects=3"])
    report = report_of(carried)
    assert report.missing == ()
    assert {line.dataset for line in report.lines} == {"fake_lv2:subjects=3"}
    assert sorted(path.name.rpartition("-")[0] for path in tmp_path.iterdir()) == [
        "idle-fake_lv2",
        "learner-fake_lv2",
        "oracle-fake_lv2",
    ]


def test_what_keeps_a_table_from_running_is_told_once() -> None:
    table = table_of(TABLE.replace('["fake_lv"]', '["samm_lv"]'), "t")
    assert any("samm_lv is read from a licensed copy" in reason for reason in obstacles(table))
    assert len(obstacles(table)) == len(set(obstacles(table)))


class Checker(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.cells = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag != "meta":
            self.open.append(tag)
        self.cells += tag == "td"

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_holds_every_value_and_verdict(plugin: Path, tmp_path: Path, form: str) -> None:
    report = report_of(reproduce(plugin, tmp_path)[0])
    text = FORMATS[form](report)
    assert text.count("1.0000") >= 2
    for verdict in Verdict:
        assert verdict in text
    if form == "html":
        checker = Checker()
        checker.feed(text)
        assert (checker.open, checker.cells) == ([], 7 * 6)
        assert "A &amp; B_1" in text
    if form == "latex":
        assert r"A \& B\_1" in text
        assert text.count(r" \\") == 7
