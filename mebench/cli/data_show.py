"""`mebench data show`."""

from __future__ import annotations

from pathlib import Path

import click

from mebench.cli import options
from mebench.cli.outputs import output_file
from mebench.cli.say import say, shown


@click.command()
@click.argument("dataset")
@options.root
@options.config
@click.option("--clip", "names", multiple=True, metavar="ID", help="A clip to show, by its id or DATABASE/SUBJECT/ID.")
@click.option(
    "--most", type=click.IntRange(1, 60), default=8, show_default=True, metavar="N",
    help="Clips that are shown where none is named: some of each database and label.",
)  # fmt: skip
@click.option(
    "--view", default="", metavar="key=value,...",
    help="How faces are cut out and flow is computed, such as crop=whole,flow=dis; colour=true shows colours.",
)  # fmt: skip
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE.png", help="The sheet.  [default: figures/clips-ID.png]"
)
@options.plugin_loaded
def show(
    dataset: str, root: Path | None, settings: Path | None, names: tuple[str, ...], most: int, view: str,
    out: Path | None,
) -> None:  # fmt: skip
    """Draw what recognisers see of some clips of DATASET: faces at onset, apex and offset, flow and strain.

    Each clip is printed with the digest of its faces, and the sheet with the settings that made them.
    """
    from mebench.figures.clips import chosen, draw_clips, rows_of, sheet_settings
    from mebench.figures.drawing import file_name, settings_of
    from mebench.runs.data import open_dataset
    from mebench.schema.files import write_atomic

    wanted = sheet_settings(view)
    name = file_name("clips", dataset.partition(":")[0], settings=[*settings_of(dataset, settings), *names, view])
    opened = open_dataset(dataset, root, settings)
    read = [opened.root] if opened.root else []
    target = output_file(out or Path("figures", f"{name}.png"), read, "--out", marks=(b"\x89PNG",))
    rows, failed = rows_of(chosen(opened.clips(), names, most), wanted)
    write_atomic(target, draw_clips(rows, f"{dataset}, {wanted.name}"))
    for row in rows:
        say(row.describe())
    say(f"view: {wanted.name}\nwritten: {shown(out or target)}")
    if failed:
        say("\n".join(failed.values()), err=True)
        raise click.exceptions.Exit(1)
