"""Large sets: what listing costs, counted rather than timed."""

from __future__ import annotations

import collections
import os
import tracemalloc
from collections.abc import Iterator

import pytest

from mebench.datasets.images.affectnet import AffectNet
from mebench.datasets.images.affectnet_lists import COLUMNS
from mebench.datasets.images.base import OnDisk, pictures
from mebench.datasets.images.celeba import CelebA
from mebench.datasets.policies import Errata
from mebench.errors import UserError

MANY, FOLDERS = 3_000, 30


@pytest.fixture(scope="module")
def celeba(tmp_path_factory):
    root = tmp_path_factory.mktemp("celeba")
    (root / "img_align_celeba").mkdir()
    for number in range(MANY):
        (root / "img_align_celeba" / f"{number:06d}.jpg").touch()
    lines = (f"{number:06d}.jpg {number % 500}\n" for number in range(MANY))
    (root / "identity_CelebA.txt").write_text("".join(lines))
    return root


@pytest.fixture(scope="module")
def affectnet(tmp_path_factory):
    root = tmp_path_factory.mktemp("affectnet")
    (root / "Manually_Annotated_file_lists").mkdir()
    lines = [",".join(COLUMNS)]
    for number in range(MANY):
        folder, name = f"{number % FOLDERS}", f"{number:056x}.jpg"
        (root / "Manually_Annotated_Images" / folder).mkdir(parents=True, exist_ok=True)
        (root / "Manually_Annotated_Images" / folder / name).touch()
        lines.append(f"{folder}/{name},1,2,3,4,{'1.5;' * 136}1,{number % 8},0.5,0.5")
    (root / "Manually_Annotated_file_lists" / "training.csv").write_text("\n".join(lines))
    return root


@pytest.fixture
def asked(monkeypatch) -> Iterator[collections.Counter[str]]:
    """Count what the system is asked for."""
    counts: collections.Counter[str] = collections.Counter()

    def counted(name, function):
        def call(*arguments, **options):
            counts[name] += 1
            return function(*arguments, **options)

        return call

    for name in ("stat", "listdir", "scandir", "lstat"):
        monkeypatch.setattr(os, name, counted(name, getattr(os, name)))
    return counts


def test_a_folder_of_thousands_is_listed_without_asking_for_each_file(celeba, asked) -> None:
    dataset = CelebA.open(celeba)
    assert len(dataset.clips()) == MANY
    assert asked["stat"] + asked["lstat"] < 50
    assert asked["listdir"] + asked["scandir"] < 20


def test_a_list_of_thousands_lists_each_folder_once(affectnet, asked) -> None:
    assert len(AffectNet.open(affectnet).clips()) == MANY
    assert asked["stat"] + asked["lstat"] < 50
    assert FOLDERS <= asked["listdir"] + asked["scandir"] < FOLDERS + 20


@pytest.mark.parametrize(("kind", "most"), [("celeba", 100), ("affectnet", 250)])
def test_a_listed_still_takes_few_bytes(kind, most, request) -> None:
    dataset = {"celeba": CelebA, "affectnet": AffectNet}[kind].open(request.getfixturevalue(kind))
    tracemalloc.start()
    try:
        clips = dataset.clips()
        held = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert held / len(clips) < most


def test_a_report_makes_no_list_of_clips(celeba) -> None:
    dataset = CelebA.open(celeba)
    dataset.check()
    assert next(dataset.everything()).id == "000000"
    tracemalloc.start()
    try:
        assert sum(1 for _ in dataset.everything()) == MANY
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 100 * MANY


def test_a_folder_that_is_not_there_holds_nothing(tmp_path) -> None:
    errata = Errata()
    disk = OnDisk(errata)
    assert not disk.has(str(tmp_path / "gone"), "a.jpg")
    disk.close()
    assert [erratum.kind for erratum in errata] == ["missing_image"]
    with pytest.raises(UserError, match=r"gone cannot be listed"):
        pictures(tmp_path / "gone")
