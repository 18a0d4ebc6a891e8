"""`mebench data make`."""

from __future__ import annotations

from pathlib import Path

import click

from mebench.cli import options
from mebench.cli.say import say


@click.command()
@click.argument("dataset")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", required=True, help="Folder to write to.")
@click.option(
    "--format",
    "suffix",
    type=click.Choice(["png", "jpg"]),
    default="png",
    show_default=True,
    help="Format of the frames.",
)
@options.root
@options.config
@options.jobs
@options.executor
@options.plugin
def make(
    dataset: str,
    out: Path,
    suffix: str,
    root: Path | None,
    settings: Path | None,
    jobs: int | None,
    executor: str,
    plugins: tuple[Path, ...],
) -> None:
    """Write DATASET as plain files: frames/SUBJECT/VIDEO/00001.png and truth/."""
    from mebench.cli.progress import make_monitor
    from mebench.runs.data import make_dataset

    made = make_dataset(
        dataset,
        out,
        root,
        settings,
        suffix=suffix,
        jobs=jobs,
        executor=executor,
        plugins=plugins,
        monitor=make_monitor(),
    )
    say(f"{made} videos are in {out / 'frames'}, their truth is in {out / 'truth'}.")
