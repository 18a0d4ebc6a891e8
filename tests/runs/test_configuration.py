"""Configurations of older runs are read in the form of today, and damaged ones are told from others."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from mebench.runs.configuration import as_read, check_shape, signature_of, up_to_date, without_data

FOLD = {"id": "001", "train": ["d/a"], "arms": [{"validation": [], "test": ["d/b"]}]}
NOW: dict[str, Any] = {
    "schema": 2,
    "task": "spotting",
    "protocol": {"id": "p"},
    "method": {"id": "m"},
    "datasets": [{"id": "d", "digest": "x", "settings": {"s": 1}}],
    "folds": [FOLD],
}


def test_subjects_of_one_dataset_become_people() -> None:
    old = {"id": "001", "dataset": "d", "train": ["a"], "arms": [{"validation": [], "test": ["b"]}]}
    found = up_to_date({"schema": 1, "folds": [old]})
    assert found == {"schema": 1, "task": "spotting", "training": [], "also": [], "folds": [FOLD]}
    assert up_to_date(NOW) is NOW


@pytest.mark.parametrize("change", [{"task": 3}, {"datasets": 3}, {"folds": [{"id": "001"}]}, {"method": {}}])
def test_another_shape_is_told(change: dict[str, Any]) -> None:
    check_shape(NOW)
    with pytest.raises((KeyError, TypeError)):
        check_shape({**NOW, **change})


def test_what_depends_on_files_can_be_left_out() -> None:
    changed = {**NOW, "folds": [], "datasets": [{**NOW["datasets"][0], "digest": "y"}]}
    assert without_data(changed) == without_data(NOW)
    changed["datasets"][0]["settings"] = {"s": 2}
    assert without_data(changed) != without_data(NOW)


def test_a_file_that_is_written_again_has_another_signature(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text("1")
    before = signature_of(path)
    assert signature_of(path) == before
    other = tmp_path / "other"
    other.write_text("2")
    os.replace(other, path)
    assert signature_of(path) != before


def test_tuples_come_back_as_lists() -> None:
    assert as_read({"a": (1, 2)}) == {"a": [1, 2]}
