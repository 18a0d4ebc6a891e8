"""`mebench data export`."""

from __future__ import annotations

from pathlib import Path

import click

from mebench.cli import options
from mebench.cli.say import say


@click.command()
@click.argument("dataset")
@click.option("--layout", required=True, metavar="samm_lv|casme_sq", help="The layout to write.")
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
    say(f"{len(record.videos)} videos are in {out}, with {len(record.quirks)} quirks written on purpose.")
    say(f"Read them with: --dataset {layout} --root {out}")
