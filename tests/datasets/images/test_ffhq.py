from __future__ import annotations

import json

import pytest

from mebench.datasets.images.ffhq import Ffhq
from mebench.errors import UserError

from .conftest import found

NESTED = ["images1024x1024/00000/00000.png", "images1024x1024/00000/00007.png", "images1024x1024/60000/60001.png"]


@pytest.fixture
def features(tmp_path):
    folder = tmp_path / "features" / "json"
    folder.mkdir(parents=True)
    scores = {"anger": 0.1, "happiness": 0.8, "neutral": 0.1}
    faces = {"00000": [{"faceAttributes": {"emotion": scores}}], "60001": []}
    for name, content in faces.items():
        (folder / f"{name}.json").write_text(json.dumps(content))
    return folder.parent


def test_a_folder_for_every_thousand(write) -> None:
    dataset = Ffhq.open(write(*NESTED, "images1024x1024/LICENSE.png"))
    assert [clip.id for clip in dataset.clips()] == ["00000", "00007", "60001"]
    assert {clip.emotion for clip in dataset.clips()} == {""}


def test_the_flat_variant(write) -> None:
    assert len(Ffhq.open(write("images1024x1024/00000.png", "images1024x1024/69999.png")).clips()) == 2


def test_names_that_are_no_numbers_are_counted(write, errata) -> None:
    report = Ffhq.open(write(*NESTED, "images1024x1024/LICENSE.png")).check()
    assert errata(report)["malformed_name"] == ("1 in all", "left out", "LICENSE.png")
    assert found(report) == {"images": (3, 70_000)}


def test_the_larger_pictures_are_read_unless_others_are_asked_for(write) -> None:
    root = write(*NESTED, "thumbnails128x128/00000/00003.png")
    assert len(Ffhq.open(root).clips()) == 3
    assert [clip.id for clip in Ffhq.open(root, {"size": "thumbnails"}).clips()] == ["00003"]


def test_thumbnails_alone_are_enough(write) -> None:
    assert len(Ffhq.open(write("ffhq/thumbnails128x128/00003.png")).clips()) == 1


@pytest.mark.parametrize(("part", "ids", "images"), [("training", 2, 60_000), ("validation", 1, 10_000)])
def test_the_first_sixty_thousand_are_for_training(write, part, ids, images, errata) -> None:
    dataset = Ffhq.open(write(*NESTED), {"part": part})
    assert found(dataset.check())["images"] == (ids, images)
    assert errata(dataset.check())["assumed"][0] == "the parts"


def test_features_give_the_emotion_with_the_highest_score(write, features, errata) -> None:
    dataset = Ffhq.open(write(*NESTED), {"features": str(features)})
    assert [clip.emotion for clip in dataset.clips()] == ["happiness", "", ""]
    kinds = errata(dataset.check())
    assert kinds["no_features"] == ("1 in all", "without emotion", "00007.json")
    assert kinds["not_one_face"] == ("1 in all", "without emotion", "60001.json")


def test_features_in_the_copy_are_found(write, features, errata) -> None:
    root = write(*NESTED)
    assert errata(Ffhq.open(root).check())["no_labels"][:2] == ("ffhq-features-dataset", "pictures have no emotion")
    features.rename(root / "ffhq-features-dataset")
    assert [clip.emotion for clip in Ffhq.open(root).clips()] == ["happiness", "", ""]


def test_features_without_an_emotion_are_counted_and_broken_ones_refused(write, features, errata) -> None:
    (features / "json" / "00007.json").write_text('[{"faceAttributes": {"age": 3}}]')
    dataset = Ffhq.open(write(*NESTED), {"features": str(features)})
    assert errata(dataset.check())["no_emotion"][2] == "00007.json"
    (features / "json" / "00007.json").write_text("{")
    with pytest.raises(UserError, match=r"00007.json cannot be read as JSON"):
        Ffhq.open(write(*NESTED), {"features": str(features)}).clips()
    with pytest.raises(UserError, match=r"of the setting features does not exist"):
        Ffhq.open(write(*NESTED), {"features": "nowhere"}).clips()


def test_another_folder_is_told_in_one_sentence(write) -> None:
    with pytest.raises(UserError, match=r"Neither images1024x1024 nor thumbnails128x128 was found in .*: give --root"):
        Ffhq.open(write("cats/1.png")).clips()
    with pytest.raises(UserError, match=r"No folder thumbnails128x128 was found"):
        Ffhq.open(write(*NESTED), {"size": "thumbnails"}).clips()


def test_it_conforms(write, features, conforms, monkeypatch) -> None:
    # Without emotions there is no truth of recognition to be written; the features give some.
    for name in ("00007", "60001"):
        (features / "json" / f"{name}.json").write_text('[{"faceAttributes": {"emotion": {"Sadness": 1}}}]')
    default = Ffhq.open
    monkeypatch.setattr(Ffhq, "open", lambda root, options=None: default(root, {"features": str(features)}))
    conforms(Ffhq, write(*NESTED))
