"""The file that says where faces were found."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mebench.errors import UserError
from mebench.schema.presence import Presence
from mebench.schema.presence_file import format_presences, presence_of, read_presences


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=30), st.lists(st.text(max_size=5), max_size=2))
def test_what_is_written_is_read(frames: list[tuple[bool, bool]], notes: list[str]) -> None:
    found, begins = np.array([f for f, _ in frames], bool), np.array([b for _, b in frames], bool)
    begins[:1] = False
    again = presence_of(json.loads(json.dumps(Presence(found, begins, tuple(notes)).as_dict())))
    assert np.array_equal(again.found, found)
    assert np.array_equal(again.begins, begins)
    assert again.notes == tuple(notes)


def test_a_file_of_several_videos(tmp_path: Path) -> None:
    path = tmp_path / "presence.json"
    path.write_text(format_presences({"a/1": Presence.everywhere(3), "a/2": Presence.everywhere(2)}))
    assert {name: len(one) for name, one in read_presences(path).items()} == {"a/1": 3, "a/2": 2}
    assert read_presences(tmp_path / "none.json") == {}


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{}",
        "{",
        '{"videos": []}',
        '{"videos": {"a/1": {"n_frames": 1e12, "missing": [], "begins": [], "notes": []}}}',
        '{"videos": {"a/1": {"n_frames": 99999999999, "missing": [], "begins": [], "notes": []}}}',
        '{"videos": {"a/1": {"n_frames": 9, "missing": [[5, 4]], "begins": [], "notes": []}}}',
        '{"videos": {"a/1": {"n_frames": 9, "missing": [[0, 4]], "begins": [], "notes": []}}}',
        '{"videos": {"a/1": {"n_frames": 9, "missing": [], "begins": [10], "notes": []}}}',
        '{"videos": {"a/1": {"n_frames": 9}}}',
    ],
)
def test_other_files_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "presence.json"
    path.write_text(text)
    with pytest.raises(UserError, match="no record of where faces were found"):
        read_presences(path)
