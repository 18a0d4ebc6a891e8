"""`mebench list`: what there is, without importing any of it."""

from __future__ import annotations

from pathlib import Path

import click

from mebench.cli.catalogues import KINDS, registry
from mebench.cli.lazy import SuggestingChoice
from mebench.cli.options import plugin
from mebench.registry import Entry


@click.command("list")
@click.argument("kind", metavar="|".join(KINDS), type=SuggestingChoice(KINDS))
@plugin
def listing(kind: str, plugins: tuple[Path, ...]) -> None:
    """List what there is of one kind; nothing is imported for it."""
    show_entries(kind)


def show_entries(kind: str) -> None:
    """Print id and summary of every entry of one kind."""
    from mebench.cli.tables import print_pairs

    print_pairs([(entry.id, _summary(entry)) for entry in registry(kind).entries()])


def _summary(entry: Entry) -> str:
    origin = "" if entry.origin == "mebench" else f" [{entry.origin}]"
    return f"{entry.summary}{origin}".strip()
