"""`mebench grade`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("predictions", type=click.Path(path_type=Path))
@click.option("--protocol", required=True, metavar="ID", help="The rules; see `mebench list protocols`.")
@click.option(
    "--truth",
    type=click.Path(path_type=Path),
    required=True,
    metavar="DIR",
    help="Folder with events.csv and videos.csv.",
)
@click.option("--convention", metavar="PRESET", help="Rules of published code instead of the protocol's own.")
@click.option("--method", default="unknown", show_default=True, metavar="NAME", help="Name on the scorecard.")
@click.option("--output", metavar="FILE|-", help="Write the scorecard; - prints it, and only it, on stdout.")
def grade(
    predictions: Path, protocol: str, truth: Path, convention: str | None, method: str, output: str | None
) -> None:
    """Grade PREDICTIONS, a table subject,video,onset,offset,type[,score]."""
    from mebench.protocols.grading import grade_files
    from mebench.runs.provenance import environment
    from mebench.schema.scorecard import MethodRef

    card = grade_files(predictions, truth, protocol, convention, MethodRef(method)).replace(environment=environment())
    if output == "-":
        click.echo(card.to_json(), nl=False)
        return
    from mebench.cli.tables import print_scorecard

    print_scorecard(card)
    if output is not None:
        card.write(Path(output))
        click.echo(f"scorecard: {output}")
