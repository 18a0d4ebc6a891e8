"""Old scorecards in the form of today: a card that was ever written can be read for ever.

Conventions
-----------
One function takes the plain JSON of a card from one schema to the next and changes nothing that the card says. What a
function knows of the past (which rules a task had, what their defaults were) is written here once more on purpose:
today's code may change, the past may not. A card that is broken in any other way is passed on for the reader to refuse.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mebench.errors import UserError
from mebench.schema.fingerprints import rules_fingerprint
from mebench.settings import digest_of

Plain = dict[str, Any]

OLD_SCHEMA = "schema"
"""Where the environment of a card that was migrated names the schema that it was written in: what it could not keep."""


def migrate(raw: Any, schema: int, source: str) -> Any:
    """Return a card in the form of a schema.

    Parameters
    ----------
    raw : what `json.loads` returned.
    schema : the schema to reach.
    source : name of the file, for messages.

    Raises
    ------
    UserError : for a schema of the future, or one that never was.
    """
    if not isinstance(raw, dict) or not _is_number(raw.get("schema")):
        return raw
    if raw["schema"] > schema:
        raise UserError(
            f"{source} has schema {raw['schema']}, this mebench reads up to {schema}: install a newer mebench."
        )
    if raw["schema"] < 1:
        raise UserError(f"{source} has schema {raw['schema']}, which never was: grade the predictions again.")
    for step in range(raw["schema"], schema):
        raw = {**_STEPS[step](raw), "schema": step + 1}
    return raw


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


RULES_OF_1: Mapping[str, Any] = {
    "matching": "one_to_one",
    "length": "inclusive",
    "comparison": "ge",
    "iou": 0.5,
    "event_type": "annotated_must_match",
    "type_seconds": 0.5,
    "type_frames": 0,
    "type_length": "inclusive",
    "zero_offset": "apex",
    "apex_plus": 0,
    "scored_videos": "all",
    "pooling": "counts",
    "absent_class": "keep_zero",
}
"""The rules of schema 1 and their defaults: one list for every task."""

_INTERVALS = tuple(name for name in RULES_OF_1 if name not in ("pooling", "absent_class"))
_RULES_BY_TASK: Mapping[str, tuple[str, ...]] = {
    "spotting": (*_INTERVALS, "pooling"),
    "spot_recognise": (*_INTERVALS, "absent_class"),
    "recognition": ("pooling", "absent_class"),
    "questions": ("absent_class",),
    "generation": (),
}
"""Which of them the grading of a task followed."""

_DECLARED_BY_TASK: Mapping[str, tuple[str, ...]] = {"generation": ("scale", "coders")}
"""What a truth declared and a card kept among the rules."""

_TASK_BY_ENDING = {
    "-cde": "recognition",
    "-str": "spot_recognise",
    "-vqa": "questions",
    "-generation": "generation",
}
"""The tasks of the protocols of schema 1, by the ends of their ids; all others were spotting."""

_CDE_CLASSES = ("negative", "positive", "surprise")
_SCOPES = ("overall", "macro", "micro")
_BOUNDS = ("oracle", "random_intervals")


def _from_1(card: Plain) -> Plain:
    """Add the task, the rules of that task alone, whether the method is a bound, and how scores follow from counts."""
    protocol = card.get("protocol")
    id = protocol.get("id", "") if isinstance(protocol, dict) else ""
    task = next((task for end, task in _TASK_BY_ENDING.items() if str(id).endswith(end)), "spotting")
    method, rules = card.get("method"), card.get("convention")
    if isinstance(method, dict):
        method = {**method, "bound": method.get("id") in _BOUNDS}
    pooling = rules.get("pooling", "") if isinstance(rules, dict) else ""
    parts = _PARTS_BY_TASK.get(task) or (_averaged_parts if pooling == "mean" else _no_parts)
    rows = {name: _with_parts(card.get(name), parts) for name in ("by_subject", "by_video")}
    found = {"task": task, "method": method, "convention": _convention(rules, task), "trained_on": []}
    if isinstance(card.get("environment"), dict):
        found["environment"] = {**card["environment"], OLD_SCHEMA: 1}
    return {**card, **found, **rows, "statistics": _statistics(rows["by_subject"], task, str(pooling))}


def _with_parts(rows: Any, parts: Callable[[Plain], Plain]) -> Any:
    """Add what each row adds to statistics that are not of its counts as they stand."""
    if not isinstance(rows, list):
        return rows
    return [{**row, "parts": parts(_counts(row))} if isinstance(row, dict) else row for row in rows]


def _counts(row: Plain) -> dict[str, list[float]]:
    """Return a row's counts by scope as tp, fp, fn; those that cannot be read are left out."""
    counts = row.get("counts")
    scopes = counts.items() if isinstance(counts, dict) else ()
    return {
        scope: [float(c["tp"]), float(c["fp"]), float(c["fn"])]
        for scope, c in scopes
        if isinstance(c, dict) and all(_is_number(c.get(name)) for name in ("tp", "fp", "fn"))
    }


