"""`mebench list`: what there is, without importing any of it."""

from __future__ import annotations

from pathlib import Path

import click

from mebench.cli.catalogues import KINDS, registry
from mebench.cli.lazy import SuggestingChoice
from mebench.cli.options import plugin
from mebench.cli.say import say
from mebench.registry import Entry

TABLES = "tables"
"""The tables of the papers, which are data and no plug-ins."""


@click.command("list")
@click.argument("kind", metavar="|".join((*KINDS, TABLES)), type=SuggestingChoice((*KINDS, TABLES)))
@plugin
def listing(kind: str, plugins: tuple[Path, ...]) -> None:
    """List what there is of one kind; nothing is imported for it."""
    if kind == TABLES:
        _show_tables()
    else:
        show_entries(kind)


def _show_tables() -> None:
    """Print every table of the papers, and what keeps some of its runs from being carried out here."""
    from mebench.reproduce.carry_out import obstacles
    from mebench.reproduce.table import load_table, table_ids

    for table in map(load_table, table_ids()):
        say(f"{table.id}  {table.title} ({table.paper})")
        for reason in obstacles(table) or ("can run here",):
            say(f"    {reason}")


def show_entries(kind: str) -> None:
    """Print id and summary of every entry of one kind."""
    from mebench.cli.tables import print_pairs

    print_pairs([(entry.id, _summary(entry)) for entry in registry(kind).entries()])


def _summary(entry: Entry) -> str:
    origin = "" if entry.origin == "mebench" else f" [{entry.origin}]"
    return f"{entry.summary}{origin}".strip()
