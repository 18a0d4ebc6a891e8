"""The tables as data: every one loads, its methods take its settings, and its printed values are found."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest

from mebench.datasets.catalogue import DATASETS
from mebench.errors import UserError
from mebench.methods.catalogue import METHODS
from mebench.protocols.catalogue import PROTOCOLS
from mebench.reproduce.carry_out import each_of, method_on
from mebench.reproduce.expected import changed_files, files_of, published_value, was_printed
from mebench.reproduce.table import load_table, table_ids, table_of
from mebench.settings import parse_spec

TABLES = table_ids()

NOT_YET = {
    *("recursive", "ganimation"),
    "recursive_videos",
}
"""What tables name and nobody has built; a name leaves this set with what it names."""


def test_what_is_not_there_yet_is_not_there() -> None:
    assert [id for id in NOT_YET if id in METHODS or id in DATASETS or id in PROTOCOLS] == []


@pytest.mark.parametrize("id", TABLES)
def test_every_printed_value_of_a_table_is_found(id: str) -> None:
    table = load_table(id)
    for row in table.rows:
        for dataset in table.datasets:
            for column in table.columns:
                value = published_value(row, dataset, column)
                assert (value is not None) == was_printed(row, column), (row.id, dataset, column)
    assert changed_files(files_of(table)) == []


@pytest.mark.parametrize("id", TABLES)
def test_what_a_table_names_exists(id: str, loaded) -> None:
    table = load_table(id)
    protocols = {table.protocol, *table.protocols.values()}
    assert all(protocol in PROTOCOLS or protocol in NOT_YET for protocol in protocols)
    datasets = [one for dataset in (*table.datasets, *table.on) for one in each_of(dataset)]
    for dataset in datasets:
        assert dataset in DATASETS or dataset in NOT_YET
    for row in table.rows:
        assert bool(row.method) != bool(row.why_not)
        assert not row.method or row.method in METHODS or row.method in NOT_YET
        for dataset in (one for learnt in row.training.values() for one in learnt):
            assert parse_spec(dataset).id in DATASETS or dataset in NOT_YET
        if row.method in METHODS:
            for dataset in (*datasets, "synth_lv"):
                spec = parse_spec(method_on(table, row, dataset))
                loaded(METHODS, spec.id).configure(spec.options, dataset)


def test_values_by_hand() -> None:
    t59, t43 = load_table("thesis-t5.9"), load_table("thesis-t4.3")
    macro, micro, overall = t59.columns
    assert published_value(t59.row("no_lcn_10"), "samm_lv", micro) == 0.05
    assert published_value(t59.row("proposed"), "casme_sq", overall) == 0.0509
    assert published_value(t59.row("max_pool"), "casme_sq", macro) == 0.0173
    assert published_value(t43.row("mdmd"), "samm_lv", overall) == 0.0445
    assert [published_value(t43.row("au_sum"), "samm_lv", t43.columns[i]) for i in (5, 8)] == [0.3085, 0.3546]
    assert published_value(load_table("thesis-t5.11").row("copies"), "samm_lv", micro) == 0.0513
    assert published_value(load_table("thesis-t5.12").row("spot3dcnn"), "casme3_challenge", micro) == 0.2222
    t1, t2, t72 = load_table("miex-t1"), load_table("miex-t2"), load_table("thesis-t7.2")
    assert [published_value(t1.row("branches_miex_ck"), "megc2019_cde", column) for column in t1.columns] == [
        0.523,
        0.523,
    ]
    assert published_value(t2.row("dtscnn_miex"), "samm", t2.columns[0]) == 0.555
    assert published_value(t72.row("regression"), "recursive_videos", t72.columns[1]) == 0.71


FILE = """
id = "t"
title = "T"
paper = "p"
protocol = "megc2020-spotting"
datasets = ["synth_lv"]
columns = [{ metric = "f1", scope = "overall" }]
[[rows]]
id = "a"
label = "A"
method = "au_sum"
"""
FINDING = '[[findings]]\ntext = "A"\nmetric = "f1"\nscope = "overall"\nhigher = ["a"]\nlower = ["b"]\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (FILE.replace('title = "T"\n', ""), "title"),
        (FILE + 'colour = "red"\n', "colour"),
        (FILE + FINDING, "speaks of 'b'"),
        (FILE + FINDING.replace('["b"]', "[]"), "needs rows in `lower`, or `about`"),
        (FILE + FINDING.replace('["b"]', '["a"]') + "about = 0.5\n", "needs rows in `lower`, or `about`"),
        (FILE + FINDING.replace('["b"]', "[]") + "about = 0.5\n", "needs rows in `lower`, or `about`"),
        (FILE + FINDING.replace('["b"]', '["a"]') + 'lower_dataset = "samm_lv"\n', "compares datasets"),
        (FILE + FILE[FILE.index("[[rows]]") :], "names a row twice"),
        (FILE.replace('id = "t"', 'id = "u"', 1), "itself otherwise"),
    ],
)
def test_a_file_that_is_no_table_is_refused(text: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        table_of(text, "t")


def test_a_dataset_may_have_a_protocol_of_its_own() -> None:
    table = load_table("miex-t2")
    assert [table.protocol_on(id) for id in (*table.datasets, "synth_mmew:size=full", "synth_cde")] == [
        "mie-x-mmew", "mie-x-samm", "mie-x-mmew", "mie-x",
    ]  # fmt: skip


def test_a_table_that_nobody_knows() -> None:
    with pytest.raises(UserError, match=r"no table 'thesis-t59'.*thesis-t5.9"):
        load_table("thesis-t59")


def test_settings_of_a_row_win_over_those_that_it_shares() -> None:
    text = (
        FILE
        + 'settings = "min_rise=0"\nby_dataset = { synth_lv = "percentile=60" }\n[common]\nau_sum = "min_rise=0.2,savgol_order=2"\n[on]\nsynth_lv = "savgol_order=4"\n'
    )
    table = table_of(text, "t")
    assert parse_spec(method_on(table, table.row("a"), "synth_lv:subjects=2")).options == {
        "min_rise": "0",
        "savgol_order": "4",
        "percentile": "60",
    }
    assert method_on(table, table.row("a"), "samm_lv") == "au_sum:min_rise=0,savgol_order=2"


def test_what_stands_in_two_files_of_printed_values_is_the_same() -> None:
    """The quantities of `other.csv` in words, and the columns that the tables 5.1 and 5.6 read."""
    folder = files("mebench.reproduce") / "published"
    read = {name: list(csv.DictReader((folder / name).open())) for name in ("other.csv", "frame_scores.csv")}
    words = {(line["quantity"], line["dataset"]): line["value"] for line in read["other.csv"]}
    for line in read["frame_scores.csv"]:
        if line["source"] == "thesis T5.6":
            name = {"macro": "MaE", "micro": "ME"}[line["scope"]]
            told = words[f"frame F1/AUC {name}", line["dataset"]]
            assert [float(line["f1"]), float(line["auc"])] == [float(value) for value in told.split("/")]
            continue
        for metric in ("loss", "precision", "recall", "F1"):
            told = words[f"frame-wise {metric} mean (sd over folds), movement, {line['note']}", "samm_lv"]
            assert told == f"{line[metric.lower()]} ({line[metric.lower() + '_sd']})"
        assert words[f"frame-wise AUC, movement, {line['note']}", "samm_lv"] == line["auc"]


def test_intervals_of_movement_are_those_of_the_list_of_f1() -> None:
    folder = files("mebench.reproduce") / "published"
    listed = [line for line in csv.DictReader((folder / "spotting.csv").open()) if line["scope"] == "movement"]
    found = [line for line in csv.DictReader((folder / "movement_intervals.csv").open()) if line["method"] != "pan2020"]
    for one, other in zip(listed, found, strict=True):
        assert float(one["f1"]) == float(other["f1"])
        assert f"precision {other['precision']} recall {other['recall']};" in one["note"]
        assert ("w/o LCN" in one["note"], "6 layers" in one["note"]) == (
            "w/o LCN" in other["note"],
            "6 layers" in other["note"],
        )
