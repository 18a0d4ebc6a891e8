"""`mebench rescore`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mebench.cli import options
from mebench.cli.say import say

if TYPE_CHECKING:
    from mebench.schema.scorecard import Scorecard


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--protocol", metavar="ID", help="The rules.  [default: those of the run]")
@click.option("--convention", metavar="PRESET", help="Rules of published code instead of the protocol's own.")
@click.option("--output", metavar="FILE|-", help="Write the scorecard; - prints it, and only it, on stdout.")
@options.plugin_loaded
def rescore(run: Path, protocol: str | None, convention: str | None, output: str | None) -> None:
    """Grade the predictions that the folder RUN has kept again; nothing is trained and the run stays as it is.

    Folds whose files are damaged are named, and the exit code is then 1.
    """
    from mebench.analysis.rescore import rescore as again
    from mebench.cli.outputs import output_file
    from mebench.runs.damaged import damaged_folds
    from mebench.runs.store import RunFolder

    target = None if output in (None, "-") else output_file(output, [run])
    card = again(run, protocol, convention)
    if target is not None:
        card.write(target)  # first: whoever reads what is printed may stop early
    _show(card, output)
    if not card.complete and (damaged := damaged_folds(RunFolder(run))):
        say("\n".join(damaged), err=True)
        raise click.exceptions.Exit(1)


def _show(card: Scorecard, output: str | None) -> None:
    if output == "-":
        say(card.to_json(), nl=False)
        return
    from mebench.cli.tables import print_scorecard

    print_scorecard(card)
    if output is not None:
        say(f"scorecard: {output}")
