from __future__ import annotations

import numpy as np
import pytest

from mebench.schema.people import Person, joined, of_dataset


@pytest.mark.parametrize(
    ("person", "text"),
    [
        (Person("samm_lv", "006"), "samm_lv/006"),
        (Person("", "006"), "006"),
        (Person("samm_lv", "a/b"), "samm_lv/a/b"),
    ],
)
def test_a_person_is_written_and_read(person, text):
    assert str(person) == text
    assert Person.parse(text) == person


def test_subject_6_of_two_datasets_is_two_people():
    assert len({Person("casme2", "6"), Person("samm", "6")}) == 2


def test_of_dataset_tells_a_dataset_from_one_whose_name_it_begins():
    people = np.array(["samm/6", "samm_lv/6", "samm", "casme2/samm"])
    assert of_dataset(people, "samm").tolist() == [True, False, False, False]


def test_empty_names_fall_out():
    assert joined("", "1", "a") == "1/a"
    assert joined("d", "1", "a") == "d/1/a"
    assert joined("", "") == ""
