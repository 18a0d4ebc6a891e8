from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from mebench.methods.resume import Resume

ARRAYS = {
    "net.weight": np.arange(6, dtype=np.float32).reshape(2, 3),
    "step": np.array(7.0),
    "none": np.zeros((0, 4), np.int64),
    "stream": np.arange(9, dtype=np.uint8)[::2],
    "turned": np.arange(6.0).reshape(2, 3).T,
}
VALUES = {"epoch": 3, "best": float("inf"), "rows": [{"loss": 0.1 + 0.2}], "big": 2**100}


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def store(tmp_path: Path, told: list[str]) -> Resume:
    return Resume(tmp_path / "resume", "run a", told.append)


def test_a_state_survives_a_round_trip(store: Resume, told: list[str]) -> None:
    assert store.load("state") is None
    store.save("state", ARRAYS, VALUES)
    found = store.load("state")
    assert found is not None
    arrays, values = found
    assert values == VALUES
    assert arrays.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        assert arrays[name].dtype == array.dtype
        np.testing.assert_array_equal(arrays[name], array)
    assert told == []


def test_the_last_state_wins_and_nothing_else_is_left(store: Resume) -> None:
    for epoch in (1, 2):
        store.save("state", {}, {"epoch": epoch})
    assert store.load("state") == ({}, {"epoch": 2})
    assert store.folder is not None
    assert [path.name for path in store.folder.iterdir()] == ["state.safetensors"]


def test_a_state_of_another_identity_is_not_loaded(store: Resume, told: list[str]) -> None:
    store.save("state", ARRAYS, VALUES)
    assert Resume(store.folder, "run b", told.append).load("state") is None
    assert store.within("x", "data").within("y").identity == store.within("x", "data").identity != store.identity
    assert told == []


def test_parts_are_kept_apart(store: Resume) -> None:
    first, second = store.within("first"), store.within("second")
    first.save("state", {}, {"which": 1})
    second.save("state", {}, {"which": 2})
    assert first.load("state") == ({}, {"which": 1})
    assert store.load("state") is None
    assert store.within("first", "other data").load("state") is None


@pytest.mark.parametrize("damage", ["flip", "truncate", "empty", "text", "values"])
def test_a_damaged_file_is_told_and_ignored(store: Resume, told: list[str], damage: str) -> None:
    store.save("state", ARRAYS, VALUES)
    assert store.folder is not None
    path = store.folder / "state.safetensors"
    content = bytearray(path.read_bytes())
    if damage == "flip":
        content[-3] ^= 1
    elif damage == "values":
        content = content.replace(b"epoch", b"epocj", 1)
    path.write_bytes({"truncate": bytes(content[:-5]), "empty": b"", "text": b"hello"}.get(damage, bytes(content)))
    assert store.load("state") is None
    assert len(told) == 1
    assert "state.safetensors is damaged" in told[0]
    assert "starts anew" in told[0]
    store.save("state", {}, {"epoch": 1})
    assert store.load("state") == ({}, {"epoch": 1})


def test_clear_removes_everything(store: Resume) -> None:
    store.within("first").save("state", ARRAYS, VALUES)
    store.clear()
    assert store.folder is not None
    assert not store.folder.exists()
    store.clear()


def test_nowhere_keeps_nothing() -> None:
    store = Resume.nowhere().within("first", "data")
    assert not store
    store.save("state", ARRAYS, VALUES)
    assert store.load("state") is None
    store.clear()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_folder_that_cannot_be_written_stops_nothing(store: Resume, told: list[str], tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    store.save("state", ARRAYS, VALUES)
    tmp_path.chmod(0o700)
    assert "would fall back" in told[0]


def test_a_file_in_the_way_stops_nothing(tmp_path: Path, told: list[str]) -> None:
    (tmp_path / "resume").write_text("a file")
    store = Resume(tmp_path / "resume", "run a", told.append)
    for _ in range(3):
        store.save("state", ARRAYS, VALUES)
    assert len(told) == 1
    assert "would fall back after an interruption" in told[0]
    (tmp_path / "resume").unlink()
    store.save("state", {}, {"epoch": 4})
    assert store.load("state") == ({}, {"epoch": 4})


@pytest.mark.parametrize("name", ["", "..", "a/b", "/etc/x"])
def test_a_name_cannot_leave_the_folder(store: Resume, name: str) -> None:
    with pytest.raises(ValueError, match="cannot name a state"):
        store.save(name, ARRAYS, VALUES)
    with pytest.raises(ValueError, match="cannot name a state"):
        store.within(name)
