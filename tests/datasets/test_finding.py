from __future__ import annotations

import pytest

from mebench.datasets.finding import PassedOver, assumed, find_file, find_folder, find_folders
from mebench.datasets.policies import Errata


@pytest.fixture
def tree(tmp_path):
    for name in ("a/Images/images/deep", "b/other", "b/images", ".images"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("b/List.TXT", "a/Images/list.txt"):
        (tmp_path / name).touch()
    return tmp_path


def test_the_nearest_folder_is_found_whatever_its_case_and_nested_ones_within(tree) -> None:
    assert find_folder(tree, "IMAGES") == tree / "a" / "Images" / "images"
    assert list(find_folders(tree, "images")) == [tree / "a" / "Images", tree / "b" / "images"]
    assert find_folder(tree / "b" / "images", "images") == tree / "b" / "images"
    assert find_folder(tree, "deep", depth=3) is None
    assert find_folder(tree, "deep", depth=4) is not None
    assert find_folder(tree, "nothing") is None


def test_the_nearest_file_is_found(tree) -> None:
    assert find_file(tree, "list.txt") == tree / "b" / "List.TXT"
    assert find_file(tree, "list.txt", depth=0) is None
    assert find_file(tree, "images", "list.txt", depth=1) == tree / "b" / "List.TXT"


def test_what_is_passed_over_is_counted_once_for_each_policy() -> None:
    errata = Errata()
    passed = PassedOver(errata)
    for number in range(7):
        passed.add("odd", "left out", f"f{number}")
    passed.add("even", "kept", "g")
    passed.close()
    passed.close()
    assert [(e.kind, e.where, e.policy, e.detail) for e in errata] == [
        ("odd", "7 in all", "left out", "f0, f1, f2, f3, f4 and 2 more"),
        ("even", "1 in all", "kept", "g"),
    ]


def test_an_assumption_says_what_of_what() -> None:
    errata = Errata()
    assumed(errata, "frame rate", "19 frames per second")
    ((kind, where, policy, detail),) = [(e.kind, e.where, e.policy, e.detail) for e in errata]
    assert (kind, where, detail) == ("assumed", "frame rate", "19 frames per second")
    assert "not confirmed" in policy
