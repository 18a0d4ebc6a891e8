"""`mebench list`: what there is, without importing any of it."""

from __future__ import annotations

from pathlib import Path

import click

from mebench.cli.catalogues import KINDS, registry
from mebench.cli.lazy import SuggestingChoice
from mebench.cli.options import plugin
from mebench.errors import UserError, near
from mebench.registry import Entry

TABLES = "tables"
"""The tables of the papers, which are data and no plug-ins."""

CONVENTIONS = "conventions"
"""The presets of every task, which are data, too."""

_NAMES = (*KINDS, TABLES, CONVENTIONS)


@click.command("list")
@click.argument("kind", metavar="|".join(_NAMES), type=SuggestingChoice(_NAMES))
@click.argument("text", default="")
@plugin
def listing(kind: str, text: str, plugins: tuple[Path, ...]) -> None:
    """List what there is of one kind; nothing is imported for it.

    With TEXT, of plug-ins and tables those alone whose id holds it, or whose title of a table: mebench list tables
    thesis-t5.
    """
    if kind == TABLES:
        _show_tables(text)
    elif kind == CONVENTIONS:
        from mebench.cli.describe_data import list_conventions

        if text:
            raise UserError(f"Conventions are listed all together: leave {text!r} out.")
        list_conventions()
    else:
        show_entries(kind, text)


def _show_tables(text: str) -> None:
    """Print everything of the papers that has an id, and whether it can be reproduced here."""
    from mebench.cli.tables import print_pairs, print_text
    from mebench.reproduce.catalogue import aliases, by_nature, entry_ids, find, of_paper
    from mebench.reproduce.needs import needs_of

    ids = _holding(text, of_paper(text), [*entry_ids(), *aliases()], "table")
    found = [(id, find(id)) for id in ids]
    print_pairs([(id, f"{entry.title} ({entry.paper}): {needs_of(entry)}") for id, entry in found])
    other = [f"{name} is {id}" for name, id in aliases().items() if id in ids]
    if other:
        print_text(f"\nother names: {', '.join(other)}")
    never = [id for group in by_nature() for id in group.ids if text.casefold() in id]
    if never:
        print_text(f"\nnot reproducible by nature: {', '.join(never)}")


def show_entries(kind: str, text: str = "") -> None:
    """Print id and summary of every entry of one kind whose id holds a text."""
    from mebench.cli.tables import print_pairs

    entries = {entry.id: entry for entry in registry(kind).entries()}
    ids = _holding(text, [id for id in entries if text in id], list(entries), kind.removesuffix("s"))
    print_pairs([(id, _summary(entries[id])) for id in ids])


def _holding(text: str, found: list[str], known: list[str], kind: str) -> list[str]:
    """Return the ids that were found for a text.

    Raises
    ------
    UserError : when there are none.
    """
    if text and not found:
        where = "id or title" if kind == "table" else "id"
        raise UserError(f"No {where} of a {kind} holds {text!r}.{near(text, known)}")
    return found


def _summary(entry: Entry) -> str:
    origin = "" if entry.origin == "mebench" else f" [{entry.origin}]"
    return f"{entry.summary}{origin}".strip()
