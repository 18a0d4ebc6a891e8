"""`mebench check`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("scorecards", type=click.Path(path_type=Path), nargs=-1)
@click.option(
    "--baselines",
    type=click.Path(path_type=Path),
    default=Path("baselines"),
    show_default=True,
    help="Recorded scorecards.",
)
@click.option("--tolerance", type=click.FloatRange(0), default=0.0, show_default=True, help="How far a score may fall.")
@click.option(
    "--relative", type=click.FloatRange(0), default=0.0, show_default=True, help="The same, as a share of it."
)
@click.option("--all", "everything", is_flag=True, help="Show the numbers that are equal, too.")
def check(scorecards: tuple[Path, ...], baselines: Path, tolerance: float, relative: float, everything: bool) -> None:
    """Hold SCORECARDS against recorded ones; exit 1 when a score fell.  [default: those under runs/]"""
    from mebench.cli.tables import print_comparison
    from mebench.protocols.regression import Tolerance
    from mebench.runs.baselines import check_scorecards

    chosen = scorecards or tuple(sorted(Path("runs").glob("*/scorecard.json")))
    comparisons = check_scorecards(chosen, baselines, Tolerance(absolute=tolerance, relative=relative))
    for comparison in comparisons:
        print_comparison(comparison, everything)
    failed = sum(not comparison.ok for comparison in comparisons)
    click.echo(f"{len(comparisons)} checked, {failed} failed.")
    if failed:
        raise click.exceptions.Exit(1)
