"""The runs of a table: carried out one after the other, or taken up where an earlier start left them.

Conventions
-----------
A run lies in a folder that is named after what it is (see `run.run`), not after the table. So tables that need the same
run share it, a start after an interruption goes on with it, and all runs share the prepared frames of the user's cache.
Datasets that are joined by `+` are tested together, their counts pooled.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mebench.datasets.catalogue import DATASETS
from mebench.errors import Faults, UserError
from mebench.methods.catalogue import METHODS
from mebench.protocols.catalogue import PROTOCOLS
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
    folder : where the run lies, None when there is none.
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
    also: Sequence[Path] = (),
    monitor: Monitor | None = None,
    **arguments: Any,
) -> Carried:
    """Carry out the runs of a table, or go on with them.

    Parameters
    ----------
    out : folder of the runs' folders, which other tables may share.
    on : datasets that replace those of the table, `ID` or `ID:key=value,...`.
    also : folders of made copies of people, for the rows that learn from such.
    monitor : is told how it goes.
    arguments : further ones of `run`, such as `roots` or `jobs`.

    Raises
    ------
    UserError : when a dataset, a root or the folder cannot be used; before anything is begun.
    """
    watcher = monitor or Monitor()
    datasets = list(dict.fromkeys(on)) or list(table.datasets)
    if also and not any(row.copies for row in table.rows):
        raise UserError(f"No run of {table.id} learns from made copies of people: leave --also out.")
    _require_usable(table, datasets, arguments.get("roots", ()), given=bool(on))
    require_writable(out)
    asked = {"runs": out, "monitor": watcher, **arguments}
    cells = []
    for row in table.rows:
        for dataset in datasets:
            watcher.note(f"{table.id}: {row.label} on {dataset}")
            cells.append(_cell(table, row, dataset, asked | ({"also": also} if row.copies else {})))
    return Carried(table, tuple(cells), bool(on))


def _require_usable(table: Table, datasets: Sequence[str], roots: Sequence[str], *, given: bool) -> None:
    """Refuse all that is wrong with datasets that were given, and with roots, in one answer.

    Raises
    ------
    UserError : for unknown names and settings, for roots that are none, and for a given dataset without its root.
    """
    faults = Faults()
    tested = [one for dataset in datasets for one in each_of(dataset)]
    learnt = [one for row in table.rows for dataset in datasets for one in training_of(row, dataset) or ()]
    ids = {parse_spec(dataset).id for dataset in (*tested, *learnt)}
    own = [root for root in roots if "=" not in root or root.partition("=")[0] in ids]
    for root in roots:
        if root not in own:
            faults.note(f"--root {root} is of a dataset that no run of this table reads: leave it out.")
    known = [dataset for dataset in dict.fromkeys(tested) if given or not why_not_read(dataset, own)]
    theirs = _roots_for(own, known)
    for choice in faults.attempt(choose_datasets, known, theirs, {}) or ():
        faults.attempt(DATASETS.get(choice.id).open, choice.root, choice.options)
    faults.refuse()


def _cell(table: Table, row: Row, dataset: str, arguments: Mapping[str, Any]) -> Cell:
    asked = dict(arguments)
    protocol = table.protocol_on(dataset)
    reason = why_not(row, dataset, asked.get("roots", ()), protocol, copies=bool(asked.get("also")))
    if reason:
        return Cell(row, dataset, missing=reason)
    tested, training = each_of(dataset), training_of(row, dataset) or ()
    asked["roots"] = _roots_for(asked.get("roots", ()), (*tested, *training))
    try:
        result = run(method_on(table, row, dataset), tested, training=training, protocol=protocol, **asked)
    except UserError as error:
        return Cell(row, dataset, missing=str(error))
    if result.skipped is not None:
        return Cell(row, dataset, missing=f"{result.skipped}.")
    failed = "; ".join(f"fold {fold} failed: {reason}" for fold, reason in sorted(result.progress.failures.items()))
    missing = failed or ("" if result.complete else "The run is not complete.")
    return Cell(row, dataset, result.scorecard, missing, result.folder)


def each_of(dataset: str) -> list[str]:
    """Return the datasets of a run, `ID` or `ID:key=value,...`: several where they are joined by `+`."""
    return dataset.split("+")


def training_of(row: Row, dataset: str) -> tuple[str, ...] | None:
    """Return what a row learns from instead of the tested people; None where it names nothing for a dataset."""
    if not row.training:
        return ()
    return row.training.get("+".join(parse_spec(one).id for one in each_of(dataset)))


def _roots_for(roots: Sequence[str], datasets: Sequence[str]) -> list[str]:
    """Return the roots that some datasets take."""
    ids = {parse_spec(dataset).id for dataset in datasets}
    return [root for root in roots if "=" not in root or root.partition("=")[0] in ids]


def why_not(row: Row, dataset: str, roots: Sequence[str] = (), protocol: str = "", *, copies: bool = False) -> str:
    """Return why a row cannot be run on a dataset here, or an empty string.

    Parameters
    ----------
    protocol : id of the table's; empty where that does not matter.
    copies : whether made copies of people are there, for a row that learns from them.
    """
    if not row.method:
        return row.why_not or "It is quoted from another paper."
    if row.method not in METHODS:
        return f"There is no method {row.method} yet."
    if protocol and protocol not in PROTOCOLS:
        return f"There is no protocol {protocol} yet."
    if row.made_with:
        return f"It learns first from a set that is made with {row.made_with}, and nothing here makes that yet."
    if row.copies and not copies:
        return "It learns from made copies of the people as well: name their folder with --also DIR."
    training = training_of(row, dataset)
    if training is None:
        known = ", ".join(row.training)
        return (
            f"It learns from other datasets than it tests, and the table names none for {dataset}: it does for {known}."
        )
    reasons = [why_not_read(one, roots) for one in (*each_of(dataset), *training)]
    return next(filter(None, reasons), "")


def why_not_read(dataset: str, roots: Sequence[str] = ()) -> str:
    """Return why a dataset cannot be read here, or an empty string."""
    id = parse_spec(dataset).id
    if id not in DATASETS:
        return f"There is no dataset {id} yet."
    given = any(root.partition("=")[0] == id or "=" not in root for root in roots)
    if DATASETS.get(id).needs_root and not given and find_root(id) is None:
        return (
            f"{id} is read from a licensed copy: name it with --root {id}=DIR, or give a rendered dataset with --on "
            "(mebench list tables says which)."
        )
    return ""


def obstacles(table: Table) -> tuple[str, ...]:
    """Return why runs of a table cannot be carried out here, each reason once."""
    reasons = [
        why_not(row, dataset, protocol=table.protocol_on(dataset))
        for row in table.rows
        if row.method
        for dataset in table.datasets
    ]
    return tuple(dict.fromkeys(filter(None, reasons)))


def method_on(table: Table, row: Row, dataset: str) -> str:
    """Return the method of a row with its settings on a dataset, as `run` takes it; those of the row win."""
    id = parse_spec(dataset).id
    laid: dict[str, Any] = {}
    for settings in (table.common.get(row.method), table.on.get(id), row.settings, row.by_dataset.get(id)):
        if settings:
            laid |= parse_spec(f"{row.method}:{settings}").options
    return row.method + (":" + ",".join(f"{key}={value}" for key, value in laid.items()) if laid else "")
