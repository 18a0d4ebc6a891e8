"""Every id of the papers is known: what it is, other names of it, and what can never be reproduced."""

from __future__ import annotations

import pytest

from mebench.errors import UserError
from mebench.reproduce.catalogue import Figure, aliases, by_nature, entry_ids, find, in_order, of_paper
from mebench.reproduce.table import Table, table_ids
from tests.command_lines import why_not_whole

FIGURES = {1: 1, 2: 6, 3: 12, 4: 14, 5: 10, 6: 26, 7: 6}
"""How many figures a chapter of the thesis has."""

TABLES = {2: 3, 3: 1, 4: 5, 5: 12, 7: 2, 8: 1}
"""How many tables."""

MEASURED = {
    f"thesis-{id}" for id in ("t4.1", "t4.2", "t4.4", "t4.5", "t5.1", "t5.2", "t5.3", "t5.6", "f4.6", "f4.10", "f4.11")
}
"""Measures of datasets and of raw scores."""


def known() -> set[str]:
    return {*entry_ids(), *aliases(), *(id for group in by_nature() for id in group.ids)}


def test_every_table_and_figure_of_the_thesis_is_known() -> None:
    figures = {f"thesis-f{chapter}.{i + 1}" for chapter, count in FIGURES.items() for i in range(count)}
    tables = {f"thesis-t{chapter}.{i + 1}" for chapter, count in TABLES.items() for i in range(count)}
    more = {"thesis-app-b", "thesis-fb.1", "thesis-fb.2", "thesis-fb.3", "thesis-fc.1", "thesis-fc.2"}
    assert {*figures, *tables, *more} - known() - MEASURED == set()


def test_every_table_and_figure_of_the_other_papers_is_known() -> None:
    ids = {f"miex-{id}" for id in ("t1", "t2", "t3", "st1", "st2", "f1", "f5", "f6", "f7", "sf1")}
    assert {*ids, *(f"famgan-f{i}" for i in (2, 3, 4, 5))} <= known()


def test_what_is_listed_loads_under_its_own_name() -> None:
    assert [find(id).id for id in entry_ids()] == entry_ids()
    assert len(entry_ids()) == len(set(entry_ids()))


def test_another_name_is_the_same_thing() -> None:
    assert find("synth-f1") == find("thesis-f4.7")
    assert set(aliases().values()) <= set(entry_ids())
    assert set(aliases()).isdisjoint(entry_ids())


def test_what_is_drawn_names_a_command_that_can_be_given() -> None:
    drawn = [entry.command for entry in map(find, entry_ids()) if isinstance(entry, Figure) and entry.command]
    assert drawn
    assert {command.split()[0] for command in drawn} == {"mebench"}
    assert list(filter(None, (why_not_whole(command.partition(" ")[2]) for command in drawn))) == []
    assert why_not_whole("figure roc") == "without run: figure roc"
    assert why_not_whole("figure roc RUN OTHER") == "too many words, OTHER: figure roc RUN OTHER"
    assert "--scope" in why_not_whole("figure roc RUN --scope macro").partition(": figure")[0]
    assert why_not_whole("figure") == "no verb: figure"


def test_runs_that_are_drawn_are_those_of_a_table_with_such_runs() -> None:
    figures = [entry for entry in map(find, entry_ids()) if isinstance(entry, Figure)]
    assert {figure.id for figure in figures if "RUN" in figure.command.split()} == {
        figure.id for figure in figures if figure.runs
    }
    for figure in figures:
        if figure.runs:
            table = find(figure.runs)
            assert isinstance(table, Table)
            assert set(figure.methods) <= {row.method for row in table.rows}


def test_what_cannot_be_reproduced_by_nature_says_why() -> None:
    with pytest.raises(UserError, match=r"thesis-t2.1 cannot be reproduced: it lists the names of action units"):
        find("thesis-t2.1")
    never = [id for group in by_nature() for id in group.ids]
    assert len(never) == len(set(never))
    assert set(never).isdisjoint({*entry_ids(), *aliases()})


def test_what_nobody_knows() -> None:
    with pytest.raises(UserError, match=r"no table 'miex-t9'.*miex-t"):
        find("miex-t9")


def test_numbers_sort_as_numbers() -> None:
    assert sorted(["thesis-t5.10", "thesis-t5.9", "thesis-f4.3"], key=in_order)[-1] == "thesis-t5.10"
    assert set(table_ids()) <= set(entry_ids())


def test_a_part_of_an_id_finds_a_paper() -> None:
    assert {id.partition("-")[0] for id in of_paper("miex")} == {"miex"}
    assert "thesis-f4.8" in of_paper("synth-f2")
    assert of_paper("nothing") == []
