"""`mebench list`: what there is, without importing any of it."""

from __future__ import annotations

from pathlib import Path

import click

from mebench.cli.catalogues import KINDS, registry
from mebench.cli.lazy import SuggestingChoice
from mebench.cli.options import plugin
from mebench.cli.say import say


@click.command("list")
@click.argument("kind", metavar="|".join(KINDS), type=SuggestingChoice(KINDS))
@plugin
def listing(kind: str, plugins: tuple[Path, ...]) -> None:
    """List what there is of one kind; nothing is imported for it."""
    show_entries(kind)


def show_entries(kind: str) -> None:
    """Print id and summary of every entry of one kind."""
    entries = list(registry(kind).entries())
    width = max((len(entry.id) for entry in entries), default=0)
    for entry in entries:
        origin = "" if entry.origin == "mebench" else f"  [{entry.origin}]"
        say(f"{entry.id:<{width}}  {entry.summary}{origin}".rstrip())
