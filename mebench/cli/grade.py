"""`mebench grade`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from mebench.cli import options
from mebench.cli.say import say

ALL = "all"
"""In place of a preset: every one, side by side."""


@click.command()
@click.argument("predictions", type=click.Path(path_type=Path))
@click.option("--protocol", required=True, metavar="ID", help="The rules; see mebench list protocols.")
@click.option(
    "--truth",
    type=click.Path(path_type=Path),
    required=True,
    metavar="DIR",
    help="Folder of the truth, for spotting with events.csv and videos.csv.",
)
@click.option(
    "--convention",
    metavar="PRESET|all",
    help="Rules of published code instead of the protocol's own; all shows every preset side by side.",
)
@click.option("--method", default="unknown", show_default=True, metavar="NAME", help="Name on the scorecard.")
@click.option("--output", metavar="FILE|-", help="Write the scorecard; - prints it, and only it, on stdout.")
@click.option("--errors", type=click.Path(path_type=Path), metavar="FILE", help="Analyse the errors; written as JSON.")
@options.plugin_loaded
def grade(
    predictions: Path,
    protocol: str,
    truth: Path,
    convention: str | None,
    method: str,
    output: str | None,
    errors: Path | None,
) -> None:
    """Grade PREDICTIONS, for spotting a table subject,video,onset,offset,type[,score]."""
    if convention == ALL:
        if errors is not None:
            raise click.UsageError("An error analysis is under one convention: leave --convention all or --errors out.")
        _under_all(predictions, protocol, truth, method, output)
        return
    from mebench.protocols.catalogue import PROTOCOLS
    from mebench.protocols.grading import load
    from mebench.runs.provenance import environment
    from mebench.schema.scorecard import MethodRef

    # An unknown name is told before anything is read.
    rules = PROTOCOLS.get(protocol).preset(convention) if convention is not None else None
    loaded = load(predictions, truth, protocol, MethodRef(method))
    card = loaded.score(rules).replace(environment=environment())
    if output == "-":
        say(card.to_json(), nl=False)
    else:
        from mebench.cli.tables import print_scorecard

        print_scorecard(card)
    if output not in (None, "-"):
        card.write(Path(output))
        say(f"scorecard: {output}")
    if errors is not None:
        from mebench.analysis.errors import error_analysis
        from mebench.cli.error_tables import print_errors
        from mebench.schema.files import write_atomic
        from mebench.schema.plain_json import to_plain

        found = error_analysis(loaded, card)
        write_atomic(errors, json.dumps(to_plain(found), indent=1, sort_keys=True) + "\n")
        if output != "-":
            print_errors(found)
            say(f"errors: {errors}")


def _under_all(predictions: Path, protocol: str, truth: Path, method: str, output: str | None) -> None:
    """Print the scores under every preset side by side."""
    from mebench.protocols.grading import grade_under_all
    from mebench.runs.provenance import environment
    from mebench.schema.files import write_atomic
    from mebench.schema.scorecard import MethodRef

    where = environment()
    cards = grade_under_all(predictions, truth, protocol, MethodRef(method))
    plain = {name: card.replace(environment=where).to_dict() for name, card in cards.items()}
    text = json.dumps(plain, indent=1, sort_keys=True, allow_nan=False) + "\n"
    if output == "-":
        say(text, nl=False)
        return
    from mebench.cli.tables import print_side_by_side

    print_side_by_side(cards)
    if output is not None:
        write_atomic(Path(output), text)
        say(f"scorecards: {output}")
