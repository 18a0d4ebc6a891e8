"""`mebench data export`."""

from __future__ import annotations

from pathlib import Path

import click

from mebench.cli import options
from mebench.cli.say import say

_LAYOUTS = "samm_lv or casme_sq for long videos; casme, casme2, samm, smic, smic_e or megc2019_cde for clips"


@click.command()
@click.argument("dataset")
@click.option("--layout", required=True, metavar="LAYOUT", help=f"The layout to write: {_LAYOUTS}.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    required=True,
    help="Folder to write; must be new or empty.",
)
@options.root
@options.config
@options.plugin
def export(
    dataset: str, layout: str, out: Path, root: Path | None, settings: Path | None, plugins: tuple[Path, ...]
) -> None:
    """Write DATASET in the on-disk layout of a licensed one, workbook and quirks included."""
    from mebench.cli.progress import make_monitor
    from mebench.datasets.export.write import export_dataset
    from mebench.runs.data import open_dataset

    opened, monitor = open_dataset(dataset, root, settings), make_monitor()
    monitor.phase("export", 1)
    try:
        record = export_dataset(
            opened, layout, out, lambda what, done, total: monitor.progress("export", what, done, total)
        )
        monitor.finished("export", None)
    finally:
        monitor.close()
    kind = "videos" if layout in ("casme_sq", "samm_lv") else "clips"
    say(f"{len(record.videos)} {kind} are in {out}, with {len(record.quirks)} quirks written on purpose.")
    say(f"Read them with: --dataset {layout} --root {out}")
