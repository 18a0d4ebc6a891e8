"""`mebench list`: what there is, without importing any of it."""

from __future__ import annotations

from pathlib import Path

import click

from mebench.cli.catalogues import KINDS, registry
from mebench.cli.lazy import SuggestingChoice
from mebench.cli.options import plugin
from mebench.registry import Entry

TABLES = "tables"
"""The tables of the papers, which are data and no plug-ins."""

CONVENTIONS = "conventions"
"""The presets of every task, which are data, too."""

_NAMES = (*KINDS, TABLES, CONVENTIONS)


@click.command("list")
@click.argument("kind", metavar="|".join(_NAMES), type=SuggestingChoice(_NAMES))
@plugin
def listing(kind: str, plugins: tuple[Path, ...]) -> None:
    """List what there is of one kind; nothing is imported for it."""
    if kind == TABLES:
        _show_tables()
    elif kind == CONVENTIONS:
        from mebench.cli.describe_data import list_conventions

        list_conventions()
    else:
        show_entries(kind)


def _show_tables() -> None:
    """Print every table of the papers, and what keeps some of its runs from being carried out here."""
    from mebench.cli.tables import print_pairs, print_text
    from mebench.reproduce.carry_out import obstacles
    from mebench.reproduce.measures.table import load_measures, measure_ids
    from mebench.reproduce.measures.take import needs
    from mebench.reproduce.table import load_table, table_ids

    for measured in map(load_measures, measure_ids()):
        print_pairs([(measured.id, f"{measured.title} ({measured.paper})")])
        for reason in needs(measured) or ("can be measured here",):
            print_text(reason, indent="    ")
    for table in map(load_table, table_ids()):
        print_pairs([(table.id, f"{table.title} ({table.paper})")])
        for reason in obstacles(table) or ("can run here",):
            print_text(reason, indent="    ")


def show_entries(kind: str) -> None:
    """Print id and summary of every entry of one kind."""
    from mebench.cli.tables import print_pairs

    print_pairs([(entry.id, _summary(entry)) for entry in registry(kind).entries()])


def _summary(entry: Entry) -> str:
    origin = "" if entry.origin == "mebench" else f" [{entry.origin}]"
    return f"{entry.summary}{origin}".strip()
