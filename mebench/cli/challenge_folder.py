"""What the verbs of `mebench challenge` share: how a folder is given and opened."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mebench.cli.say import say

if TYPE_CHECKING:
    from mebench.challenge.desk.config import Challenge


def open_challenge(folder: Path) -> Challenge:
    """Read a challenge whose secrets are for this account alone, and tell what was not."""
    from mebench.challenge.desk.config import load_challenge
    from mebench.challenge.desk.journal import torn_lines
    from mebench.challenge.desk.modes import close_to_others

    opened = load_challenge(folder)
    for note in (*close_to_others(folder), torn_lines(folder)):
        if note:
            say(f"note: {note}", err=True)
    return opened


def tell_stale(folder: Path) -> None:
    """Tell on stderr which pages no longer show what is there, and how each is built again."""
    from mebench.challenge.pages.stale import stale_pages

    for page, command in stale_pages(folder).items():
        say(f"note: {folder / page} is older than what it shows: build it again: {command}", err=True)


class Place(click.Path):
    """A path; the empty text, which a script with an unset variable gives, is not taken for the current folder."""

    def __init__(self, exists: bool = False) -> None:
        super().__init__(exists=exists, path_type=Path)

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        """Refuse the empty text."""
        if not os.fspath(value):
            self.fail("it is empty: give a path, such as . for the current folder.", param, ctx)
        return super().convert(value, param, ctx)
