from __future__ import annotations

import pytest

from mebench.datasets.catalogue import DATASETS
from mebench.datasets.clips.mmew import Mmew
from mebench.errors import UserError
from tests.datasets.conftest import save_workbook

from .conftest import touch_clip

HEADER = [
    "Subject", "Filename", "OnsetFrame", "ApexFrame", "OffsetFrame", "Action Units", "Estimated Emotion", "remarks"
]  # fmt: skip
ROWS = [
    [3, "S03-01-002", 1, 6, 12, "6+12", "happiness", None],
    [3, "S03-07-001", 2, 5, 9, "4", "others", None],
    ["S12", "S12-02-010", 1, 3, 8, 26, "surprise", None],
]
PUBLISHED = {"S03/happiness/S03-01-002": 12, "S03/repression/S03-07-001": 10, "S12/surprise/S12-02-010": 8}
IN_USE = {
    f"MMEW_Final/Micro_Expression/{name}": count
    for name, count in {"happiness/S03-01-002": 12, "others/S03-07-001": 10, "surprise/S12-02-010": 8}.items()
}


@pytest.fixture
def mmew(tmp_path):
    """Build a copy: mmew(rows, folders=, header=, workbook=)."""

    def build(rows=ROWS, folders=PUBLISHED, *, header=HEADER, workbook="MMEW_Micro_Exp.xlsx"):
        for name, count in folders.items():
            touch_clip(tmp_path / name, "{}.jpg", 1, count)
        save_workbook(tmp_path / workbook, {"Sheet1": [header, *rows]})
        return tmp_path

    return build


def test_it_is_the_registered_dataset():
    assert DATASETS.get("mmew") is Mmew


@pytest.mark.parametrize("folders", [PUBLISHED, IN_USE])
def test_both_layouts_give_the_same_clips(mmew, folders, spans):
    dataset = Mmew.open(mmew(folders=folders))
    assert spans(dataset) == {"S03-01-002": (12, 1, 6, 12), "S03-07-001": (10, 2, 5, 9), "S12-02-010": (8, 1, 3, 8)}
    assert [(c.subject, c.emotion, c.action_units, c.fps) for c in dataset.clips()] == [
        ("S03", "happiness", "6+12", 90.0), ("S03", "others", "4", 90.0), ("S12", "surprise", "26", 90.0),
    ]  # fmt: skip


@pytest.mark.parametrize("folders", [PUBLISHED, IN_USE])
def test_others_and_repression_name_the_same_folder(mmew, folders, kinds):
    assert "emotion_of_folder" not in kinds(Mmew.open(mmew(folders=folders)).check())


def test_a_clip_in_the_folder_of_another_emotion_is_named_and_its_row_counts(mmew, kinds):
    folders = {**PUBLISHED, "S12/fear/S12-02-010": 8}
    del folders["S12/surprise/S12-02-010"]
    dataset = Mmew.open(mmew(folders=folders))
    assert kinds(dataset.check())["emotion_of_folder"] == ["S12-02-010"]
    assert dataset.clips()[-1].emotion == "surprise"


def test_macro_expressions_are_not_taken_for_clips(mmew, tmp_path, kinds):
    touch_clip(tmp_path / "MMEW_Final/Macro_Expression/happiness/S03-01-001", "{}.jpg", 1, 3)
    root = mmew(folders=IN_USE)
    (root / "MMEW_Final/Micro_Expression/happiness/S03-01-001.jpg").touch()
    report = Mmew.open(root).check()
    assert "no_row" not in kinds(report)
    assert {count.name: count.found for count in report.counts}["clips"] == 3


@pytest.mark.parametrize(
    "name", ["MMEW_Micro_Exp.xlsx", "MMEW_Micro_Exp_v2.xlsx", "MMEW_Final/MMEW_Micro_Exp(20).xlsx"]
)
def test_workbook_names_vary(mmew, name):
    assert len(Mmew.open(mmew(workbook=name)).clips()) == 3


def test_of_several_workbooks_one_is_read_and_the_others_are_named(mmew, kinds):
    mmew()
    root = mmew(folders={}, workbook="MMEW_Micro_Exp_v2.xlsx")
    assert kinds(Mmew.open(root).check())["several_workbooks"] == ["MMEW_Micro_Exp.xlsx"]


