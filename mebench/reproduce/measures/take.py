"""From a table that measures something to its report: what it takes, what was measured, and what is missing.

Conventions
-----------
Datasets come as everywhere: from a root, or rendered. Folders of OpenFace tables are given by name: `openface` for
those of one dataset, `real` and `synthetic` for two of the same movements. Datasets that replace the printed ones stand
for them in their order. Values are compared on what was printed alone.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from mebench.analysis.action_units import Correlated, correlate_tables
from mebench.datasets.base import Dataset
from mebench.datasets.catalogue import DATASETS
from mebench.errors import Faults, UserError
from mebench.reproduce.carry_out import why_not_read
from mebench.reproduce.expected import CHANGED, changed_files
from mebench.reproduce.measures import of_datasets, of_folders
from mebench.reproduce.measures.findings import Compared, compare, sentences_of
from mebench.reproduce.measures.printed import Key, printed_subjects, printed_values
from mebench.reproduce.measures.table import Claim, MeasureTable
from mebench.reproduce.measures.values import Value
from mebench.reproduce.report import Line, Report
from mebench.runs.choices import choose_datasets
from mebench.runs.notes import MOST
from mebench.settings import parse_spec

OPENFACE, REAL, SYNTHETIC = "openface", "real", "synthetic"
Tell = Callable[[str], None]

OF_DATASETS: Mapping[str, Callable[[Dataset, int, Mapping[str, Path], Tell], list[Value]]] = {
    "durations": lambda dataset, place, folders, tell: of_datasets.durations(dataset),
    "classes": lambda dataset, place, folders, tell: of_datasets.classes(dataset),
    "ratio": lambda dataset, place, folders, tell: of_datasets.ratio(dataset, place),
    "au_presence": lambda dataset, place, folders, tell: of_datasets.presence(dataset, folders.get(OPENFACE), tell),
    "au_presence_alone": lambda dataset, place, folders, tell: of_datasets.presence(
        dataset, folders.get(OPENFACE), tell, alone=True
    ),
}
"""What is measured of each dataset, by name."""
OF_FOLDERS: Mapping[str, Callable[[Correlated], list[Value]]] = {
    "au_correlation_by_unit": of_folders.by_unit,
    "au_correlation_by_subject": of_folders.by_subject,
    "au_correlation_distribution": of_folders.distribution,
    "au_correlation_glasses": of_folders.glasses,
}
"""What is measured of two folders, by name."""
OF_CLIPS = ("classes",)
"""What is measured of clips, which the rendered long videos have not."""
MEASURES = (*OF_DATASETS, *OF_FOLDERS)

_DERIVED: Mapping[str, Callable[[Mapping[str, Mapping[str, float]]], list[Value]]] = {
    "au_correlation_distribution": of_folders.printed_distribution,
    "au_correlation_glasses": of_folders.printed_glasses,
}
"""What follows from the printed coefficients of the subjects, where the paper shows a figure without its numbers."""


@dataclasses.dataclass
class _Taken:
    """What has been measured so far.

    Attributes
    ----------
    values : by dataset as it was given, or by an empty name.
    replaced : whether something else was measured than what the values were printed for.
    missing, told : sentences on what could not be measured, and on what should be known.
    """

    replaced: bool
    values: dict[str, list[Value]] = dataclasses.field(default_factory=dict)
    missing: list[str] = dataclasses.field(default_factory=list)
    told: list[str] = dataclasses.field(default_factory=list)


def folders_of(table: MeasureTable) -> tuple[str, ...]:
    """Return the names of the folders of OpenFace tables that a table takes."""
    if table.measure in OF_FOLDERS:
        return (REAL, SYNTHETIC)
    return (OPENFACE,) if table.measure.startswith("au_presence") else ()


def needs(table: MeasureTable) -> tuple[str, ...]:
    """Return what a table takes that is not here, a sentence each."""
    asked = [f"it takes OpenFace tables: name their folder with --with {name}=DIR." for name in folders_of(table)]
    return (*filter(None, (why_not_read(dataset) for dataset in table.datasets)), *asked)


def take(
    table: MeasureTable,
    *,
    on: Sequence[str] = (),
    roots: Sequence[str] = (),
    folders: Sequence[str] = (),
) -> Report:
    """Measure what a table shows and put printed and own values side by side.

    Parameters
    ----------
    on : datasets that replace those of the table, in its order, `ID` or `ID:key=value,...`.
    roots : of licensed datasets, `DIR` or `ID=DIR`.
    folders : of OpenFace tables, `NAME=DIR`.

    Raises
    ------
    UserError : for what cannot be used, before anything is measured.
    """
    faults = Faults()
    named = _named_folders(table, folders, faults)
    if on and table.measure in OF_FOLDERS:
        faults.note(f"{table.id} measures two folders and no dataset: leave --on out.")
    datasets = list(dict.fromkeys(on)) or list(table.datasets)
    ids = {parse_spec(dataset).id for dataset in datasets}
    own = [root for root in roots if "=" not in root or root.partition("=")[0] in ids]
    for root in roots:
        if root not in own or not datasets:
            faults.note(f"--root {root} is of a dataset that {table.id} does not measure: leave it out.")
    opened = {} if faults else _opened(datasets, own, bool(on), faults)
    faults.refuse()
    taken = _Taken(bool(on))
    if table.measure in OF_FOLDERS:
        _take_folders(table, named, taken)
    for place, dataset in enumerate(datasets):
        _take_dataset(table, place, dataset, opened.get(dataset), named, taken)
    return _report(table, datasets, taken)


def _named_folders(table: MeasureTable, folders: Sequence[str], faults: Faults) -> dict[str, Path]:
    known, found = folders_of(table), dict[str, Path]()
    for text in folders:
        name, _, folder = text.partition("=")
        if name not in known or not folder:
            wanted = " and ".join(f"--with {one}=DIR" for one in known)
            faults.note(
                f"--with {text} names nothing that {table.id} takes: "
                + (f"it takes {wanted}." if known else "leave it out.")
            )
        elif name in found:
            faults.note(f"--with {name}= is given twice: keep one of them.")
        elif not Path(folder).is_dir():
            faults.note(f"The folder {folder} of --with {name} does not exist: check the path.")
        found[name] = Path(folder)
    return found


def _opened(datasets: Sequence[str], roots: Sequence[str], given: bool, faults: Faults) -> dict[str, Dataset]:
    """Open the datasets that can be read; what was asked for and cannot be is a fault."""
    known = [dataset for dataset in datasets if given or not why_not_read(dataset, roots)]
    found = {}
    for dataset, choice in zip(known, faults.attempt(choose_datasets, known, roots, {}) or (), strict=False):
        opened = faults.attempt(DATASETS.get(choice.id).open, choice.root, choice.options)
        if opened is not None:
            found[dataset] = opened
    return found


def _take_dataset(
    table: MeasureTable, place: int, dataset: str, opened: Dataset | None, folders: Mapping[str, Path], taken: _Taken
) -> None:
    lacking = [name for name in folders_of(table) if name not in folders]
    if opened is None:
        taken.missing.append(f"{dataset}: {why_not_read(dataset)}")
    elif lacking and not opened.rendered:
        taken.missing.append(f"{dataset}: name the folder of its OpenFace tables with --with {lacking[0]}=DIR.")
    else:
        try:
            taken.values[dataset] = OF_DATASETS[table.measure](opened, place, folders, taken.told.append)
        except UserError as error:
            taken.missing.append(f"{dataset}: {error}")


def _take_folders(table: MeasureTable, folders: Mapping[str, Path], taken: _Taken) -> None:
    lacking = [name for name in folders_of(table) if name not in folders]
    if lacking:
        wanted = " and ".join(f"--with {name}=DIR" for name in lacking)
        taken.missing.append(f"OpenFace tables of the videos and of synthetic ones of the same names: add {wanted}.")
        return
    try:
        found = correlate_tables(folders[REAL], folders[SYNTHETIC])
    except UserError as error:
        taken.missing.append(str(error))
        return
    taken.told += found.account
    if found.unpaired:
        taken.told.append(f"In one of the two folders alone, and left out: {', '.join(found.unpaired)}.")
    strangers = set(found.by_subject()) - set(next(iter(printed_subjects().values())))
    taken.replaced = bool(strangers)
    if strangers:
        taken.told.append(f"{', '.join(sorted(strangers))}: no subjects of SAMM-LV, so values are not compared.")
    taken.values[""] = OF_FOLDERS[table.measure](found)


def _report(table: MeasureTable, datasets: Sequence[str], taken: _Taken) -> Report:
    printed = {} if taken.replaced else _printed(table)
    for dataset, values in taken.values.items():
        id, names = (parse_spec(dataset).id if dataset else ""), {value.name for value in values}
        lacking = [name for whose, name in expected_names(table, printed) if whose == id and name not in names]
        if lacking:
            taken.missing.append(f"{dataset or 'two folders'}: not measured, but printed: {', '.join(lacking)}.")
    if not taken.replaced:
        files = changed_files(where.file for where in table.printed)
        taken.missing += [f"published values of {name}: {CHANGED}" for name in files]
    lines = [line for name in datasets or [""] for line in _lines(name, taken.values.get(name, ()), printed)]
    places = dict(zip(table.datasets, datasets, strict=False))
    said = [f"note: {text}" for text in taken.told[:MOST]]
    if (more := len(taken.told) - MOST) > 0:
        said.append(f"note: there are {more} more notes on tables.")
    there = bool(taken.values)
    for claim in table.findings:
        found = compare(claim, taken.values, places)
        said += sentences_of(claim, found)
        taken.missing += (
            _unjudged(table, claim, found) if there and not _is_told(claim, datasets, places, taken) else []
        )
    missing = tuple(taken.missing)
    return Report(table.title, table.paper, tuple(lines), (), missing, len(missing), note=table.note, said=tuple(said))


def _is_told(claim: Claim, datasets: Sequence[str], places: Mapping[str, str], taken: _Taken) -> bool:
    """Tell whether a claim lacks a dataset of which it is told already that it could not be measured."""
    asked = [places.get(id, id) for id in (claim.higher_dataset, claim.lower_dataset) if id]
    return any(name in datasets and name not in taken.values for name in asked)


def _unjudged(table: MeasureTable, claim: Claim, found: Sequence[Compared]) -> list[str]:
    """Return why what was measured cannot judge a claim, with the fix; nothing where it can."""
    lacking = [one.why_not for one in found if one.change is None]
    if not lacking:
        return []
    if claim.higher_dataset:
        fix = "it compares two datasets, so name both, each once: --on A --on B"
    elif table.measure in OF_FOLDERS:
        fix = "give folders with tables of what is named"
    else:
        fix = "choose data that has both, with another --on or with more subjects"
    return [f"{claim.text} {'; '.join(dict.fromkeys(lacking))}: {fix}."]


def expected_names(table: MeasureTable, printed: Mapping[Key, float]) -> list[Key]:
    """Return what was printed and is no quotation from others."""
    quoted = tuple(where.name.rpartition("}")[2] for where in table.printed if where.quoted)
    return [key for key in printed if not quoted or not key[1].endswith(quoted)]


def _printed(table: MeasureTable) -> dict[Key, float]:
    derived = _DERIVED[table.measure](printed_subjects()) if table.measure in _DERIVED else []
    return {("", value.name): value.value for value in derived} | printed_values(table)


def _lines(dataset: str, values: Sequence[Value], printed: Mapping[Key, float]) -> list[Line]:
    """Return the lines of one dataset: what was measured, and then what was printed alone."""
    id = parse_spec(dataset).id if dataset else ""
    own = {name: value for (whose, name), value in printed.items() if whose == id}
    where = dataset or "two folders"
    names = {value.name for value in values}
    alone = [(name.split(": ", 1), value) for name, value in own.items() if name not in names]
    return [_line(value, where, own.get(value.name)) for value in values] + [
        Line(row, where, score, value, None, None) for (row, score), value in alone
    ]


def _line(value: Value, where: str, published: float | None) -> Line:
    ours = value.value if math.isfinite(value.value) else None
    interval = None if ours is None else value.interval
    return Line(value.row, where, value.score, published, ours, interval, undefined=ours is None)
