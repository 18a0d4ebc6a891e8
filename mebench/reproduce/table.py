"""A table of a paper as data: which runs it takes, what is read off them, what was printed, and what it claims.

Conventions
-----------
A table is a TOML file in `tables/`, named after its id. Its rows are runs of a method on each of its datasets; its
columns are scores. A *finding* is a claim of the paper as a relation: the score of every row in `higher` is above that
of every row in `lower`, on each dataset that it speaks of. It may speak of several metrics, compare two scopes or two
datasets, or say that a score lies about a value.
"""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable

from mebench.errors import UserError, did_you_mean
from mebench.schema.plain_json import from_plain
from mebench.settings import parse_spec


@dataclasses.dataclass(frozen=True)
class Column:
    """One score of every run.

    Attributes
    ----------
    metric, scope : as a scorecard names it.
    published : name of the column of the expected file that holds the value; by default the metric. One that ends in
        `_percent` holds hundredths.
    file : the expected file, where it is another than that of the rows.
    where : what other columns of that file hold, see `Expected`.
    part : which of several values that are parted by `/`, from 0; None where there is one.
    printed : whether the paper prints it; what it does not print is shown beside, such as what is pooled beside means.
    """

    metric: str
    scope: str
    published: str = ""
    printed: bool = True
    file: str = ""
    where: Mapping[str, str] = dataclasses.field(default_factory=dict)
    part: int | None = None


@dataclasses.dataclass(frozen=True)
class Expected:
    """Where the printed values of a row stand.

    Attributes
    ----------
    file : CSV file among the published scores.
    method : the method as that file names it; by default that of the row.
    source : text that the file's column `source` holds.
    note : what its column `note` begins with.
    scopes : the scopes that were printed; empty for all.
    where : what columns of a file of another form hold, by their names, instead of all of the above; `{method}`,
        `{dataset}`, `{DATASET}` (in capitals) and `{scope}` stand for those of the value.
    dataset : the dataset as the file names it; by default that of the table.
    """

    file: str
    method: str = ""
    source: str = ""
    note: str = ""
    scopes: tuple[str, ...] = ()
    where: Mapping[str, str] = dataclasses.field(default_factory=dict)
    dataset: str = ""


@dataclasses.dataclass(frozen=True)
class Row:
    """One line of the table: a run on every dataset.

    Attributes
    ----------
    id : short name, which findings use.
    label : what stands in the table.
    method : id of the method; empty for a row that the paper quotes from others.
    settings : its settings, as after `ID:` on the command line.
    by_dataset : further settings on one dataset, by its id.
    expected : where the printed values stand, None where none were printed.
    why_not : why the row cannot be run, for one that is quoted.
    training : what it learns from where that is not the people of the tested dataset, by the dataset's id.
    copies : whether it learns from made copies of the people as well, which the user names.
    made_with : how a set must be made that it learns from first and that nothing here makes yet; empty for none.
    """

    id: str
    label: str
    method: str = ""
    settings: str = ""
    by_dataset: Mapping[str, str] = dataclasses.field(default_factory=dict)
    expected: Expected | None = None
    why_not: str = ""
    training: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    copies: bool = False
    made_with: str = ""


@dataclasses.dataclass(frozen=True)
class Finding:
    """What the paper claims of the scores; see the module's conventions.

    Attributes
    ----------
    text : the claim in words.
    metric, scope : of the score that it speaks of.
    higher, lower : ids of rows; `lower` is empty for a claim `about` a value. A row in `lower` may be quoted: then more
        of the metric is claimed to be better.
    datasets : where it is claimed; empty for all datasets of the table.
    also : further metrics of which the same is claimed.
    better : whether `higher` is claimed to be better, which is less of a metric where less is better.
    lower_scope : scope of the score of `lower`, where it is another.
    lower_dataset : dataset of `lower`, by its id, where it is another than that of `higher`.
    about, within : the score of each row in `higher` is claimed to lie so near to a value; how near is mebench's
        choice.
    """

    text: str
    metric: str
    scope: str
    higher: tuple[str, ...]
    lower: tuple[str, ...]
    datasets: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    better: bool = False
    lower_scope: str = ""
    lower_dataset: str = ""
    about: float | None = None
    within: float = 0.0

    @property
    def metrics(self) -> tuple[str, ...]:
        """Every metric that it speaks of."""
        return (self.metric, *self.also)


