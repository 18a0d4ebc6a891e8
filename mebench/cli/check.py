"""`mebench check`.

Exit codes: 0 when nothing fell, 1 when a number did, may have, or contradicts another, 2 when cards cannot be compared.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mebench.cli import options
from mebench.cli.say import say

if TYPE_CHECKING:
    from mebench.analysis.regression import Comparison


@click.command()
@click.argument("scorecards", type=click.Path(path_type=Path), nargs=-1)
@click.option(
    "--baselines",
    type=click.Path(path_type=Path),
    default=Path("baselines"),
    show_default=True,
    help="Recorded scorecards.",
)
@click.option(
    "--as",
    "origin",
    type=click.Choice(["auto", "rescored", "retrained"]),
    default="auto",
    show_default=True,
    help="rescored: no score may fall; retrained: by max(5%, 3 sigma over seeds) below their mean, and by no more than "
    "--share; auto: retrained where seeds are recorded.",
)
@click.option("--tolerance", type=options.FiniteRange(0), help="How far a score may fall, instead.")
@click.option("--relative", type=options.FiniteRange(0), help="The same, as a share of the score.")
@click.option(
    "--share",
    type=options.FiniteRange(0),
    help="The most that a retrained score may lose, as a share of it.  [default: a third]",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "markdown", "junit"]),
    default="table",
    show_default=True,
    help="How the result is written: for a person, a pull request, or a CI server.",
)
@click.option("--all", "everything", is_flag=True, help="Show the numbers that are equal, too.")
@click.option("--record", is_flag=True, help="Keep these runs as baselines; runs that differ in seed alone give sigma.")
@options.plugin_loaded
def check(scorecards: tuple[Path, ...], baselines: Path, form: str, everything: bool, record: bool, **how: Any) -> None:
    """Hold SCORECARDS or runs against recorded ones; without any, grade what the baselines keep again.

    Runs of a method that learns by chance, which differ in the seed alone, are judged by their mean.
    """
    if record:
        from mebench.analysis.record import advice_on_seeds, record_baselines

        for folder in record_baselines(scorecards, baselines):
            say(f"recorded: {folder}")
            for line in advice_on_seeds(folder):
                say(f"  {line}", err=True)
        return
    from mebench.analysis.baselines import check_baselines, check_scorecards
    from mebench.analysis.regression import SHARE

    if scorecards:
        share = SHARE if how["share"] is None else how["share"]
        allowed = _tolerance(how["tolerance"], how["relative"])
        found = check_scorecards(scorecards, baselines, allowed, how["origin"], share)
    else:
        found = check_baselines(baselines)
    _show(found, form, everything)
    if any(comparison.fell for comparison in found):
        raise click.exceptions.Exit(1)
    if not all(comparison.ok for comparison in found):
        raise click.exceptions.Exit(2)


def _tolerance(absolute: float | None, relative: float | None) -> Any:
    from mebench.analysis.regression import Tolerance

    if absolute is None and relative is None:
        return None
    return Tolerance(absolute=absolute or 0.0, relative=relative or 0.0)


def _show(found: list[Comparison], form: str, everything: bool) -> None:
    from mebench.cli import regression_reports
    from mebench.cli.tables import print_comparison

    if form == "junit":
        say(regression_reports.junit(found), nl=False)
        return
    if form == "markdown":
        say(regression_reports.markdown(found, everything), nl=False)
        return
    for comparison in found:
        print_comparison(comparison, everything)
    say(regression_reports.summary(found))
