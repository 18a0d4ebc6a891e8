"""`mebench data root`."""

from __future__ import annotations

from pathlib import Path

import click

from mebench.cli.options import plugin_loaded
from mebench.cli.say import say


@click.command()
@click.argument("id", required=False)
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--forget", is_flag=True, help="Forget the root of ID.")
@plugin_loaded
def root(id: str | None, folder: Path | None, forget: bool) -> None:
    """Remember that dataset ID lies in FOLDER; without arguments, show what is remembered."""
    from mebench.datasets.catalogue import DATASETS
    from mebench.errors import UserError
    from mebench.runs.roots import find_root, remember_root, remembered_roots

    if id is None:
        known = remembered_roots()
        if not known:
            say("No root is remembered: `mebench data root ID FOLDER` remembers one.", err=True)
        for name, found in known.items():
            say(f"{name}  {found.path}{'' if found.is_there else '  (gone)'}")
        return
    if forget:
        if folder is not None:
            raise UserError("--forget takes a dataset alone: leave the folder out.")
        remember_root(id, None)
        say(f"{id}: forgotten")
        return
    if not DATASETS.get(id).needs_root:
        raise UserError(f"{id} needs no root: use it without one.")
    if folder is None:
        usual = find_root(id)
        if usual is None:
            raise UserError(f"No root of {id} is known: give the folder that holds it.")
        say(f"{id}  {usual.path}{'' if usual.is_there else '  (gone)'}")
        return
    remember_root(id, folder)
    say(f"{id}  {folder.resolve()}")
