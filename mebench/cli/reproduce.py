"""`mebench reproduce`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mebench.cli import options
from mebench.cli.say import say

if TYPE_CHECKING:
    from mebench.reproduce.carry_out import Carried
    from mebench.reproduce.report import Report

TEXT = "text"
FORMATS = (TEXT, "markdown", "latex", "html")


@click.command()
@click.argument("table")
@click.option(
    "--on", multiple=True, metavar="ID[:key=value,...]",
    help="A dataset that replaces the licensed ones; findings are then judged, and values are not.",
)  # fmt: skip
@click.option(
    "--also", multiple=True, type=click.Path(path_type=Path), metavar="DIR",
    help="Made copies of people, for the rows that learn from such.",
)  # fmt: skip
@options.roots
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default=TEXT, show_default=True, help="Form of the table."
)
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR", default=Path("reproduced"), show_default=True,
    help="Folder of the runs, which several tables may share.",
)  # fmt: skip
@options.device
@options.jobs
@options.executor
@options.seed
@options.plugin
def reproduce(table: str, on: tuple[str, ...], form: str, out: Path, **more: object) -> None:
    """Carry out the runs behind a paper's TABLE and print published and own values side by side.

    The same command goes on where it was interrupted. See mebench list tables.
    """
    from mebench.cli.progress import make_monitor
    from mebench.reproduce.carry_out import carry_out
    from mebench.reproduce.report import FORMATS as WRITERS
    from mebench.reproduce.report import report_of
    from mebench.reproduce.table import load_table

    chosen = load_table(table)
    monitor = make_monitor()
    carried = carry_out(chosen, out, on=on, monitor=monitor, **more)  # type: ignore[arg-type]
    report = report_of(carried)
    if form == TEXT:
        _print(report)
    else:
        say(WRITERS[form](report))
    _tell_folders(carried, out, err=form != TEXT)
    if report.missing:
        what = "1 value or run is" if report.count == 1 else f"{report.count} values or runs are"
        say(f"{what} missing; the same command goes on with what is.", err=True)
        raise click.exceptions.Exit(1)


def _tell_folders(carried: Carried, out: Path, *, err: bool) -> None:
    """Say which folder holds which run; rows that ask for the same run share one."""
    from mebench.cli.tables import print_text

    there = [(cell.folder.name, f"{cell.row.label} on {cell.dataset}") for cell in carried.cells if cell.folder]
    if there:
        print_text(f"runs in {out}:", err=err)
    for name in dict.fromkeys(name for name, _ in there):
        print_text(f"{name}: {'; '.join(label for other, label in there if other == name)}", indent="  ", err=err)


def _print(report: Report) -> None:
    """Print the values, and what can be said of them, in lines that fit the terminal."""
    from mebench.cli.tables import print_table, print_text
    from mebench.reproduce.report import HEADER, sentences

    print_text(f"{report.title} ({report.paper})")
    # By score and dataset, so that a row fits a line and what is held against each other stands together.
    for score, dataset in dict.fromkeys((line.score, line.dataset) for line in report.lines):
        rows = [line.cells for line in report.lines if (line.score, line.dataset) == (score, dataset)]
        print_table([f"{score} on {dataset}", *HEADER[3:]], [[cells[0], *cells[3:]] for cells in rows])
    for sentence in sentences(report):
        print_text(sentence)
