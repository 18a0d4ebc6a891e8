"""Whose copies a folder holds."""

from __future__ import annotations

import json

import pytest

from mebench.errors import UserError
from mebench.runs.copies import FILE, read_copies
from mebench.schema.people import Person


@pytest.fixture
def made(tmp_path, plugin):
    """Write a provenance of copies s01, s02, ... and return the folder."""

    def write(*of: list[str], subjects: int = 0, **more):
        settings = {"subjects": subjects or len(of)}
        rows = [{"subject": f"s{i:02d}", "of": people} for i, people in enumerate(of, start=1)]
        folder = tmp_path / "made"
        folder.mkdir(exist_ok=True)
        plain = {"schema": 1, "dataset": {"id": "fake_lv", "settings": settings}, "copies": rows, **more}
        (folder / FILE).write_text(json.dumps(plain))
        return folder

    return write


def test_a_copy_is_a_person_of_its_own_and_knows_whom_it_is_of(made):
    copies = read_copies(made(["fake_lv/s01"], ["fake_lv/s02", "other/x"]))
    assert copies.of == {
        Person("fake_lv", "s01~made"): (Person("fake_lv", "s01"),),
        Person("fake_lv", "s02~made"): (Person("fake_lv", "s02"), Person("other", "x")),
    }
    recordings = list(copies.recordings("videos"))
    assert {recording.person for recording in recordings} == set(copies.of)
    assert all(len(recording.frames) == recording.n_frames for recording in recordings)


def test_a_subject_of_whom_nothing_is_said_is_refused(made):
    with pytest.raises(UserError, match="provenance.json of made does not say whose copy s02 is"):
        list(read_copies(made(["fake_lv/s01"], subjects=2)).recordings("videos"))


def test_the_digest_follows_whom_copies_are_of_and_no_order(made):
    one = read_copies(made(["fake_lv/s01", "fake_lv/s02"])).digest("videos")
    assert read_copies(made(["fake_lv/s02", "fake_lv/s01"])).digest("videos") == one
    assert read_copies(made(["fake_lv/s01"])).digest("videos") != one


def test_folders_that_are_none_of_copies(made, tmp_path):
    with pytest.raises(UserError, match="nowhere does not exist: give --also a folder that a generator has written"):
        read_copies(tmp_path / "nowhere")
    with pytest.raises(UserError, match=r"whose copies these are \(schema 2, not 1\)"):
        read_copies(made(["fake_lv/s01"], schema=2))
    with pytest.raises(UserError, match=r"\(a copy of nobody\)"):
        read_copies(made([]))
    with pytest.raises(UserError, match="does not say whose copies these are"):
        read_copies(made(["fake_lv/s01"], dataset=["fake_lv"]))
