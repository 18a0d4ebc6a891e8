from __future__ import annotations

import numpy as np
import pytest

from mebench.datasets.images.npy_text import npy_number
from mebench.errors import UserError


@pytest.mark.parametrize(
    "value",
    [np.array("7"), np.array("-0.5"), np.array(["-2"]), np.array(3), np.array([0.25], np.float32), np.array(b"1")],
)
def test_one_number_is_read_however_it_is_kept(tmp_path, value) -> None:
    np.save(tmp_path / "n.npy", value)
    assert npy_number(tmp_path / "n.npy") == float(value.reshape(-1)[0])


@pytest.mark.parametrize("value", [np.array("seven"), np.array([]), np.array(None, object)])
def test_anything_else_is_refused_and_nothing_is_unpickled(tmp_path, value) -> None:
    np.save(tmp_path / "n.npy", value)
    with pytest.raises(UserError, match=r"n.npy does not hold one number"):
        npy_number(tmp_path / "n.npy")


def test_a_file_that_is_not_there_is_the_callers_business(tmp_path) -> None:
    with pytest.raises(FileNotFoundError):
        npy_number(tmp_path / "n.npy")


def test_a_cut_file_is_refused(tmp_path) -> None:
    (tmp_path / "n.npy").write_bytes(b"\x93NUMPY\x01")
    with pytest.raises(UserError, match=r"does not hold one number"):
        npy_number(tmp_path / "n.npy")
