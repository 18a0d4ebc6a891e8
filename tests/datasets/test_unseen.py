from __future__ import annotations

import pytest

from mebench.datasets.catalogue import DATASETS
from mebench.datasets.unseen import Casme3Challenge, SammChallenge
from mebench.errors import UserError

from .conftest import touch_frames

SAMM_2022 = ("001_2", "002_4", "003_1", "004_3", "005_7")
SAMM_2023 = (*SAMM_2022, "001_3", "002_1", "003_7", "004_6", "005_2")
CAS_2022 = tuple(f"sub{n:02d}" for n in range(1, 6))
CAS_2023 = (*(f"{who}_{what}" for who in ("dzw", "gcf", "smy") for what in ("a1", "d1", "f2", "h3", "s3")),
            *(f"wy_{what}" for what in ("f1", "f4", "s1", "a1", "h1")))  # fmt: skip


def make(folder, videos, pattern="{:05d}.jpg"):
    for index, video in enumerate(videos):
        touch_frames(folder / video, pattern, 3 + index)


@pytest.fixture
def both(tmp_path):
    make(tmp_path / "MEGC2022_testSet" / "SAMM_Test_cropped", SAMM_2022)
    make(tmp_path / "MEGC2022_testSet" / "CAS_Test_cropped", CAS_2022, "img_{}.jpg")
    return tmp_path


def test_they_are_the_registered_datasets():
    assert DATASETS.get("samm_challenge") is SammChallenge
    assert DATASETS.get("casme3_challenge") is Casme3Challenge


@pytest.mark.parametrize(
    ("loader", "names", "fps", "person"),
    [(SammChallenge, SAMM_2022, 200.0, "001"), (Casme3Challenge, CAS_2022, 30.0, "sub01")],
)
def test_each_set_of_2022_is_found_beside_the_other(both, kinds, loader, names, fps, person):
    dataset = loader.open(both)
    videos = dataset.videos()
    assert [(v.id, v.n_frames, v.fps, v.events) for v in videos] == [
        (name, 3 + index, fps, ()) for index, name in enumerate(names)
    ]
    assert videos[0].subject == person
    report = dataset.check()
    assert report.ok
    assert {c.name: (c.found, c.expected) for c in report.counts}["videos"] == (5, 5)
    assert set(kinds(report)) == {"unlabelled", "test_set"}


@pytest.mark.parametrize(
    ("loader", "names", "size", "people"),
    [(SammChallenge, SAMM_2023, 10, 5), (Casme3Challenge, CAS_2023, 20, 4)],
)
def test_the_sets_of_2023_are_found_by_their_names(tmp_path, loader, names, size, people):
    make(tmp_path / "test", names)
    report = loader.open(tmp_path).check()
    counts = {c.name: (c.found, c.expected) for c in report.counts}
    assert counts["videos"] == (size, size)
    assert counts["people"] == (people, None)


def test_of_the_larger_set_the_earlier_one_may_be_chosen(tmp_path, kinds):
    make(tmp_path / "test", SAMM_2023)
    dataset = SammChallenge.open(tmp_path, {"year": "2022"})
    assert tuple(video.id for video in dataset.videos()) == SAMM_2022
    assert sorted(kinds(dataset.check())["not_of_the_set"]) == sorted(set(SAMM_2023) - set(SAMM_2022))


def test_a_video_that_was_lost_shows_in_the_check(tmp_path):
    make(tmp_path / "test", SAMM_2023[:-1])
    report = SammChallenge.open(tmp_path).check()
    assert [c.name for c in report.counts if not c.ok] == ["videos"]


def test_a_copy_of_other_datasets_is_no_test_set(tmp_path):
    make(tmp_path / "SAMM_longvideos", [f"{n:03d}_1" for n in range(6, 20)])
    for n in range(1, 20):
        (tmp_path / "CASME2" / f"sub{n:02d}").mkdir(parents=True)
    for loader, example in ((SammChallenge, "SAMM_Test_cropped/001_2"), (Casme3Challenge, "CAS_Test_cropped/sub01")):
        with pytest.raises(UserError, match=f"No folder of frames such as {example} was found in .*name another year"):
            loader.open(tmp_path).videos()