def test_counts_are_held_against_the_published_ones_and_told_ones_against_nothing(mmew, kinds):
    report = Mmew.open(mmew()).check()
    counts = {count.name: (count.found, count.expected) for count in report.counts}
    assert counts["annotated rows"] == (3, 300)
    assert counts["emotion others"] == (1, 66)
    assert counts["emotion sadness"] == (0, 13)
    assert counts["subjects"] == (2, None)
    assert sum(n for name, (_, n) in counts.items() if name.startswith("emotion") and n) == 300
    assert kinds(report)["unconfirmed_count"] == ["subjects"]


def test_16_rows_that_others_have_found_wrong_are_named_in_the_whole_release(mmew, kinds):
    rows = [[1, f"S01-01-{number:03d}", 1, 2, 3, "4", "fear", None] for number in range(300)]
    report = Mmew.open(mmew(rows)).check()
    wrong = [33, 35, 36, 37, 38, 39, 40, 41, 42, 142, 143, 145, 146, 148, 154, 156]
    assert kinds(report)["disputed"] == [f"S01-01-{number:03d}" for number in wrong]
    assert "disputed" not in kinds(Mmew.open(mmew(rows[:299], {})).check())


def test_an_apex_and_an_offset_that_cannot_be_are_mended_and_named(mmew, spans, kinds):
    rows = [[3, "S03-01-002", 1, 20, 12, "6", "happiness", None], [3, "S03-07-001", 2, 5, 30, "4", "others", None]]
    dataset = Mmew.open(mmew(rows))
    assert spans(dataset) == {"S03-01-002": (12, 1, 0, 12), "S03-07-001": (10, 2, 5, 10)}
    found = kinds(dataset.check())
    assert (found["apex_outside"], found["outside_frames"]) == (["S03-01-002"], ["S03-07-001"])


def test_the_filename_says_who_it_is_and_remarks_are_passed_on(mmew, kinds):
    dataset = Mmew.open(mmew([[4, "s3-01-002.avi", 1, 6, 12, "6", "happiness", "glasses"]]))
    assert dataset.clips()[0].key == ("", "S03", "S03-01-002")
    found = kinds(dataset.check())
    assert (found["subject_of_filename"], found["remark"]) == (["S03-01-002"], ["S03-01-002"])


def test_names_of_columns_may_be_spelt_with_blanks(mmew):
    header = ["subject", "File name", "Onset Frame", "Apex Frame", "Offset Frame", "AU", "Emotion"]
    assert len(Mmew.open(mmew(header=[h.replace("File name", "FileName") for h in header])).clips()) == 3


def test_wrong_roots_workbooks_and_rows_are_one_sentence(mmew, tmp_path):
    with pytest.raises(UserError, match=f"such as Micro_Expression/happiness/S03-01-002 was found in {tmp_path}"):
        Mmew.open(tmp_path).clips()
    root = mmew([[3, "happiness", 1, 6, 12, "6", "happiness", None]])
    with pytest.raises(UserError, match="Row 2 of sheet Sheet1 .* holds the Filename 'happiness' where one such as"):
        Mmew.open(root).clips()
    (root / "MMEW_Micro_Exp.xlsx").unlink()
    with pytest.raises(UserError, match="No workbook named MMEW_Micro_Exp.xlsx was found"):
        Mmew.open(root).clips()


def test_both_layouts_in_one_root_are_the_users_error(mmew):
    mmew()
    with pytest.raises(UserError, match="are the same clip: remove one of them"):
        Mmew.open(mmew(folders=IN_USE)).clips()


def test_a_copy_with_the_counts_of_the_release_is_in_order(mmew, kinds):
    numbers = {
        "happiness": 36, "surprise": 89, "anger": 8, "disgust": 72, "fear": 16, "sadness": 13, "others": 66
    }  # fmt: skip
    labels = [(label, kind) for kind, label in enumerate(numbers, 1) for _ in range(numbers[label])]
    rows, folders = [], {}
    for i, (label, kind) in enumerate(labels):
        person = i % 36 + 1
        name = f"S{person:02d}-{kind:02d}-{i:03d}"
        rows.append([person, name, 1, 2, 3, "4", label, None])
        folders[f"MMEW_Final/Micro_Expression/{'repression' if label == 'others' else label}/{name}"] = 3
    dataset = Mmew.open(mmew(rows, folders))
    report = dataset.check()
    assert report.ok
    assert len(dataset.clips()) == 300
    assert set(kinds(report)) == {"disputed"}
