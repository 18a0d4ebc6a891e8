"""`mebench reproduce`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mebench.cli import options
from mebench.cli.say import say
from mebench.errors import UserError

if TYPE_CHECKING:
    from mebench.reproduce.report import Report

TEXT = "text"
FORMATS = (TEXT, "markdown", "latex", "html")


@click.command()
@click.argument("table")
@click.option(
    "--on", multiple=True, metavar="ID[:key=value,...]",
    help="A dataset that replaces the licensed ones; findings are then judged, and values are not.",
)  # fmt: skip
@options.roots
@click.option(
    "--with", "folders", multiple=True, metavar="NAME=DIR",
    help="OpenFace tables, for tables that measure some; mebench list tables says which.",
)  # fmt: skip
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default=TEXT, show_default=True, help="Form of the table."
)
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR", help="Folder of the runs.  [default: reproduced/TABLE]"
)
@options.device
@options.jobs
@options.executor
@options.seed
@options.plugin
def reproduce(
    table: str, on: tuple[str, ...], folders: tuple[str, ...], form: str, out: Path | None, **more: object
) -> None:
    """Carry out the runs behind a paper's TABLE and print published and own values side by side.

    The same command goes on where it was interrupted. See mebench list tables.
    """
    from mebench.cli.progress import make_monitor
    from mebench.reproduce.carry_out import carry_out
    from mebench.reproduce.measures.table import load_measures, measure_ids
    from mebench.reproduce.report import report_of
    from mebench.reproduce.table import load_table

    if table in measure_ids():
        _refuse_options_of_runs(table)
        from mebench.reproduce.measures.take import take

        _show(take(load_measures(table), on=on, roots=more["roots"], folders=folders), form)  # type: ignore[arg-type]
        return
    chosen = load_table(table)
    if folders:
        raise UserError(f"{table} is made of runs and takes no folder by name: leave --with {folders[0]} out.")
    folder = out or Path("reproduced") / "-".join([table, *(id.partition(":")[0] for id in dict.fromkeys(on))])
    monitor = make_monitor()
    carried = carry_out(chosen, folder, on=on, monitor=monitor, **more)  # type: ignore[arg-type]
    report = report_of(carried)
    _show(report, form, folder)


def _refuse_options_of_runs(table: str) -> None:
    """Refuse options that a measure has no use for, rather than pass them over.

    Raises
    ------
    UserError : when one was given.
    """
    context = click.get_current_context()
    given = [name for name in ("out", "device", "jobs", "executor", "seed") if _was_given(context, name)]
    if given:
        raise UserError(f"{table} is measured and runs nothing: leave --{' and --'.join(given)} out.")


def _was_given(context: click.Context, name: str) -> bool:
    return context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE


def _show(report: Report, form: str, folder: Path | None = None) -> None:
    """Print a report, and leave with exit code 1 where something is missing."""
    from mebench.reproduce.report import FORMATS as WRITERS

    if form == TEXT:
        _print(report)
    else:
        say(WRITERS[form](report))
    if folder is not None and folder.is_dir():
        say(f"runs: {folder}", err=form != TEXT)
    if report.missing:
        say(f"{len(report.missing)} values or runs are missing; the same command goes on with them.", err=True)
        raise click.exceptions.Exit(1)


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
