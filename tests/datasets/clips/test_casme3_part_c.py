from __future__ import annotations

import pytest

from mebench.datasets.clips.casme3 import Casme3
from mebench.errors import UserError
from tests.datasets.conftest import save_workbook

from .conftest import touch_clip

HEADER = ["sub", "count", "onset", "offset", "au", "emotion"]
ROWS = [
    [4, 1, 100, 109, "R4,5", "negative"],
    [4, 2, 150, 155, 4, "surprise"],
    [12, 1, 20, 29, "4\uff0c7", "others"],
]


@pytest.fixture
def part_c(tmp_path):
    """Build part C: part_c(rows, folders={path: (first, last)})."""

    def build(rows=ROWS, folders=None, *, other_list=True):
        for name, span in (folders or {"part_C/4/color": (1, 200), "part_C/12/color": (1, 40)}).items():
            touch_clip(tmp_path / name, "{}.jpg", *span)
        place = tmp_path / "annotation" / "partC"
        save_workbook(place / "CAS(ME)3_part_C_ME.xlsx", {"mockCrimeME": [HEADER, *rows]})
        if other_list:
            save_workbook(place / "CAS(ME)3_part_C.xlsx", {"organize": [["Subject", "Onset", "Offset"], [4, 1, 2]]})
        return tmp_path

    return build


def opened(root, **options):
    return Casme3.open(root, {"part": "C", **options})


def test_clips_are_cut_out_and_have_no_apex(part_c, kinds):
    dataset = opened(part_c())
    found = [(c.key[1:], c.first, c.n_frames, c.apex, c.emotion, c.action_units) for c in dataset.clips()]
    assert found == [
        (("04", "1"), 100, 10, 0, "negative", "R4+5"),
        (("04", "2"), 150, 6, 0, "surprise", "4"),
        (("12", "1"), 20, 10, 0, "others", "4+7"),
    ]
    assert len(kinds(dataset.check())["apex_missing"]) == 3


def test_the_chinese_comma_of_row_16_is_a_comma(part_c, kinds):
    assert kinds(opened(part_c()).check())["chinese_comma"] == ["12/1"]


def test_which_of_the_two_lists_is_read_is_said(part_c):
    told = [e for e in opened(part_c()).check().errata if e.kind == "two_lists"]
    assert [(e.where, e.policy) for e in told] == [("CAS(ME)3_part_C.xlsx", "CAS(ME)3_part_C_ME.xlsx is read")]
    assert "165 micro-expressions with emotions, the other one 160" in told[0].detail


def test_counts_are_those_of_the_list_with_emotions(part_c):
    counts = {count.name: (count.found, count.expected) for count in opened(part_c()).check().counts}
    assert counts["annotated rows"] == (3, 165)
    assert counts["subjects"] == (2, 30)
    assert counts["emotion negative"] == (1, 99)
    assert counts["emotion positive"] == (0, 16)
    assert "recordings with rows" not in counts


@pytest.mark.parametrize(
    "folders",
    [
        {"part_C/sub04/color": (1, 200), "part_C/sub12": (1, 40)},
        {"x/Part C/spNO.4/a/color": (1, 200), "x/Part C/spNO.12/a/color": (1, 40)},
        {"partC/04/RGB": (1, 200), "partC/12/RGB": (1, 40)},
    ],
)
def test_trees_that_nobody_has_described_are_taken_and_what_was_assumed_is_said(part_c, folders, kinds):
    dataset = opened(part_c(folders=folders))
    assert len(dataset.clips()) == 3
    assert len(kinds(dataset.check())["assumed_layout"]) == 1


def test_depth_is_not_read(part_c):
    folders = {"part_C/4/depth": (1, 9), "part_C/4/left": (1, 200), "part_C/12/color": (1, 40)}
    assert {c.frames.folder.name for c in opened(part_c(folders=folders)).clips()} == {"left", "color"}


@pytest.mark.parametrize("first", [1, 100])
def test_clips_that_are_cut_out_already_may_be_numbered_anew(part_c, first):
    folders = {"ME_C/04/1/color": (first, first + 9), "ME_C/04/2/color": (150, 155)}
    found = {c.id: (c.first, c.n_frames, c.onset, c.offset) for c in opened(part_c(folders=folders)).clips()}
    assert found == {"1": (first, 10, 1, 10), "2": (150, 6, 1, 6)}


def test_another_layout_and_two_folders_of_a_person_are_the_users_error(part_c):
    with pytest.raises(UserError, match="No folder of frames such as part_C/4/color was found"):
        opened(part_c(folders={"part_B/4/color": (1, 9)})).clips()
    folders = {"part_C/4/color": (1, 200), "part_C/04/color": (1, 200)}
    with pytest.raises(UserError, match="are of the same person: remove one of them"):
        opened(part_c(folders=folders)).clips()


def test_a_missing_workbook_is_the_users_error(part_c):
    root = part_c(other_list=False)
    (root / "annotation/partC/CAS(ME)3_part_C_ME.xlsx").unlink()
    with pytest.raises(UserError, match=r"No workbook named CAS\(ME\)3_part_C_ME.xlsx was found"):
        opened(root).clips()


def test_a_copy_with_the_counts_of_the_release_is_in_order(part_c):
    labels = [*["negative"] * 99, *["surprise"] * 30, *["others"] * 20, *["positive"] * 16]
    people = [4 + i % 30 for i in range(165)]
    rows = [[sub, i // 30 + 1, 10 * (i // 30) + 1, 10 * (i // 30) + 8, "4", labels[i]] for i, sub in enumerate(people)]
    dataset = opened(part_c(rows, {f"part_C/{sub}/color": (1, 60) for sub in sorted(set(people))}))
    assert dataset.check().ok
    assert len(dataset.clips()) == 165
