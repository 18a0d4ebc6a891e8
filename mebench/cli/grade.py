"""`mebench grade`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mebench.cli import options
from mebench.cli.say import say

if TYPE_CHECKING:
    from mebench.metrics.error_analysis import ErrorAnalysis
    from mebench.protocols.grading import Loaded
    from mebench.schema.scorecard import Scorecard

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
@click.option("--method", metavar="NAME", help="Name on the scorecard.  [default: that of a manifest.json, or unknown]")
@options.first_frame
@click.option("--output", metavar="FILE|-", help="Write the scorecard; - prints it, and only it, on stdout.")
@click.option("--errors", type=click.Path(path_type=Path), metavar="FILE", help="Analyse the errors; written as JSON.")
@options.plugin_loaded
def grade(
    predictions: Path,
    protocol: str,
    truth: Path,
    convention: str | None,
    method: str | None,
    first_frame: str | None,
    output: str | None,
    errors: Path | None,
) -> None:
    """Grade PREDICTIONS, for spotting a table subject,video,onset,offset,type[,score].

    PREDICTIONS is read as by mebench challenge check: a table in any of the formats that challenges take, a
    folder such as samm_pred.csv and cas_pred.csv, or a zip archive. Semicolons, other spellings of an id and the like
    are read with a note on stderr. Intervals that begin before frame 1 or end after the last frame are kept or clipped
    as outside of the convention says.
    """
    targets = _targets(output, errors, [predictions, truth])
    if convention == ALL:
        if errors is not None:
            raise click.UsageError("An error analysis is under one convention: leave --convention all or --errors out.")
        loaded = _load(predictions, protocol, truth, method, first_frame, several=True)
        _under_all(loaded, output, targets[0])
        return
    from mebench.protocols.catalogue import PROTOCOLS
    from mebench.runs.provenance import environment

    # An unknown name is told before anything is read.
    rules = PROTOCOLS.get(protocol).preset(convention) if convention is not None else None
    loaded = _load(predictions, protocol, truth, method, first_frame, rules=rules)
    card = loaded.score(rules).replace(environment=environment())
    # Files are written first: whoever reads what is printed may stop early.
    if targets[0] is not None:
        card.write(targets[0])
    found = _analysed(loaded, card, targets[1])
    if output == "-":
        say(card.to_json(), nl=False)
        return
    from mebench.cli.tables import print_scorecard

    print_scorecard(card)
    if output is not None:
        say(f"scorecard: {output}")
    if found is not None:
        from mebench.cli.error_tables import print_errors

        print_errors(found)
        say(f"errors: {errors}")


def _targets(output: str | None, errors: Path | None, inputs: list[Path]) -> tuple[Path | None, Path | None]:
    """Return where the scorecard and the error analysis go, before any work is done for them.

    Raises
    ------
    UserError : when a name cannot be written to without a loss.
    """
    from mebench.cli.outputs import output_file
    from mebench.errors import UserError

    card = None if output is None or output == "-" else output_file(output, inputs)
    analysis = None if errors is None else output_file(errors, inputs, "--errors")
    if card is not None and card == analysis:
        raise UserError(f"--output and --errors are one file, {output}: give each a name of its own.")
    return card, analysis


def _analysed(loaded: Loaded, card: Scorecard, target: Path | None) -> ErrorAnalysis | None:
    """Analyse the errors where a file is asked for, and write it."""
    if target is None:
        return None
    from mebench.analysis.errors import error_analysis
    from mebench.schema.files import write_atomic
    from mebench.schema.plain_json import to_plain

    found = error_analysis(loaded, card)
    write_atomic(target, json.dumps(to_plain(found), indent=1, sort_keys=True) + "\n")
    return found


def _load(
    predictions: Path, protocol: str, truth: Path, method: str | None, first_frame: str | None, **under: Any
) -> Loaded:
    """Read both sides, and tell on stderr what was read other than it was written."""
    from mebench.challenge.reading.grading import load
    from mebench.schema.scorecard import MethodRef

    named = MethodRef(method) if method else None
    first = int(first_frame) if first_frame else None
    loaded = load(predictions, truth, protocol, named, first_frame=first, **under)
    for note in loaded.notes:
        say(f"note: {note}", err=True)
    return loaded


def _under_all(loaded: Loaded, output: str | None, target: Path | None) -> None:
    """Print the scores under every preset side by side."""
    from mebench.runs.provenance import environment
    from mebench.schema.files import write_atomic

    where = environment()
    cards = loaded.under_all()
    plain = {name: card.replace(environment=where).to_dict() for name, card in cards.items()}
    text = json.dumps(plain, indent=1, sort_keys=True, allow_nan=False) + "\n"
    if output == "-":
        say(text, nl=False)
        return
    from mebench.cli.tables import print_side_by_side

    if target is not None:
        write_atomic(target, text)
    print_side_by_side(cards)
    if target is not None:
        say(f"scorecards: {output}")
