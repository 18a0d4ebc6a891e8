from __future__ import annotations

import pytest

from mebench.datasets.catalogue import DATASETS
from mebench.datasets.images.kdef import Kdef
from mebench.errors import UserError

from .conftest import found

NAMES = [
    "KDEF/AF01/AF01ANS.JPG",
    "KDEF/AF01/AF01NEHL.JPG",
    "KDEF/BF01/BF01ANS.jpg",
    "KDEF/AM31/AM31AFFR.JPG",
    "KDEF/AF31/AF31V.JPG",
    "KDEF/AF31/.DS_Store.jpg",
]


def test_a_name_says_person_expression_and_view(write) -> None:
    dataset = DATASETS.get("kdef").open(write(*NAMES))
    assert [(clip.subject, clip.id, clip.emotion) for clip in dataset.clips()] == [
        ("F01", "AF01ANS", "angry"),
        ("F01", "AF01NEHL", "neutral"),
        ("F01", "BF01ANS", "angry"),
        ("M31", "AM31AFFR", "afraid"),
    ]


def test_sessions_a_and_b_are_of_one_person(write) -> None:
    assert found(Kdef.open(write(*NAMES)).check())["subjects"] == (2, 70)


def test_malformed_names_are_skipped_with_a_count(write, errata) -> None:
    assert errata(Kdef.open(write(*NAMES)).check())["malformed_name"] == ("1 in all", "left out", "AF31V.JPG")


@pytest.mark.parametrize(
    ("options", "ids", "images"),
    [
        ({"view": "frontal"}, ["AF01ANS", "BF01ANS"], 980),
        ({"view": "frontal", "session": "A"}, ["AF01ANS"], 490),
        ({"view": "profile"}, ["AM31AFFR"], 1960),
        ({"view": "half"}, ["AF01NEHL"], 1960),
        ({}, ["AF01ANS", "AF01NEHL", "BF01ANS", "AM31AFFR"], 4900),
    ],
)
def test_view_and_session_are_settings_and_promise_their_counts(write, options, ids, images) -> None:
    dataset = Kdef.open(write(*NAMES), options)
    assert [clip.id for clip in dataset.clips()] == ids
    assert found(dataset.check())["images"] == (len(ids), images)
    assert found(dataset.check())["images of happy"] == (0, images // 7)


@pytest.mark.parametrize(
    "names",
    [("AF01ANS.JPG", "BF01SUS.JPG", "readme.jpg"), ("x/KDEF/AF02/AF02DIS.JPG", "x/KDEF/AF03/af03dis.jpg", "x/y/z.jpg")],
)
def test_pictures_may_lie_in_one_folder_or_deeper(write, names) -> None:
    assert len(Kdef.open(write(*names)).clips()) == 2


def test_another_folder_is_told_in_one_sentence(write) -> None:
    with pytest.raises(UserError, match=r"No picture such as KDEF/AF01/AF01ANS.JPG was found in .*: give --root"):
        Kdef.open(write("pictures/cat.jpg")).clips()


def test_settings_that_leave_nothing_are_told(write) -> None:
    with pytest.raises(UserError, match="holds no picture of kdef that the settings ask for"):
        Kdef.open(write("KDEF/AF01/AF01ANS.JPG"), {"view": "profile"}).clips()


def test_it_conforms(write, conforms) -> None:
    conforms(Kdef, write(*NAMES))
