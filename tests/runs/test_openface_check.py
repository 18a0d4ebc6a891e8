"""What `data check` says about OpenFace tables."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from mebench.datasets.base import CheckReport
from mebench.datasets.synth_lv import SynthLV
from mebench.runs.monitor import Monitor
from mebench.runs.openface_check import with_tables
from mebench.schema.action_units import ACTION_UNITS


@pytest.fixture
def dataset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SynthLV:
    """Two rendered videos of 60 frames: the table of the first ends early, that of the second is no table."""
    found = SynthLV.open(None, {"subjects": 2, "videos": 1, "seconds": 2.0})
    head = ["frame", "confidence", "success", *(f"AU{unit:02d}_r" for unit in ACTION_UNITS)]
    rows = [[n, 0.98, 1, *np.round(np.arange(17) * n / 900, 3)] for n in range(1, 41)]
    (tmp_path / "0.csv").write_text("\n".join(",".join(map(str, row)) for row in [head, *rows]) + "\n")
    (tmp_path / "1.csv").write_text("no,table\n1,2\n")
    videos = tuple(
        dataclasses.replace(video, action_units_csv=str(tmp_path / f"{i}.csv"))
        for i, video in enumerate(found.videos())
    )
    monkeypatch.setattr(SynthLV, "videos", lambda _: videos)
    return found


def test_notes_and_refusals_of_tables_are_errata(dataset: SynthLV) -> None:
    early, refused = with_tables(CheckReport("synth_lv", ()), dataset, Monitor()).errata
    assert (early.kind, early.detail) == ("openface_ends_early", "the table ends at 40 of 60 frames")
    assert early.policy == "the frames after its last row count as without a face"
    assert refused.kind == "openface_refused"
    assert "has no column frame" in refused.detail


def test_a_dataset_without_tables_has_nothing_to_tell() -> None:
    dataset = SynthLV.open(None, {"subjects": 1, "videos": 1, "seconds": 2.0})
    assert with_tables(CheckReport("synth_lv", ()), dataset, Monitor()).errata == ()
