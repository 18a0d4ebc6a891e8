"""The runs of a table: carried out one after the other, or taken up where an earlier start left them."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mebench.datasets.catalogue import DATASETS
from mebench.errors import Faults, UserError
from mebench.methods.catalogue import METHODS
from mebench.reproduce.table import Row, Table
from mebench.runs.choices import choose_datasets
from mebench.runs.monitor import Monitor
from mebench.runs.roots import find_root
from mebench.runs.run import run
from mebench.schema.files import require_writable
from mebench.schema.scorecard import Scorecard
from mebench.settings import parse_spec


@dataclasses.dataclass(frozen=True)
class Cell:
    """One run of a table.

    Attributes
    ----------
    row, dataset : which run it is; the dataset as it was given, with its settings.
    card : its scorecard, None when there is none.
    missing : what is missing, one sentence; empty when the run is complete.
    folder : of the run, None when there is none.
    """

    row: Row
    dataset: str
    card: Scorecard | None = None
    missing: str = ""
    folder: Path | None = None


@dataclasses.dataclass(frozen=True)
class Carried:
    """What has come of all runs of a table.

    Attributes
    ----------
    cells : one for each row and dataset, in the order of the table.
    replaced : whether other datasets stand in for those that the table was printed for.
    """

    table: Table
    cells: tuple[Cell, ...]
    replaced: bool

    def cell(self, row: str, dataset: str) -> Cell:
        """Return the run of a row on a dataset."""
        return next(cell for cell in self.cells if cell.row.id == row and cell.dataset == dataset)

    @property
    def datasets(self) -> list[str]:
        """The datasets of the runs, each once, in order."""
        return list(dict.fromkeys(cell.dataset for cell in self.cells))


def carry_out(
    table: Table,
    out: Path,
    *,
    on: Sequence[str] = (),
    monitor: Monitor | None = None,
    **arguments: Any,
) -> Carried:
    """Carry out the runs of a table, or go on with them.

    Parameters
    ----------
    out : folder with one folder for each run.
    on : datasets that replace those of the table, `ID` or `ID:key=value,...`.
    monitor : is told how it goes.
    arguments : further ones of `run`, such as `roots` or `jobs`.

    Raises
    ------
    UserError : when a dataset, a root or the folder cannot be used; before anything is begun.
    """
    watcher = monitor or Monitor()
    datasets = list(dict.fromkeys(on)) or list(table.datasets)
    _require_usable(datasets, arguments.get("roots", ()), given=bool(on))
    require_writable(out)
    cells = []
    for row in table.rows:
        for dataset in datasets:
            watcher.note(f"{table.id}: {row.label} on {dataset}")
            cells.append(_cell(table, row, dataset, out, watcher, arguments))
    return Carried(table, tuple(cells), bool(on))


def _require_usable(datasets: Sequence[str], roots: Sequence[str], *, given: bool) -> None:
    """Refuse all that is wrong with datasets that were given, and with roots, in one answer.

    Raises
    ------
    UserError : for unknown names and settings, for roots that are none, and for a given dataset without its root.
    """
    faults = Faults()
    ids = {parse_spec(dataset).id for dataset in datasets}
    own = [root for root in roots if "=" not in root or root.partition("=")[0] in ids]
    for root in roots:
        if root not in own:
            faults.note(f"--root {root} is of a dataset that no run of this table reads: leave it out.")
    known = [dataset for dataset in datasets if given or not why_not_read(dataset, own)]
    for choice in faults.attempt(choose_datasets, known, own, {}) or ():
        faults.attempt(DATASETS.get(choice.id).open, choice.root, choice.options)
    faults.refuse()


def _cell(table: Table, row: Row, dataset: str, out: Path, monitor: Monitor, arguments: Mapping[str, Any]) -> Cell:
    reason = why_not(row, dataset, arguments.get("roots", ()))
    if reason:
        return Cell(row, dataset, missing=reason)
    folder = out / re.sub(r"[^A-Za-z0-9_.=-]+", "_", f"{row.id}-{dataset}")
    try:
        result = run(
            method_on(table, row, dataset), [dataset], protocol=table.protocol, out=folder, monitor=monitor, **arguments
        )
    except UserError as error:
        return Cell(row, dataset, missing=str(error))
    if result.skipped is not None:
        return Cell(row, dataset, missing=f"{result.skipped}.")
    failed = "; ".join(f"fold {fold} failed: {reason}" for fold, reason in sorted(result.progress.failures.items()))
    return Cell(
        row, dataset, result.scorecard, failed or ("" if result.complete else "The run is not complete."), folder
    )


def why_not(row: Row, dataset: str, roots: Sequence[str] = ()) -> str:
    """Return why a row cannot be run on a dataset here, or an empty string."""
    if not row.method:
        return row.why_not or "It is quoted from another paper."
    if row.method not in METHODS:
        return f"There is no method {row.method} yet."
    return why_not_read(dataset, roots)


def why_not_read(dataset: str, roots: Sequence[str] = ()) -> str:
    """Return why a dataset cannot be read here, or an empty string."""
    id = parse_spec(dataset).id
    given = any(root.partition("=")[0] == id or "=" not in root for root in roots)
    if DATASETS.get(id).needs_root and not given and find_root(id) is None:
        return f"{id} is read from a licensed copy: name it with --root {id}=DIR, or use --on synth_lv."
    return ""


def obstacles(table: Table) -> tuple[str, ...]:
    """Return why runs of a table cannot be carried out here, each reason once."""
    reasons = [why_not(row, dataset) for row in table.rows if row.method for dataset in table.datasets]
    return tuple(dict.fromkeys(filter(None, reasons)))


def method_on(table: Table, row: Row, dataset: str) -> str:
    """Return the method of a row with its settings on a dataset, as `run` takes it; those of the row win."""
    id = parse_spec(dataset).id
    laid: dict[str, Any] = {}
    for settings in (table.common.get(row.method), table.on.get(id), row.settings, row.by_dataset.get(id)):
        if settings:
            laid |= parse_spec(f"{row.method}:{settings}").options
    return row.method + (":" + ",".join(f"{key}={value}" for key, value in laid.items()) if laid else "")
