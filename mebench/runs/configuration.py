"""The configuration of a run as it is kept: read in the form of today, whoever has written it, and compared."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mebench.runs.plan import Fold
from mebench.schema.people import Person


def up_to_date(config: dict[str, Any]) -> dict[str, Any]:
    """Return the configuration of an older run in the form of today; its `schema` says that it is one."""
    if config.get("schema") != 1 or "task" in config:
        return config
    folds = [_qualified(fold) for fold in config["folds"]]
    return {**config, "task": "spotting", "training": [], "also": [], "folds": folds}


def _qualified(fold: Mapping[str, Any]) -> dict[str, Any]:
    """Return a fold over people, where schema 1 had the subjects of one dataset."""

    def people(subjects: Sequence[str]) -> list[str]:
        return [str(Person(fold["dataset"], subject)) for subject in subjects]

    arms = [{side: people(arm[side]) for side in ("validation", "test")} for arm in fold["arms"]]
    return {"id": fold["id"], "train": people(fold["train"]), "arms": arms}


def check_shape(config: Mapping[str, Any]) -> None:
    """Raise KeyError or TypeError for a configuration that lacks what every run has."""
    names = [config["protocol"]["id"], config["method"]["id"], config["task"]]
    names += [entry["id"] for entry in config["datasets"]] + [Fold.from_dict(plain).id for plain in config["folds"]]
    if not all(isinstance(name, str) for name in names) or not isinstance(config["datasets"], list):
        raise TypeError("a name is no text")


def as_read(value: Any) -> Any:
    """Return a value as it comes back from its file."""
    return json.loads(json.dumps(value))


def without_data(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return a configuration without what depends on a dataset's files."""
    bare = {
        name: [{key: value for key, value in entry.items() if key != "digest"} for entry in config.get(name, ())]
        for name in ("datasets", "training", "also")
    }
    return {**config, **bare, "folds": None}


def signature_of(path: Path) -> tuple[int, ...]:
    """Return what changes when a file is written again."""
    found = path.lstat()
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino
