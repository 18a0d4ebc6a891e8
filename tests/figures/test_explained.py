"""The sheet of an explanation: the same bytes for the same numbers, whatever their signs and sizes."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from mebench.apply.explain import Explanation
from mebench.errors import UserError
from mebench.figures.drawing import file_name
from mebench.figures.explained import _labels, draw_sheet, strongest, write_sheet
from mebench.schema.recordings import Event, ExpressionType

NAME = file_name("a run", "s/01", "v$1_$2", 7, 8, "macro")


def explanation(frames: int = 2, convolutions: int = 7) -> Explanation:
    random = np.random.default_rng(0)
    shape = (frames, 16, 16)
    return Explanation(
        "a run", "net", "v$1_$2", "s/01", "001", np.arange(frames) + 7,
        (Event(5, 9, ExpressionType.MACRO, 7, action_units="6+12"),), "macro", ("micro", "macro"),
        random.random((frames, 2)).astype(np.float32), random.integers(0, 256, shape, np.uint8),
        {"last convolution (a)": random.random(shape).astype(np.float32), "dense": np.zeros(shape, np.float32)},
        random.normal(size=(frames, 4, 16, 16)).astype(np.float32),
        {f"body.{i}": random.normal(size=(4, 16, 16)).astype(np.float32) for i in range(convolutions)}, 1 % frames,
    )  # fmt: skip


@pytest.mark.parametrize(("frames", "convolutions"), [(1, 1), (2, 7)])
def test_the_same_numbers_give_the_same_bytes(frames: int, convolutions: int) -> None:
    found = explanation(frames, convolutions)
    sheet = draw_sheet(found)
    assert sheet == draw_sheet(found)
    assert sheet["png"].startswith(b"\x89PNG")
    assert b"<dc:date>" not in sheet["svg"]
    assert sheet != draw_sheet(dataclasses.replace(found, guided=found.guided[::-1] * 2 - 1))


def test_sheet_and_arrays_lie_side_by_side_under_a_name_that_any_system_takes(tmp_path: Path) -> None:
    paths = write_sheet(tmp_path / "out", explanation())
    assert [path.name for path in paths] == [f"{NAME}.{kind}" for kind in ("svg", "png", "npz")]
    with np.load(paths[-1]) as arrays:
        assert {"frames", "guided/output", "guided/body.6", "grad_cam/last_convolution", "grad_cam/dense"} <= set(
            arrays
        )
    before = paths[-1].read_bytes()
    write_sheet(tmp_path / "out", explanation())
    assert paths[-1].read_bytes() == before


def test_the_label_of_an_empty_row_says_so() -> None:
    assert _labels(explanation())[2:] == ["Grad-CAM, dense: nothing speaks for it", "guided backpropagation of macro"]


def test_all_files_or_none_are_written(tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.png").mkdir()
    with pytest.raises(UserError, match="is a folder: give another --out"):
        write_sheet(tmp_path, explanation())
    assert len(list(tmp_path.iterdir())) == 1


def test_of_several_gradients_the_strongest_is_drawn() -> None:
    assert strongest(np.array([[[1.0, -2.0]], [[-3.0, 1.0]]])).tolist() == [[-3.0, -2.0]]
