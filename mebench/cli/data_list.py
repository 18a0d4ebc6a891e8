"""`mebench data list`."""

from __future__ import annotations

from pathlib import Path

import click

from mebench.cli.listing import show_entries
from mebench.cli.options import plugin


@click.command("list")
@plugin
def list_(plugins: tuple[Path, ...]) -> None:
    """List the datasets."""
    show_entries("datasets")
