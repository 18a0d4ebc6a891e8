"""`mebench data durations` and `mebench data ratio`."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from mebench.schema.action_units import ACTION_UNITS

from .conftest import Mebench


def rows(text: str) -> dict[str, list[str]]:
    """Return the cells of each line of a table after its label."""
    found = {}
    for line in text.splitlines():
        label, *cells = [part.strip() for part in line.split("  ") if part.strip()] or [""]
        found[label] = cells
    return found


def test_durations_of_a_dataset(mebench: Mebench, plugin: list[str]) -> None:
    answer = mebench("data", "durations", "fake_lv", *plugin)
    assert answer.code == 0, answer.err
    assert answer.out.splitlines()[0].split("  ")[-1] == "longest (s)"
    assert answer.out.rstrip("\n") + "\n" == answer.out
    found = rows(answer.out)
    assert found["micro"] == ["5", "0.333", "0.333", "0.333"]
    assert found["macro"] == ["5", "1.367", "1.367", "1.367"]


def test_the_ratio_of_every_subject(mebench: Mebench, plugin: list[str]) -> None:
    answer = mebench("data", "ratio", "fake_lv:subjects=2", *plugin)
    assert answer.code == 0, answer.err
    found = rows(answer.out)
    assert found["s01"] == ["51", "423", f"{51 / 372:.3f}", f"{51 / 423:.3f}"]
    assert found["s02"] == ["51", "443", f"{51 / 392:.3f}", f"{51 / 443:.3f}"]
    assert found["pooled"] == ["102", "866", f"{102 / 764:.3f}", f"{102 / 866:.3f}"]
    assert found["mean over subjects"] == [f"{(51 / 372 + 51 / 392) / 2:.3f}", f"{(51 / 423 + 51 / 443) / 2:.3f}"]


def test_a_dataset_that_nobody_knows(mebench: Mebench) -> None:
    answer = mebench("data", "ratio", "sam_lv")
    assert answer.code == 2
    assert "samm_lv" in answer.err


def test_two_tables_are_correlated(mebench: Mebench, tmp_path: Path) -> None:
    units = [f"AU{unit:02d}_r" for unit in ACTION_UNITS]
    lines = [",".join(["frame", "face_id", "timestamp", "confidence", "success", *units])]
    for frame, values in enumerate(np.random.default_rng(0).random((10, len(units))).round(3), 1):
        lines.append(",".join(map(str, [frame, 0, frame / 30, 0.98, 1, *values])))
    (tmp_path / "a.csv").write_text("\n".join(lines) + "\n")
    answer = mebench("data", "au-correlation", "a.csv", "a.csv")
    assert answer.code == 0, answer.err
    assert rows(answer.out)["AU45"] == ["1.000", "1.000"]
    assert rows(answer.out)["all"] == ["1.000", "1.000"]
    assert "1 video; all 17 pairs of series vary." in answer.out
    assert answer.err == "a.csv and a.csv: 10 of 10 frames are paired.\n"
    assert answer.out.startswith("action unit")
    assert mebench("data", "au-correlation", "a.csv", "none.csv").code == 2


def test_presence_needs_tables(mebench: Mebench, plugin: list[str]) -> None:
    answer = mebench("data", "au-presence", "fake_lv", *plugin)
    assert answer.code == 2
    assert "have no OpenFace table. fake_lv has no setting that names OpenFace tables" in answer.err
