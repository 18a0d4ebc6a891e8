"""`mebench run`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mebench.cli import options
from mebench.cli.say import say

if TYPE_CHECKING:
    from mebench.runs.api import RunResult


@click.command()
@click.option("--method", required=True, metavar="ID[:key=value,...]", help="The method; see `mebench list methods`.")
@click.option(
    "--dataset", "datasets", required=True, multiple=True, metavar="ID[:key=value,...]",
    help="The dataset; given twice, both are run and their counts are pooled.",
)  # fmt: skip
@options.roots
@click.option(
    "--protocol", metavar="ID", help="The rules.  [default: megc2020-spotting; megc2021-spotting for several datasets]"
)
@options.device
@options.jobs
@options.executor
@options.seed
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR", help="Folder of the run.  [default: one under runs/]"
)
@options.config
@options.plugin
def run(method: str, datasets: tuple[str, ...], **more: object) -> None:
    """Run a method on a dataset and grade it; the same command resumes a run that was interrupted."""
    from mebench.cli.progress import make_monitor
    from mebench.runs import api

    result = api.run(method, datasets, monitor=make_monitor(), **more)  # type: ignore[arg-type]
    if result.skipped is not None:
        say(f"Skipped: {result.skipped}.", err=True)
        raise click.exceptions.Exit(2)
    _show(result)
    if not result.complete:
        raise click.exceptions.Exit(1)


def _show(result: RunResult) -> None:
    """Print the scores, where everything lies, and what failed."""
    from mebench.cli.tables import print_scorecard
    from mebench.leaderboard.build import build_leaderboard

    card = result.scorecard
    assert card is not None
    page = build_leaderboard([result.folder], result.folder, title=f"{card.method.id} on {card.dataset.id}")
    print_scorecard(card)
    say(f"run:  {result.folder}\npage: {page}")
    failures = result.progress.failures
    for fold, reason in sorted(failures.items()):
        say(f"Fold {fold} failed: {reason}", err=True)
    if failures:
        count = f"{len(failures)} fold{'s' * (len(failures) > 1)} failed"
        say(f"{count}, so the scorecard is not complete: mend the cause and run the same command.", err=True)
