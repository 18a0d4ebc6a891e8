"""`mebench data check` on data sets of faces, from the command line to the answer."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from .conftest import Mebench

PICTURE = cv2.imencode(".jpg", np.zeros((8, 6, 3), np.uint8))[1].tobytes()
NAMES = ("AF01/AF01ANS.JPG", "BF01/BF01HAHL.JPG", "AF31/AF31V.JPG")
EVERY = (
    *("affectnet", "celeba", "ckplus", "disfa", "emotionet", "fer2013", "ffhq", "kdef", "mmi", "mug"),
    "oulu_casia",
)


@pytest.fixture
def kdef(tmp_path: Path) -> Path:
    for name in NAMES:
        path = tmp_path / "copy" / "KDEF" / name
        path.parent.mkdir(parents=True)
        path.write_bytes(PICTURE)
    return tmp_path / "copy"


def test_counts_stand_beside_the_promised_ones_and_errata_below(mebench: Mebench, kdef: Path) -> None:
    answer = mebench("data", "check", "kdef", "--root", str(kdef))
    lines = [" ".join(line.split()) for line in answer.out.splitlines()]
    assert answer.code == 1
    assert "images 2 of 4900 DIFFERS" in lines
    assert "malformed_name: 1, left out" in lines
    assert lines[-1] == "kdef: the counts differ."


def test_settings_change_what_is_promised(mebench: Mebench, kdef: Path) -> None:
    answer = mebench("data", "check", "kdef:view=frontal,session=A", "--root", str(kdef))
    assert "images               1 of 490" in answer.out


def test_every_picture_is_decoded_and_what_cannot_be_is_named(mebench: Mebench, kdef: Path) -> None:
    (kdef / "KDEF" / NAMES[0]).write_bytes(b"no picture")
    answer = mebench("data", "check", "kdef", "--root", str(kdef), "--decode", "--jobs", "1")
    assert "AF01ANS.JPG cannot be read as an image: restore or remove it." in answer.out
    assert "2 frames of 2 recordings: 1 of 2 recordings have faults." in answer.out


@pytest.mark.parametrize("dataset", EVERY)
def test_a_wrong_root_is_one_sentence(mebench: Mebench, dataset: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    answer = mebench("data", "check", dataset, "--root", str(tmp_path / "empty"))
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("Error: ")
    assert answer.err.count("\n") == 1
    assert f"{tmp_path / 'empty'}: " in answer.err


@pytest.mark.parametrize("dataset", EVERY)
def test_without_a_root_it_is_told_how_to_name_one(mebench: Mebench, dataset: str) -> None:
    answer = mebench("data", "check", dataset)
    assert (answer.code, answer.out) == (2, "")
    assert f"mebench data root {dataset} DIR" in answer.err