def _no_parts(counts: dict[str, list[float]]) -> Plain:
    return {}


def _class_parts(counts: dict[str, list[float]]) -> Plain:
    return {"classes": [number for label in _CDE_CLASSES for number in counts.get(label, [0.0, 0.0, 0.0])]}


_PARTS_BY_TASK: Mapping[str, Callable[[dict[str, list[float]]], Plain]] = {"recognition": _class_parts}
"""How rows added up where that did not depend on `pooling`."""


def _averaged_parts(counts: dict[str, list[float]]) -> Plain:
    return {f"mean/{scope}": _ratios(*counts[scope]) for scope in _SCOPES if scope in counts}


def _ratios(tp: float, fp: float, fn: float) -> list[float]:
    """Return precision, recall, F1 and 1 for who counts anything, as averages over subjects were made of."""
    if not (tp or fp or fn):
        return [0.0, 0.0, 0.0, 0.0]
    pairs = ((tp, tp + fp), (tp, tp + fn), (2 * tp, 2 * tp + fp + fn))
    return [*(above / below if below else 0.0 for above, below in pairs), 1.0]


def _convention(fields: Any, task: str) -> Any:
    """Return the rules of a task under the fingerprint of today; rules that were altered by hand keep theirs."""
    if not isinstance(fields, dict):
        return fields
    rules = {name: fields.get(name, default) for name, default in RULES_OF_1.items()}
    declared = {name: fields[name] for name in _DECLARED_BY_TASK.get(task, ()) if name in fields}
    fingerprint = digest_of("convention", rules)[:16]
    if declared:
        fingerprint = digest_of(fingerprint, declared)[:16]
    if fields.get("fingerprint") != fingerprint or set(fields) - {*rules, *declared, "fingerprint"}:
        return fields
    kept = {name: rules[name] for name in _RULES_BY_TASK[task]}
    differing = {name: value for name, value in kept.items() if value != RULES_OF_1[name]} | declared
    return {**kept, **declared, "fingerprint": rules_fingerprint(task, differing)}


def fingerprint_of_1(fields: Mapping[str, Any]) -> str:
    """Return the fingerprint that the rules of a card had under schema 1, for files beside it that recorded that one.

    Parameters
    ----------
    fields : the rules of a card of today.
    """
    rules = {name: fields.get(name, default) for name, default in RULES_OF_1.items()}
    return digest_of("convention", rules)[:16]


def _statistics(subjects: Any, task: str, pooling: str) -> list[Plain]:
    """Return how scores follow from what subjects add: what schema 1 could test."""
    if not isinstance(subjects, list) or not subjects or not all(isinstance(row, dict) for row in subjects):
        return []
    find = _STATISTICS_BY_TASK.get(task)
    return find(subjects, pooling) if find is not None else []


def _recognition_statistics(subjects: list[Plain], pooling: str) -> list[Plain]:
    if pooling != "counts":
        return []
    return [_statistic("uf1", "classes", "full", ["uf1"], {"n_classes": len(_CDE_CLASSES)})]


def _spotting_statistics(subjects: list[Plain], pooling: str) -> list[Plain]:
    kind, place = ("mean", "mean") if pooling == "mean" else ("ratios", "counts")
    scopes = [scope for scope in _SCOPES if all(scope in _counts(row) for row in subjects)]
    return [_statistic(kind, f"{place}/{scope}", scope, ["precision", "recall", "f1"], {}) for scope in scopes]


_STATISTICS_BY_TASK: Mapping[str, Callable[[list[Plain], str], list[Plain]]] = {
    "recognition": _recognition_statistics,
    "spotting": _spotting_statistics,
}
"""The tasks whose scores of schema 1 could be tested."""


def _statistic(kind: str, parts: str, scope: str, metrics: list[str], options: Plain) -> Plain:
    return {"kind": kind, "parts": parts, "scope": scope, "metrics": metrics, "options": options}


_STEPS: Mapping[int, Callable[[Plain], Plain]] = {1: _from_1}
"""What takes a card from a schema to the next."""
