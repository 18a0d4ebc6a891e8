"""`mebench data prepare`."""

from __future__ import annotations

from pathlib import Path

import click

from mebench.cli import options
from mebench.cli.say import say
from mebench.errors import UserError


@click.command()
@click.argument("dataset")
@options.root
@options.config
@click.option(
    "--method", metavar="ID[:key=value,...]", help="Prepare what this method needs, not the aligned faces alone."
)
@options.jobs
@options.executor
@options.device
@options.plugin
def prepare(
    dataset: str,
    root: Path | None,
    settings: Path | None,
    method: str | None,
    jobs: int | None,
    executor: str,
    device: str,
    plugins: tuple[Path, ...],
) -> None:
    """Fill the frame cache for every video of DATASET; what is there already is kept."""
    from mebench.cli.progress import make_monitor
    from mebench.runs.data import prepare_dataset

    failures = prepare_dataset(
        dataset, root, settings, method=method, jobs=jobs, executor=executor, device=device, plugins=plugins,
        monitor=make_monitor(),
    )  # fmt: skip
    if failures:
        raise UserError(f"{len(failures)} videos could not be prepared: mend them and prepare again.")
    say(f"{dataset} is prepared.")
