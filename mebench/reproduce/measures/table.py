"""A table that measures something, as data: what is measured, where the printed values stand, and what is claimed.

Conventions
-----------
Such a table is a TOML file in `measures/tables/`, named after its id. Values are named `row: score`; in findings, `*`
and `?` stand for any characters, and a value is never held against itself.
"""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from mebench.errors import UserError, did_you_mean
from mebench.schema.plain_json import from_plain


@dataclasses.dataclass(frozen=True)
class Printed:
    """Where printed values stand.

    Attributes
    ----------
    name : name of the value; `{column}` stands for what a column of the file holds in its line.
    file, column : CSV file among the published scores, and its column with the values.
    where : what other columns of the line hold; empty for all lines.
    part : which of several values that are parted by `/`, from 0; None where there is one.
    dataset : id of the dataset that it is of; empty where the table has none.
    quoted : whether the paper quotes it from others, so that nothing is measured beside it.
    """

    name: str
    file: str
    column: str
    where: Mapping[str, str]
    part: int | None = None
    dataset: str = ""
    quoted: bool = False


@dataclasses.dataclass(frozen=True)
class Claim:
    """What the paper claims: each value in `higher` is above each in `lower`.

    Attributes
    ----------
    text : the claim in words.
    higher, lower : names of values.
    higher_dataset, lower_dataset : whose they are, where the claim is about two datasets; empty for each of them.
    """

    text: str
    higher: tuple[str, ...]
    lower: tuple[str, ...]
    higher_dataset: str = ""
    lower_dataset: str = ""


@dataclasses.dataclass(frozen=True)
class MeasureTable:
    """One table or figure that measures datasets or folders.

    Attributes
    ----------
    id, title, paper : its name here, what it shows, and where it was printed.
    measure : what is measured, see `take.MEASURES`.
    datasets : ids of the datasets that it was printed for; empty where it measures folders alone.
    note : what a reader should know besides; empty for nothing.
    """

    id: str
    title: str
    paper: str
    measure: str
    datasets: tuple[str, ...] = ()
    printed: tuple[Printed, ...] = ()
    findings: tuple[Claim, ...] = ()
    note: str = ""


def measure_ids() -> list[str]:
    """Return the ids of all tables that measure something, sorted."""
    return sorted(file.name.removesuffix(".toml") for file in _folder().iterdir() if file.name.endswith(".toml"))


def load_measures(id: str) -> MeasureTable:
    """Load a table that measures something.

    Raises
    ------
    UserError : when there is none of that id, or its file is no such table.
    """
    if id not in measure_ids():
        raise UserError(f"There is no table {id!r}.{did_you_mean(id, measure_ids())}")
    return measures_of((_folder() / f"{id}.toml").read_text(encoding="utf-8"), id)


def measures_of(text: str, id: str) -> MeasureTable:
    """Make a table of the text of its file.

    Raises
    ------
    UserError : for fields that are missing or unknown, and for a table that calls itself otherwise.
    """
    raw = {"datasets": [], "printed": [], "findings": [], "note": "", **tomllib.loads(text)}
    raw["printed"] = [
        {"part": None, "dataset": "", "where": {}, "quoted": False, **_fields(item)} for item in raw["printed"]
    ]
    raw["findings"] = [{"higher_dataset": "", "lower_dataset": "", **_fields(item)} for item in raw["findings"]]
    table = from_plain(MeasureTable, raw, f"table {id}")
    if table.id != id:
        raise UserError(f"Table {id} names itself {table.id!r}: mend its file.")
    return table


def _fields(item: Any) -> Mapping[str, Any]:
    return item if isinstance(item, dict) else {"": item}


def _folder() -> Traversable:
    return files("mebench.reproduce.measures") / "tables"
