"""Files of arrays are the same bytes whenever they hold the same numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mebench.runs.arrays import NpzWriter, write_safetensors


def test_archives_are_the_same_bytes_whatever_the_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arrays = {"s/10": np.zeros((0, 2), np.float32), "s/2": np.arange(6, dtype=np.float32).reshape(3, 2)}

    def write(path: Path) -> bytes:
        with NpzWriter(path) as file:
            for name, array in arrays.items():
                file.add(name, array)
        return path.read_bytes()

    first = write(tmp_path / "a.npz")
    monkeypatch.setattr("time.time", lambda: 2e9)
    assert write(tmp_path / "b.npz") == first
    with np.load(tmp_path / "a.npz") as loaded:
        assert set(loaded.files) == set(arrays)
        np.testing.assert_array_equal(loaded["s/2"], arrays["s/2"])


def test_checkpoints_are_the_same_bytes_whatever_the_order(tmp_path: Path) -> None:
    arrays = {"b": np.arange(3.0), "a": np.arange(4, dtype=np.int8), "c": np.ones((2, 2), np.float32).T}
    write_safetensors(tmp_path / "a", arrays, "n")
    write_safetensors(tmp_path / "b", dict(reversed(arrays.items())), "n")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_objects_are_refused(tmp_path: Path) -> None:
    with NpzWriter(tmp_path / "a") as file, pytest.raises(ValueError, match="[Oo]bject"):
        file.add("x", np.array([{}]))
