"""`mebench data list`."""

from __future__ import annotations

from pathlib import Path

import click

from mebench.cli.listing import show_entries
from mebench.cli.options import plugin
from mebench.cli.say import say


@click.command("list")
@plugin
def list_(plugins: tuple[Path, ...]) -> None:
    """List the datasets, and where the licensed ones lie as far as that is known."""
    from mebench.datasets.catalogue import DATASETS
    from mebench.runs.roots import find_root

    show_entries("datasets")
    found = [(entry.id, find_root(entry.id)) for entry in DATASETS.entries()]
    for id, root in found:
        if root is not None:
            origin = "from MEBENCH_DATA" if root.origin == "MEBENCH_DATA" else "remembered"
            say(f"root of {id}: {root.path} ({origin}{'' if root.is_there else ', gone: mount it or name another'})")
