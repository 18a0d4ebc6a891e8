"""Everything of the five papers that has an id: tables of runs and of measures, constants, drawings, and the rest.

Conventions
-----------
Tables are files of their own: those with runs in `tables/` (see `table`), the others in `measures/tables/`.
`figures.toml` holds what is drawn rather than compared,
`constants.toml` what the papers lay down, and `ids.toml` other names of the same thing, and what cannot be reproduced
by its nature. Ids sort by paper, kind and number.
"""

from __future__ import annotations

import dataclasses
import functools
import re
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, TypeVar

from mebench.errors import UserError, near
from mebench.reproduce.constants import ConstantTable
from mebench.reproduce.measures.table import MeasureTable, load_measures, measure_ids
from mebench.reproduce.table import Table, load_table, table_ids
from mebench.schema.plain_json import from_plain

T = TypeVar("T")


@dataclasses.dataclass(frozen=True)
class Figure:
    """What is drawn, and not compared with numbers.

    Attributes
    ----------
    id, title, paper : its name here, what it shows, and where it was printed.
    command : what draws it here; empty where nothing does yet. Words in capitals stand for what the user names.
    runs : id of the table one of whose runs is meant by `RUN`; empty where the command takes none.
    methods, datasets, protocol : ids of what it takes besides.
    lacks : why nothing draws it yet, one sentence; empty where something does, or a method alone is lacking.
    """

    id: str
    title: str
    paper: str
    command: str = ""
    runs: str = ""
    methods: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()
    protocol: str = ""
    lacks: str = ""


@dataclasses.dataclass(frozen=True)
class ByNature:
    """What cannot be reproduced by its nature.

    Attributes
    ----------
    ids : names of tables and figures.
    reason : why, as the end of a sentence that begins with one of them.
    """

    ids: tuple[str, ...]
    reason: str


Entry = Table | MeasureTable | ConstantTable | Figure


def entry_ids() -> list[str]:
    """Return the ids of everything that is listed, sorted."""
    return sorted([*table_ids(), *measure_ids(), *_figures(), *_constants()], key=in_order)


def in_order(id: str) -> tuple[tuple[int, str], ...]:
    """Return what an id is sorted by: text as text, and numbers as numbers.

    >>> sorted(['thesis-t5.10', 'thesis-t5.9', 'thesis-f4.3'], key=in_order)
    ['thesis-f4.3', 'thesis-t5.9', 'thesis-t5.10']
    """
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", id) if part)


def of_paper(text: str) -> list[str]:
    """Return the ids of what is listed, sorted, whose id, other name or title holds a text in either case."""
    wanted = text.casefold()
    other = {id for name, id in aliases().items() if wanted in name}
    return [id for id in entry_ids() if wanted in id or id in other or wanted in find(id).title.casefold()]


def find(name: str) -> Entry:
    """Return what has a name, or another name.

    Raises
    ------
    UserError : when nothing has it, or what has it cannot be reproduced by its nature.
    """
    id = aliases().get(name, name)
    if id in _figures():
        return _figures()[id]
    if id in _constants():
        return _constants()[id]
    if id in table_ids():
        return load_table(id)
    if id in measure_ids():
        return load_measures(id)
    for group in by_nature():
        if id in group.ids:
            raise UserError(f"{id} cannot be reproduced: it {group.reason}. See `mebench list tables` for what can.")
    known = [*entry_ids(), *aliases()]
    raise UserError(f"There is no table {name!r}.{near(name, known)} See `mebench list tables`.")


def names() -> list[str]:
    """Return every name that `find` knows: ids, other names, and what cannot be reproduced."""
    return [*entry_ids(), *aliases(), *(id for group in by_nature() for id in group.ids)]


@functools.cache
def aliases() -> Mapping[str, str]:
    """Return the ids that other names stand for, by these."""
    known = set(entry_ids())
    return {name: id for name, id in _read("ids.toml")["aliases"].items() if id in known}


@functools.cache
def by_nature() -> tuple[ByNature, ...]:
    """Return what cannot be reproduced by its nature."""
    return tuple(from_plain(ByNature, raw, "ids.toml") for raw in _read("ids.toml")["by_nature"])


@functools.cache
def _figures() -> Mapping[str, Figure]:
    blank = {"command": "", "runs": "", "methods": [], "datasets": [], "protocol": "", "lacks": ""}
    return _by_id(from_plain(Figure, {**blank, **raw}, "figures.toml") for raw in _read("figures.toml")["figures"])


@functools.cache
def _constants() -> Mapping[str, ConstantTable]:
    return _by_id(ConstantTable.of(raw) for raw in _read("constants.toml")["tables"])


def _by_id(items: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for item in items:
        if item.id in found:
            raise UserError(f"{item.id} is described twice: mend its file.")
        found[item.id] = item
    return found


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((files("mebench.reproduce") / name).read_text(encoding="utf-8"))
