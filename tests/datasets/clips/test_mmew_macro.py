from __future__ import annotations

import cv2
import numpy as np
import pytest

from mebench.datasets.clips.mmew import Mmew
from mebench.errors import UserError

PUBLISHED = ["S03/happiness/S03-01-001.jpg", "S03/fear/S03-05-002.jpg", "S12/sad/S12-06-001.jpg"]
IN_USE = [
    "MMEW_Final/Macro_Expression/happiness/S03-01-001.jpg",
    "MMEW_Final/Macro_Expression/fear/S03-05-002.jpg",
    "MMEW_Final/Macro_Expression/sad/S12-06-001.jpg",
]


@pytest.fixture
def stills(tmp_path):
    """Write stills, and a micro-expression beside them."""

    def build(names):
        for number, name in enumerate([*names, "Micro_Expression/fear/S03-05-009/1.jpg", "S03/fear/S03-05-008/2.jpg"]):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            cv2.imwrite(str(tmp_path / name), np.full((8, 8), 10 * number, np.uint8))
        return tmp_path

    return build


def opened(root):
    return Mmew.open(root, {"expressions": "macro"})


@pytest.mark.parametrize("names", [PUBLISHED, IN_USE])
def test_both_layouts_give_the_same_stills_with_the_emotion_of_their_folder(stills, names, kinds):
    dataset = opened(stills(names))
    assert [(c.key[1:], c.n_frames, c.apex, c.emotion) for c in dataset.clips()] == [
        (("S03", "S03-01-001"), 1, 1, "happiness"),
        (("S03", "S03-05-002"), 1, 1, "fear"),
        (("S12", "S12-06-001"), 1, 1, "sadness"),
    ]
    assert dataset.clips()[1].frames.read(0, 1).mean() == 10
    report = dataset.check()
    assert {c.name: (c.found, c.expected) for c in report.counts}["annotated rows"] == (3, 900)
    assert kinds(report) == {"emotion_spelling": ["sad"], "unconfirmed_count": ["subjects"]}


def test_stills_in_no_folder_of_an_emotion_are_left_out_and_named(stills, kinds):
    assert kinds(opened(stills([*PUBLISHED, "S07/unsorted/S07-01-001.jpg"])).check())["no_emotion"] == ["S07-01-001"]


def test_without_stills_and_with_one_twice_there_is_one_sentence(stills):
    with pytest.raises(UserError, match="No still such as Macro_Expression/happiness/S03-01-001.jpg was found"):
        opened(stills([])).clips()
    with pytest.raises(UserError, match="are the same still: remove one of them"):
        opened(stills([*PUBLISHED, IN_USE[0]])).clips()
