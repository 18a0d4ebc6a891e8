"""`mebench reproduce`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mebench.cli import options
from mebench.cli.say import say
from mebench.cli.tables import print_table, print_text
from mebench.errors import UserError

if TYPE_CHECKING:
    from mebench.reproduce.catalogue import Figure
    from mebench.reproduce.constants import ConstantTable
    from mebench.reproduce.measures.table import MeasureTable
    from mebench.reproduce.report import Report
    from mebench.reproduce.table import Table

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
    "--with", "folders", multiple=True, metavar="NAME=DIR",
    help="OpenFace tables, for tables that measure some; mebench list tables says which.",
)  # fmt: skip
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
def reproduce(table: str, form: str, **arguments: Any) -> None:
    """Carry out the runs behind a paper's TABLE and print published and own values side by side.

    The same command goes on where it was interrupted. See mebench list tables.
    """
    from mebench.reproduce.catalogue import Figure, find
    from mebench.reproduce.report import FORMATS as WRITERS

    entry = find(table)
    if isinstance(entry, Figure):
        raise UserError(_instead(entry))
    report, runs = _report_of(entry, arguments)
    if form == TEXT:
        _print(report)
    else:
        say(WRITERS[form](report))
    if runs:
        print_text(f"runs in {arguments['out']}:", err=form != TEXT)
    for name, what in runs.items():
        print_text(f"{name}: {what}", indent="  ", err=form != TEXT)
    if report.missing:
        what = "1 value or run is" if report.count == 1 else f"{report.count} values or runs are"
        say(f"{what} missing; the same command goes on with what is there.", err=True)
        raise click.exceptions.Exit(1)


_OF_RUNS = ("also", "out", "device", "jobs", "executor", "seed")
"""Options that what runs nothing has no use for."""


def _report_of(
    entry: Table | MeasureTable | ConstantTable, arguments: Mapping[str, Any]
) -> tuple[Report, dict[str, str]]:
    """Return what came of a table, and which folder holds which run.

    Raises
    ------
    UserError : for options that such a table has no use for, rather than pass them over.
    """
    from mebench.reproduce.measures.table import MeasureTable
    from mebench.reproduce.table import Table

    if isinstance(entry, Table):
        _refuse(entry.id, "is made of runs and takes no folder by name", ["folders"])
        return _carry_out(entry, **{name: value for name, value in arguments.items() if name != "folders"})
    if isinstance(entry, MeasureTable):
        from mebench.reproduce.measures.take import take

        _refuse(entry.id, "is measured and runs nothing", _OF_RUNS)
        return take(entry, **{name: arguments[name] for name in ("on", "roots", "folders")}), {}
    from mebench.reproduce.constants import compare

    _refuse(entry.id, "is read off mebench's settings and runs nothing", ["on", "roots", "folders", *_OF_RUNS])
    return compare(entry), {}


def _refuse(table: str, why: str, names: Sequence[str]) -> None:
    """Refuse options that were given and would not be used.

    Raises
    ------
    UserError : when there is one.
    """
    context = click.get_current_context()
    typed = click.core.ParameterSource.COMMANDLINE
    given = [
        max(parameter.opts, key=len)
        for parameter in context.command.params
        if parameter.name in names and context.get_parameter_source(parameter.name) is typed
    ]
    if given:
        raise UserError(f"{table} {why}: leave {' and '.join(given)} out.")


def _carry_out(table: Table, *, out: Path, **arguments: Any) -> tuple[Report, dict[str, str]]:
    """Return what came of a table, and which folder holds which run; rows that ask for the same run share one."""
    from mebench.cli.progress import make_monitor
    from mebench.reproduce.carry_out import carry_out
    from mebench.reproduce.report import report_of

    carried = carry_out(table, out, monitor=make_monitor(), **arguments)
    there = [(cell.folder.name, f"{cell.row.label} on {cell.dataset}") for cell in carried.cells if cell.folder]
    names = dict.fromkeys(name for name, _ in there)
    return report_of(carried), {name: "; ".join(what for other, what in there if other == name) for name in names}


def _instead(figure: Figure) -> str:
    """Say what draws a figure, which this verb does not."""
    from mebench.reproduce.needs import NOT_YET, needs_of

    said = needs_of(figure)
    head, see = f"{figure.id} is a figure ({figure.title})", "see `mebench list tables` for what can run."
    if said.startswith("drawn by"):
        return f"{head}, {said}: give that command."
    if said.startswith(NOT_YET):
        lacking = said.removeprefix(NOT_YET).split("; ")
        return f"{head} that is not drawn yet, for mebench has no {' and no '.join(lacking)}: {see}"
    return f"{head} that is not drawn yet. {said[0].upper()}{said[1:].rstrip('.')}: {see}"


def _print(report: Report) -> None:
    """Print the values, and what can be said of them, in lines that fit the terminal."""
    from mebench.reproduce.report import HEADER, sentences

    print_text(f"{report.title} ({report.paper})")
    if report.note:
        print_text(report.note)
    if report.header == HEADER:
        _print_by_score(report)
    else:
        labels = [", ".join(filter(None, (line.row, line.dataset))) for line in report.lines]
        rows = zip(labels, report.lines, strict=True)
        print_table([report.header[0], *report.header[3:]], [[label, *line.cells[3:]] for label, line in rows])
    for sentence in sentences(report):
        print_text(sentence)


def _print_by_score(report: Report) -> None:
    """Print a table for each score and dataset: a row then fits a line, and what is held against each other is near."""
    shown = [3, 4, 5, 6] if any(line.published is not None for line in report.lines) else [4, 5]
    for score, dataset in dict.fromkeys((line.score, line.dataset) for line in report.lines):
        rows = [line.cells for line in report.lines if (line.score, line.dataset) == (score, dataset)]
        print_table([f"{score} on {dataset}", *(report.header[i] for i in shown)], [_cells(row, shown) for row in rows])


def _cells(row: Sequence[str], shown: Sequence[int]) -> list[str]:
    """Return the label of a row and some of its cells: columns that are empty throughout are left out."""
    return [row[0], *(row[i] for i in shown)]
