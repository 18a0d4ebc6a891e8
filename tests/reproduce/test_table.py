"""The tables as data: every one loads, its methods take its settings, and its printed values are found."""

from __future__ import annotations

import pytest

from mebench.datasets.catalogue import DATASETS
from mebench.errors import UserError
from mebench.methods.catalogue import METHODS
from mebench.protocols.catalogue import PROTOCOLS
from mebench.reproduce.carry_out import method_on
from mebench.reproduce.expected import published_value, was_printed
from mebench.reproduce.table import load_table, table_ids, table_of
from mebench.settings import parse_spec

TABLES = table_ids()


@pytest.mark.parametrize("id", TABLES)
def test_every_printed_value_of_a_table_is_found(id: str) -> None:
    table = load_table(id)
    for row in table.rows:
        for dataset in table.datasets:
            for column in table.columns:
                value = published_value(row, dataset, column)
                assert (value is not None) == was_printed(row, column), (row.id, dataset, column)


@pytest.mark.parametrize("id", TABLES)
def test_what_a_table_names_exists(id: str, loaded) -> None:
    table = load_table(id)
    assert table.protocol in PROTOCOLS
    for dataset in (*table.datasets, *table.on):
        assert dataset in DATASETS
    for row in table.rows:
        assert bool(row.method) != bool(row.why_not)
        if row.method in METHODS:
            for dataset in (*table.datasets, "synth_lv"):
                spec = parse_spec(method_on(table, row, dataset))
                loaded(METHODS, spec.id).configure(spec.options, dataset)


def test_values_by_hand() -> None:
    t59, t43 = load_table("thesis-t5.9"), load_table("thesis-t4.3")
    macro, micro, overall = t59.columns
    assert published_value(t59.row("no_lcn_10"), "samm_lv", micro) == 0.05
    assert published_value(t59.row("proposed"), "casme_sq", overall) == 0.0509
    assert published_value(t59.row("max_pool"), "casme_sq", macro) == 0.0173
    assert published_value(t43.row("mdmd"), "samm_lv", overall) == 0.0445


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
        (FILE + FILE[FILE.index("[[rows]]") :], "names a row twice"),
        (FILE.replace('id = "t"', 'id = "u"', 1), "itself otherwise"),
    ],
)
def test_a_file_that_is_no_table_is_refused(text: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        table_of(text, "t")


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
