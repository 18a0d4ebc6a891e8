"""The printed values of tables that measure something."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from importlib.resources import files

from mebench.reproduce.measures.of_folders import PEARSON, SPEARMAN
from mebench.reproduce.measures.table import MeasureTable, Printed

Key = tuple[str, str]
"""Dataset (empty where there is none) and name of a value."""


def printed_values(table: MeasureTable) -> dict[Key, float]:
    """Return what was printed, by dataset and name of the value."""
    found: dict[Key, float] = {}
    for where in table.printed:
        for line in lines_of(where.file):
            if where.where.items() <= line.items() and (value := _number(line, where)) is not None:
                found[where.dataset, where.name.format(**line)] = value
    return found


def printed_subjects() -> Mapping[str, dict[str, float]]:
    """Return the printed coefficients of Table 4.5: score -> subject -> coefficient."""
    lines = lines_of("samm_synth_by_subject.csv")
    columns = {PEARSON: "pearson", SPEARMAN: "spearman"}
    return {score: {line["subject"]: float(line[name]) for line in lines} for score, name in columns.items()}


def lines_of(name: str) -> list[dict[str, str]]:
    """Return the lines of a published file; none where there is no such file."""
    path = files("mebench.reproduce") / "published" / name
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")))) if path.is_file() else []


def _number(line: Mapping[str, str], where: Printed) -> float | None:
    text = line.get(where.column) or ""
    try:
        return float(text if where.part is None else text.split("/")[where.part])
    except (IndexError, ValueError):
        return None
