from __future__ import annotations

import numpy as np
import pytest

from mebench.datasets.images.celeba import PROMISED, CelebA
from mebench.errors import UserError

from .conftest import found

FILES = ["000001.jpg", "000002.jpg", "000003.jpg", "000004.jpg"]


@pytest.fixture
def aligned(write):
    root = write(*(f"Img/img_align_celeba/img_align_celeba/{name}" for name in FILES))
    for folder, name, text in (
        ("Anno", "identity_CelebA.txt", "000001.jpg 2880\n000002.jpg 2937\n000003.jpg 2880\n"),
        ("Eval", "list_eval_partition.txt", "000001.jpg 0\n000002.jpg 1\n000003.jpg 2\n000004.jpg 0\n"),
        (
            "Anno",
            "list_attr_celeba.txt",
            "4\nBald Smiling\n000001.jpg -1  1\n000002.jpg  1 -1\n000003.jpg  1  1\n000004.jpg -1 -1\n",
        ),
    ):
        (root / folder).mkdir(exist_ok=True)
        (root / folder / name).write_text(text)
    return root


@pytest.fixture
def hq(aligned, write):
    root = write("CelebA-HQ-img/0.jpg", "CelebA-HQ-img/1.jpg", "CelebA-HQ-img/10.jpg")
    (root / "CelebA-HQ-to-CelebA-mapping.txt").write_text("idx orig_idx orig_file\n0 2 000003.jpg\n1 0 000001.jpg\n")
    return root


def test_people_are_those_of_the_list(aligned, errata) -> None:
    dataset = CelebA.open(aligned)
    assert [(clip.subject, clip.id) for clip in dataset.clips()] == [
        ("2880", "000001"),
        ("2880", "000003"),
        ("2937", "000002"),
        ("unknown_000004", "000004"),
    ]
    report = dataset.check()
    assert errata(report)["no_identity"] == ("1 in all", "counts as a person of its own", "000004.jpg")
    assert found(report) == {"images": (4, 202_599), "subjects": (3, 10_177)} | {"subjects": (3, 10_177)}


@pytest.mark.parametrize(("part", "ids"), [("training", ["000001", "000004"]), ("validation", ["000002"])])
def test_parts_are_those_of_the_list(aligned, part, ids) -> None:
    assert [clip.id for clip in CelebA.open(aligned, {"part": part}).clips()] == ids


def test_attributes_stand_beside_the_clips(aligned) -> None:
    dataset = CelebA.open(aligned)
    names, values = dataset.attributes()
    assert names == ("Bald", "Smiling")
    assert [clip.id for clip in dataset.clips()] == ["000001", "000003", "000002", "000004"]
    assert values.tolist() == [[False, True], [True, True], [True, False], [False, False]]


def test_hq_pictures_are_of_the_part_and_person_of_their_originals(hq, errata) -> None:
    dataset = CelebA.open(hq, {"release": "hq"})
    assert [(clip.subject, clip.id) for clip in dataset.clips()] == [("2880", "0"), ("2880", "1")]
    assert errata(dataset.check())["not_in_mapping"] == ("1 in all", "left out", "10.jpg")
    assert found(dataset.check())["images"] == (2, 30_000)
    (test,) = CelebA.open(hq, {"release": "hq", "part": "test"}).clips()
    assert test.id == "0"
    assert np.array_equal(dataset.attributes()[1], [[True, True], [False, True]])


def test_the_official_split_is_promised() -> None:
    assert (sum(PROMISED["aligned"]), sum(PROMISED["hq"])) == (202_599, 30_000)


def test_without_lists_nobody_is_known(write, errata) -> None:
    root = write("img_align_celeba/000001.jpg")
    dataset = CelebA.open(root)
    assert [clip.person.subject for clip in dataset.clips()] == ["000001"]
    assert {"no_identities", "unknown_people"} <= set(errata(dataset.check()))
    with pytest.raises(UserError, match=r"list_eval_partition.txt was not found in .*: put it beside the pictures"):
        CelebA.open(root, {"part": "test"}).clips()


def test_hq_without_its_mapping(write) -> None:
    root = write("CelebA-HQ-img/0.jpg")
    assert [clip.id for clip in CelebA.open(root).clips()] == ["0"]
    with pytest.raises(UserError, match=r"CelebA-HQ-to-CelebA-mapping.txt was not found"):
        CelebA.open(root, {"part": "test"}).clips()


def test_broken_lists_and_other_folders_are_told(aligned, tmp_path) -> None:
    (aligned / "Eval" / "list_eval_partition.txt").write_text("000001.jpg 7\n")
    with pytest.raises(UserError, match=r"cannot be read as a list of CelebA"):
        CelebA.open(aligned, {"part": "test"}).clips()
    (aligned / "Eval" / "list_eval_partition.txt").write_text("000001.jpg 2\n")
    with pytest.raises(UserError, match=r"No folder CelebA-HQ-img was found"):
        CelebA.open(aligned, {"release": "hq"}).clips()
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError, match=r"No folder img_align_celeba or CelebA-HQ-img was found"):
        CelebA.open(tmp_path / "empty").clips()


def test_pictures_that_no_part_names_are_counted(aligned, errata) -> None:
    (aligned / "Eval" / "list_eval_partition.txt").write_text("000001.jpg 2\n")
    dataset = CelebA.open(aligned, {"part": "test"})
    assert errata(dataset.check())["no_part"][0] == "3 in all"
