"""A sealed file is believed only when it is byte for byte what was written, or says the same."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mebench.frames.sealed import SealBroken, read_sealed, sealed

VALUES = {"key": "ab", "count": 7, "arrays": {"x": "00", "y": None}, "share": 0.5}
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=9,
)


@given(values=st.dictionaries(st.text(max_size=9).filter(lambda key: key != "seal"), PLAIN, max_size=5))
def test_values_come_back_as_they_were_given(values, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "sealed.json"
    path.write_bytes(sealed(values))
    assert read_sealed(path) == values


def test_the_order_of_keys_does_not_count(tmp_path: Path):
    assert sealed(VALUES) == sealed(dict(reversed(VALUES.items())))
    shuffled = json.dumps(dict(reversed(json.loads(sealed(VALUES)).items())), indent=2)
    (tmp_path / "f").write_text(shuffled)
    assert read_sealed(tmp_path / "f") == VALUES


def test_no_byte_can_be_another(tmp_path: Path):
    path, content = tmp_path / "f", sealed(VALUES)
    for at in range(len(content)):
        # One digit or letter more keeps it JSON in most places.
        path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        with pytest.raises(SealBroken):
            read_sealed(path)


@pytest.mark.parametrize("n", [0, 1, 50])
def test_no_byte_can_be_missing(tmp_path: Path, n: int):
    (tmp_path / "f").write_bytes(sealed(VALUES)[:n])
    with pytest.raises(SealBroken, match="f is no JSON"):
        read_sealed(tmp_path / "f")


@pytest.mark.parametrize(
    "change", [{"count": 8}, {"more": 1}, {"seal": "0" * 64}, {"seal": None}, {"arrays": {}}, {"count": "7"}]
)
def test_a_value_that_was_changed_breaks_the_seal(tmp_path: Path, change):
    (tmp_path / "f").write_text(json.dumps({**json.loads(sealed(VALUES)), **change}))
    with pytest.raises(SealBroken, match="f does not have its checksum"):
        read_sealed(tmp_path / "f")


def test_without_its_seal_nothing_is_believed(tmp_path: Path):
    (tmp_path / "f").write_text(json.dumps(VALUES))
    with pytest.raises(SealBroken, match="does not have its checksum"):
        read_sealed(tmp_path / "f")


def test_a_link_a_folder_and_a_pipe_are_no_file(tmp_path: Path):
    (tmp_path / "f").write_bytes(sealed(VALUES))
    (tmp_path / "link").symlink_to("f")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for name in ("link", "folder", "pipe"):
        with pytest.raises(SealBroken, match=f"{name} is not a file"):
            read_sealed(tmp_path / name)
    with pytest.raises(FileNotFoundError):
        read_sealed(tmp_path / "none")
