"""`mebench data au-presence` and `mebench data au-correlation`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import click

from mebench.cli import options
from mebench.cli.say import say


@click.command("au-presence")
@click.argument("dataset")
@click.option("--where", type=click.Choice(["video", "events"]), default="video", show_default=True,
              help="Where in a video an action unit must be detected.")  # fmt: skip
@click.option("--outside", type=click.Choice(["missed", "left_out"]), default="missed", show_default=True,
              help="Annotated action units that OpenFace does not detect at all.")  # fmt: skip
@options.root
@options.config
@options.plugin
def au_presence(
    dataset: str,
    where: Literal["video", "events"],
    outside: Literal["missed", "left_out"],
    root: Path | None,
    settings: Path | None,
    plugins: tuple[Path, ...],
) -> None:
    """Print which annotated action units of DATASET OpenFace has seen, too: its tables are set by openface=DIR."""
    from mebench.analysis.action_units import PresenceRules, presence_table, table_advice
    from mebench.cli.tables import print_table
    from mebench.runs.data import open_dataset

    opened, told = open_dataset(dataset, root, settings), list[str]()
    rules = PresenceRules(where, outside)
    found = presence_table(opened.videos(), rules, advice=table_advice(opened), tell=told.append)
    rows = [
        [name, str(p.matched), str(p.annotated), f"{p.recall:.4f}" if p.annotated else "-"] for name, p in found.items()
    ]
    _tell(told, "`mebench data check` shows them")
    print_table(["", "detected", "annotated", "recall"], rows, apart=False)


@click.command("au-correlation")
@click.argument("first", type=click.Path(path_type=Path))
@click.argument("second", type=click.Path(path_type=Path))
def au_correlation(first: Path, second: Path) -> None:
    """Correlate the action-unit intensities of two OpenFace tables, or of two folders of tables named alike."""
    from mebench.analysis.action_units import correlate_tables
    from mebench.cli.tables import print_table
    from mebench.schema.action_units import ACTION_UNITS

    found = correlate_tables(first, second)
    _tell(found.account, "correlate single tables to see them")
    c = found.correlation
    units = [[f"AU{unit:02d}", *_two(c.of_unit(i))] for i, unit in enumerate(ACTION_UNITS)]
    print_table(["action unit", "Pearson", "Spearman"], units, apart=False)
    say()
    rows = [[subject, *_two(pair)] for subject, pair in found.by_subject().items()]
    print_table(["subject", "Pearson", "Spearman"], [*rows, ["all", *_two(c.over_all())]], apart=False)
    say()
    count, pairs = len(found.names), c.pearson.size
    still = (
        f"{c.undefined} of {pairs} pairs of series do not vary and are left out"
        if c.undefined
        else (f"all {pairs} pairs of series vary")
    )
    say(f"{count} video{'' if count == 1 else 's'}; {still}.")
    if found.unpaired:
        say(f"In one of the two folders alone, and left out: {', '.join(found.unpaired)}.", err=True)


def _tell(sentences: Sequence[str], where: str) -> None:
    """Print what should be known of the tables; where there is much, what is left is counted."""
    from mebench.runs.notes import MOST

    for sentence in sentences[:MOST]:
        say(sentence, err=True)
    if (more := len(sentences) - MOST) > 0:
        say(f"There are {more} more notes on tables: {where}.", err=True)


def _two(pair: tuple[float, float]) -> list[str]:
    return ["-" if value != value else f"{value:.3f}" for value in pair]
