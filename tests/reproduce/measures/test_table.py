"""Every table that measures something loads, names what there is, and is refused where its file is none."""

from __future__ import annotations

import pytest

from mebench.datasets.catalogue import DATASETS
from mebench.errors import UserError
from mebench.reproduce.measures.table import load_measures, measure_ids, measures_of
from mebench.reproduce.measures.take import MEASURES
from mebench.reproduce.table import table_ids
from mebench.settings import parse_spec


def test_the_tables_are_those_of_the_thesis_and_no_tables_of_runs() -> None:
    assert measure_ids() == [
        *("thesis-f4.10", "thesis-f4.11", "thesis-f4.6", "thesis-f7.1"),
        *("thesis-t4.1", "thesis-t4.2", "thesis-t4.4", "thesis-t4.5", "thesis-t5.3"),
    ]
    assert not set(measure_ids()) & set(table_ids())


@pytest.mark.parametrize("id", measure_ids())
def test_what_a_table_names_exists(id: str) -> None:
    table = load_measures(id)
    assert table.measure in MEASURES
    assert all(parse_spec(dataset).id in DATASETS for dataset in table.datasets)
    for claim in table.findings:
        assert bool(claim.higher_dataset) == bool(claim.lower_dataset)
        assert {claim.higher_dataset, claim.lower_dataset} - {""} <= set(table.datasets)
    assert all(where.dataset in ("", *table.datasets) for where in table.printed)


FILE = 'id = "t"\ntitle = "T"\npaper = "p"\nmeasure = "durations"\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (FILE.replace('title = "T"\n', ""), "title"),
        (FILE + 'colour = "red"\n', "colour"),
        (FILE.replace('"t"', '"u"'), "names itself 'u'"),
        (FILE + "printed = [1]\n", "printed"),
    ],
)
def test_a_file_that_is_no_table_is_refused(text: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        measures_of(text, "t")


def test_a_table_that_nobody_knows() -> None:
    with pytest.raises(UserError, match=r"no table 'thesis-t4.3'.*thesis-t4.4"):
        load_measures("thesis-t4.3")
