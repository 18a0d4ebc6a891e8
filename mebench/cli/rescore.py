"""`mebench rescore`."""

from __future__ import annotations

from pathlib import Path

import click

from mebench.cli import options
from mebench.cli.say import say


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--protocol", metavar="ID", help="The rules.  [default: those of the run]")
@click.option("--convention", metavar="PRESET", help="Rules of published code instead of the protocol's own.")
@click.option("--output", metavar="FILE|-", help="Write the scorecard; - prints it, and only it, on stdout.")
@options.plugin_loaded
def rescore(run: Path, protocol: str | None, convention: str | None, output: str | None) -> None:
    """Grade the predictions that the folder RUN has kept again; nothing is trained and the run stays as it is."""
    from mebench.analysis.rescore import rescore as again
    from mebench.cli.outputs import output_file

    target = None if output in (None, "-") else output_file(output, [run])
    card = again(run, protocol, convention)
    if output == "-":
        say(card.to_json(), nl=False)
        return
    from mebench.cli.tables import print_scorecard

    if target is not None:
        card.write(target)  # first: whoever reads what is printed may stop early
    print_scorecard(card)
    if target is not None:
        say(f"scorecard: {output}")
