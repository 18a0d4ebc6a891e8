"""What the end of a run says about types of expression that a fold could not learn, as its training videos have none.

Conventions
-----------
A method says so by a line of its `log.jsonl` with `"event": "no_positives"` and the type; the type is never predicted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from mebench.plain import plain_text
from mebench.runs.folds import DONE, LOG
from mebench.schema.files import read_bounded
from mebench.schema.recordings import ExpressionType

EVENT = "no_positives"


def untrained_in(run: Path) -> dict[ExpressionType, list[str]]:
    """Return the finished folds in which a type was not trained, by type; a log that cannot be read says nothing."""
    found: dict[ExpressionType, list[str]] = {}
    for path in sorted(run.glob(f"folds/*/{LOG}")):
        if (path.parent / DONE).is_file():
            for kind in sorted(set(_lacking(path))):
                found.setdefault(kind, []).append(path.parent.name)
    return found


def _lacking(log: Path) -> Iterator[ExpressionType]:
    try:
        lines = read_bounded(log).splitlines()
    except OSError:
        return
    for line in lines:
        if EVENT.encode() not in line:
            continue
        try:
            row = json.loads(line)
            if row["event"] == EVENT:
                yield ExpressionType(row["type"])
        except (ValueError, TypeError, KeyError, RecursionError):
            continue  # another method's own words


def told_of_untrained(folds: dict[ExpressionType, list[str]]) -> list[str]:
    """Return one sentence for each type.

    >>> told_of_untrained({ExpressionType.MICRO: ["001-s01"]})
    ['micro-expressions were not trained in fold 001-s01: its training videos have none, so none is predicted']
    """
    return [
        f"{kind.value}-expressions were not trained in {_named(names)} training videos have none, so none is predicted"
        for kind, names in sorted(folds.items())
    ]


def _named(names: list[str]) -> str:
    first = plain_text(names[0], 60)
    return f"fold {first}: its" if len(names) == 1 else f"{len(names)} folds (the first is {first}): their"
