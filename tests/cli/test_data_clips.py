"""`mebench data check` of clips that were exported in the layouts of licensed datasets."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mebench.datasets.base import Dataset
from mebench.datasets.export.write import export_dataset
from mebench.frames.pixels import ArrayFrames
from mebench.schema.emotions import COMPOSITE_CLASSES
from mebench.schema.recordings import Clip

from .conftest import Mebench


class Toy(Dataset):
    """One clip of each class in each database of the composite."""

    id = "toy_clips"
    needs_root = False

    def clips(self) -> list[Clip]:
        frames = ArrayFrames(np.full((6, 8, 10, 3), 90, np.uint8))
        return [
            Clip("toy_clips", "p1", f"c{k}", 100.0, frames, label, 1, 3, 6, database=database)
            for database in ("casme2", "samm", "smic")
            for k, label in enumerate(COMPOSITE_CLASSES)
        ]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    export_dataset(Toy.open(), "megc2019_cde", tmp_path / "copy")
    return tmp_path / "copy"


@pytest.mark.parametrize(
    ("dataset", "folder", "clips"),
    [("megc2019_cde", ".", 9), ("casme2", "CASME2", 3), ("samm", "SAMM", 3), ("smic", "SMIC", 3)],
)
def test_counts_and_errata_are_printed(mebench: Mebench, copy: Path, dataset: str, folder: str, clips: int) -> None:
    found = mebench("data", "check", dataset, "--root", str(copy / folder))
    assert found.code == 0, found.err
    assert f"{clips} of {clips}" in found.out
    assert "exported_copy" in found.out
    assert f"{dataset}: all counts as expected." in found.out


def test_a_clip_that_is_lost_and_one_that_is_damaged_are_told(mebench: Mebench, copy: Path) -> None:
    frames = sorted((copy / "SAMM" / "SAMM" / "006" / "006_1_1").iterdir())
    frames[2].write_bytes(b"no picture")
    found = mebench("data", "check", "samm", "--root", str(copy / "SAMM"), "--decode", "--jobs", "1")
    assert found.code == 1
    assert f"{frames[2].name} cannot be read as an image: restore or remove it." in found.out
    for frame in frames:
        frame.unlink()
    found = mebench("data", "check", "samm", "--root", str(copy / "SAMM"))
    assert found.code == 1
    assert "2 of 3   DIFFERS" in found.out
    assert "no_frames: 1, left out" in found.out


def test_a_wrong_root_is_one_sentence(mebench: Mebench, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    found = mebench("data", "check", "casme2", "--root", str(tmp_path / "empty"))
    assert found.code == 2
    assert "No folder of frames such as CASME2_RAW_selected/sub01/EP02_01f was found in" in found.err
