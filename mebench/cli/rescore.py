"""`mebench rescore`."""

from __future__ import annotations

from pathlib import Path

import click

from mebench.cli.options import plugin
from mebench.cli.say import say


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--protocol", metavar="ID", help="The rules.  [default: those of the run]")
@click.option("--convention", metavar="PRESET", help="Rules of published code instead of the protocol's own.")
@click.option("--output", metavar="FILE|-", help="Write the scorecard; - prints it, and only it, on stdout.")
@plugin
def rescore(
    plugins: tuple[Path, ...], run: Path, protocol: str | None, convention: str | None, output: str | None
) -> None:
    """Grade the predictions that the folder RUN has kept again; nothing is trained and the run stays as it is."""
    from mebench.analysis.rescore import rescore as again

    card = again(run, protocol, convention)
    if output == "-":
        say(card.to_json(), nl=False)
        return
    from mebench.cli.tables import print_scorecard

    print_scorecard(card)
    if output is not None:
        card.write(Path(output))
        say(f"scorecard: {output}")
