"""Tables of a paper that lay down constants, beside what mebench has for each.

Conventions
-----------
A constant is a number, a list of numbers (a range, a set of action units) or a text. What mebench has is read where it
is used: a setting as `describe` shows it for a dataset, one of a row of another table, or a constant of the code.
"""

from __future__ import annotations

import dataclasses
import functools
import importlib
from collections.abc import Mapping
from typing import Any, Self

from mebench.errors import UserError
from mebench.methods.catalogue import METHODS
from mebench.reproduce.carry_out import method_on
from mebench.reproduce.report import Fact, Report
from mebench.reproduce.table import load_table
from mebench.schema.plain_json import from_plain
from mebench.settings import parse_spec

HEADER = ("constant", "dataset", "where", "published", "mebench", "")


@dataclasses.dataclass(frozen=True)
class Constant:
    """One line of such a table.

    Attributes
    ----------
    label : what stands in the table.
    published : the printed value, by dataset; under `""` where it is the same for all.
    setting : name of the setting that holds mebench's value; empty where none does.
    method : the setting's method.
    row : `TABLE/ROW` whose run has the setting, where that is not the default; empty for the default.
    code : `module:NAME` of a constant of the code, `module:NAME/key` of one of its items; empty for a setting.
    """

    label: str
    published: Mapping[str, Any]
    setting: str = ""
    method: str = ""
    row: str = ""
    code: str = ""

    @property
    def where(self) -> str:
        """What is read, in words."""
        if self.code:
            return self.code.partition(":")[2].rpartition("/")[0] or self.code.partition(":")[2]
        return f"{self.setting} of {self.row or self.method}"

    def ours(self, dataset: str) -> Any:
        """Return mebench's value on a dataset.

        Raises
        ------
        UserError : when there is none.
        """
        if self.code:
            return _of_code(self.code)
        spec = parse_spec(self.method)
        if self.row:
            table_id, _, row_id = self.row.partition("/")
            table = load_table(table_id)
            spec = parse_spec(method_on(table, table.row(row_id), dataset))
        return getattr(METHODS.get(spec.id).configure(spec.options, dataset).config, self.setting)


@dataclasses.dataclass(frozen=True)
class ConstantTable:
    """A table of constants.

    Attributes
    ----------
    id, title, paper : its name here, what it shows, and where it was printed.
    constants : its lines.
    """

    id: str
    title: str
    paper: str
    constants: tuple[Constant, ...]

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Self:
        """Make a table of what its file says.

        Raises
        ------
        UserError : for fields that are missing or unknown.
        """
        blank = {"setting": "", "method": "", "row": "", "code": ""}
        filled = {**raw, "constants": [{**blank, **constant} for constant in raw.get("constants", [])]}
        return from_plain(cls, filled, "constants.toml")


def compare(table: ConstantTable) -> Report:
    """Put published constants and mebench's own side by side; what cannot be read is missing."""
    lines, missing = [], []
    for constant in table.constants:
        for dataset, published in constant.published.items():
            try:
                ours = constant.ours(dataset)
            except UserError as error:
                missing.append(f"{constant.label}: {error}")
                shown, said = "", "missing"
            else:
                shown, said = _text(ours), "equal" if _plain(ours) == _plain(published) else "differs"
            cells = (constant.label, dataset, constant.where, _text(published), shown, said)
            lines.append(Fact(constant.label, dataset, constant.where, None, None, None, shown=cells))
    return Report(table.title, table.paper, tuple(lines), (), tuple(missing), len(missing), HEADER)


def _of_code(code: str) -> Any:
    module, _, name = code.partition(":")
    name, _, key = name.partition("/")
    value = functools.reduce(getattr, name.split("."), importlib.import_module(module))
    return value[key] if key else value  # type: ignore[index]


def _plain(value: Any) -> Any:
    """Return a value such that 16 and 16.0, and a tuple and a list, are equal."""
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else value


def _text(value: Any) -> str:
    """Write a value the way it is typed as a setting."""
    if isinstance(value, (list, tuple)):
        return "/".join(map(_text, value))
    if isinstance(value, bool) or value is None:
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)
