"""What a table or figure takes, and whether it can be had here: in few words, for lists."""

from __future__ import annotations

from collections.abc import Iterable

from mebench.datasets.catalogue import DATASETS
from mebench.methods.catalogue import METHODS
from mebench.protocols.catalogue import PROTOCOLS
from mebench.reproduce.carry_out import each_of, training_of, why_not_read
from mebench.reproduce.catalogue import Entry, Figure
from mebench.reproduce.constants import ConstantTable
from mebench.reproduce.measures.table import MeasureTable
from mebench.reproduce.table import Row, Table
from mebench.settings import parse_spec

HERE = "can run here"
NOT_YET = "not yet: lacks "
RENDERED = "synth_lv"
"""The rendered dataset that anyone has."""


def needs_of(entry: Entry) -> str:
    """Return whether something can be reproduced here, and else what that takes."""
    if isinstance(entry, ConstantTable):
        return HERE
    if isinstance(entry, Figure):
        return _of_figure(entry)
    if isinstance(entry, MeasureTable):
        return _of_measure(entry)
    return _of_table(entry)


def lacking(methods: Iterable[str] = (), datasets: Iterable[str] = (), protocols: Iterable[str] = ()) -> str:
    """Return which of some ids are not there yet, `method a, b; dataset c`; empty where all are."""
    kinds = {
        "method": sorted({id for id in methods if id not in METHODS}),
        "protocol": sorted({id for id in protocols if id and id not in PROTOCOLS}),
        "dataset": sorted({id for id in datasets if id not in DATASETS}),
    }
    return "; ".join(f"{kind} {', '.join(ids)}" for kind, ids in kinds.items() if ids)


def _of_figure(figure: Figure) -> str:
    absent = lacking(figure.methods, figure.datasets, [figure.protocol])
    if absent:
        return f"{NOT_YET}{absent}"
    if figure.command:
        return f"drawn by {figure.command}{_of_what(figure)}"
    return figure.lacks or "nothing here draws it yet"


def _of_what(figure: Figure) -> str:
    """Return which run a command draws, or which dataset it takes that is not at hand."""
    if figure.runs:
        return f", with a run of mebench reproduce {figure.runs}"
    licensed = [id for id in figure.datasets if why_not_read(id)]
    return f", with licensed {', '.join(licensed)} (--root, or name another dataset)" if licensed else ""


def _of_measure(table: MeasureTable) -> str:
    from mebench.reproduce.measures.take import OF_CLIPS, folders_of

    licensed = [parse_spec(id).id for id in table.datasets if why_not_read(id)]
    two = any(claim.higher_dataset for claim in table.findings)
    stands_in = f"--on {RENDERED} --on {RENDERED}_sparse" if two else f"--on {RENDERED}"
    other = "" if table.measure in OF_CLIPS else f", or {stands_in}"
    needs = [f"licensed {', '.join(licensed)} (--root{other})"] if licensed else []
    needs += [f"OpenFace tables (--with {name}=DIR)" for name in folders_of(table)]
    return f"needs {' and '.join(needs)}" if needs else HERE


def _of_table(table: Table) -> str:
    rows = [row for row in table.rows if row.method]
    datasets = {one for row in rows for one in _datasets(table, row)}
    protocols = {table.protocol_on(dataset) for dataset in table.datasets}
    absent = lacking({row.method for row in rows}, datasets, protocols)
    licensed = [id for id in sorted(datasets) if id in DATASETS and why_not_read(id)]
    stands_in = _stand_in(table, rows)
    other = f", or --on {stands_in}" if stands_in and not absent else ""
    needs = [f"licensed {', '.join(licensed)} (--root{other})"] if licensed else []
    needs += ["made copies of the people (--also)"] if any(row.copies for row in rows) else []
    possible = sum(not row.made_with and not lacking([row.method], (), protocols) for row in rows)
    if any(row.made_with for row in rows):
        absent = "; ".join(filter(None, [absent, "sets that are made in other ways"]))
    if not possible:
        return f"{NOT_YET}{absent}"
    said = [f"lacks {absent}"] if absent else []
    said += [f"needs {' and '.join(needs)}"] if needs else []
    said += [f"or --on {stands_in}"] if absent and stands_in else []
    return "; ".join(said) or HERE


def _datasets(table: Table, row: Row) -> list[str]:
    """Return the ids of all datasets that a row tests or learns from."""
    named = [one for dataset in table.datasets for one in (*each_of(dataset), *(training_of(row, dataset) or ()))]
    return [parse_spec(one).id for one in named]


def _stand_in(table: Table, rows: Iterable[Row]) -> str:
    """Return the rendered dataset that may replace the licensed ones; empty where none has their task."""
    trained = {id for row in rows for id in row.training if id.startswith("synth")}
    if trained:
        return min(trained)
    known = table.protocol in PROTOCOLS and PROTOCOLS.get(table.protocol).task in DATASETS.get(RENDERED).tasks
    return RENDERED if known and not any(row.training for row in rows) else ""