@dataclasses.dataclass(frozen=True)
class Table:
    """One table or figure.

    Attributes
    ----------
    id, title, paper : its name here, what it shows, and where it was printed.
    protocol : id of the protocol of all runs.
    protocols : ids of other protocols, by the dataset whose runs they are for.
    datasets : ids of the datasets that it was printed for.
    common : settings that all rows of a method share, by its id; those of the row win.
    on : further settings on a dataset that replaces the licensed ones, by its id; those of the row win.
    note : what a reader should know besides; empty for nothing.
    """

    id: str
    title: str
    paper: str
    protocol: str
    datasets: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]
    common: Mapping[str, str]
    on: Mapping[str, str]
    note: str = ""
    protocols: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def protocol_on(self, dataset: str) -> str:
        """Return the id of the protocol on a dataset, `ID` or `ID:key=value,...`."""
        return self.protocols.get(parse_spec(dataset).id, self.protocol)

    def row(self, id: str) -> Row:
        """Return the row of that id."""
        return next(row for row in self.rows if row.id == id)


def table_ids() -> list[str]:
    """Return the ids of all tables, sorted."""
    return sorted(file.name.removesuffix(".toml") for file in _folder().iterdir() if file.name.endswith(".toml"))


def load_table(id: str) -> Table:
    """Load a table.

    Raises
    ------
    UserError : when there is none of that id, or its file is no table.
    """
    file = _folder() / f"{id}.toml"
    if id not in table_ids():
        raise UserError(f"There is no table {id!r}.{did_you_mean(id, table_ids())}")
    return table_of(file.read_text(encoding="utf-8"), id)


def table_of(text: str, id: str) -> Table:
    """Make a table of the text of its file.

    Raises
    ------
    UserError : for fields that are missing or unknown, findings about rows or datasets that the table has not, and
        those that claim nothing.
    """
    raw = {"common": {}, "on": {}, "findings": [], "note": "", "protocols": {}, **tomllib.loads(text)}
    table = from_plain(Table, _with_defaults(raw), f"table {id}")
    known = {row.id for row in table.rows}
    for finding in table.findings:
        for name in (*finding.higher, *finding.lower):
            if name not in known:
                raise UserError(f"A finding of table {id} speaks of {name!r}.{did_you_mean(name, known)}")
        if any(not table.row(name).method for name in finding.higher):
            raise UserError(f"A finding of table {id} claims something of a row that is only quoted: {finding.text}")
        if (finding.about is None) != bool(finding.lower) or (finding.about is not None and finding.within <= 0):
            raise UserError(f"A finding of table {id} needs rows in `lower`, or `about` and `within`: {finding.text}")
        if finding.lower_dataset and (finding.lower_dataset not in table.datasets or not finding.datasets):
            raise UserError(
                f"A finding of table {id} compares datasets: name one in `datasets` and another of its own."
            )
    if len(known) != len(table.rows) or table.id != id:
        raise UserError(f"Table {id} names a row twice, or itself otherwise: mend its file.")
    return table


def _with_defaults(raw: Mapping[str, object]) -> dict[str, object]:
    """Fill in what a file may leave out."""
    kinds = {"columns": Column, "rows": Row, "findings": Finding}
    filled = dict(raw)
    for name, cls in kinds.items():
        items = raw.get(name)
        if isinstance(items, list):
            filled[name] = [_filled(cls, item) if isinstance(item, dict) else item for item in items]
    return filled


def _filled(cls: type, item: Mapping[str, object]) -> dict[str, object]:
    defaults = {
        field.name: list(field.default) if isinstance(field.default, tuple) else field.default
        for field in dataclasses.fields(cls)
        if field.default is not dataclasses.MISSING
    } | {field.name: {} for field in dataclasses.fields(cls) if field.default_factory is not dataclasses.MISSING}
    whole = {**defaults, **item}
    expected = whole.get("expected")
    if isinstance(expected, dict):
        whole["expected"] = _filled(Expected, expected)
    return whole


def _folder() -> Traversable:
    return files("mebench.reproduce") / "tables"
