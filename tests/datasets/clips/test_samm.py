from __future__ import annotations

import pytest

from mebench.datasets.catalogue import DATASETS
from mebench.datasets.clips.samm import Samm
from mebench.errors import UserError

from ..conftest import save_workbook
from .conftest import touch_clip

HEADER = ["Subject", "Filename", "Inducement Code", "Onset Frame", "Apex Frame", "Offset Frame", "Duration", "Micro",
          "Action Units", "Estimated Emotion", "Objective Classes", "Notes"]  # fmt: skip
# clip, onset, apex, offset, duration, units, emotion, first and last file
ROWS = [
    ("006_1_2", 5562, 5588, 5632, 71, "R12 or R14", "Happiness", 5562, 5632),
    ("006_1_4", 10000, 10010, 10041, 42, "4+7", "anger", 9998, 10041),
    ("013_1_9", 5658, 5700, 5793, 136, "A/L12", "Other", 5658, 5739),
    ("028_4_1", 100, -1, 160, 61, "(R6 or R12)+R15", "Others", 100, 160),
    ("032_3_2", 100, None, 160, 60, 4, "Contempt", 100, 160),
]


def make(root, rows=ROWS, *, folder="SAMM", book="SAMM_Micro_FACS_Codes_v2.xlsx", preamble=13):
    for clip, *_, first, last in rows:
        subject = clip[:3]
        touch_clip(root / folder / subject / clip, f"{subject}_{{:05d}}.jpg", first, last)
    table = [[f"note {i}"] for i in range(preamble)] + [HEADER]
    for clip, onset, apex, offset, duration, units, emotion, *_ in rows:
        table.append(
            [clip[:3], clip, clip[4], onset, apex, offset, duration, "Micro - 1/2", units, emotion, "Class", None]
        )
    save_workbook(root / book, {"MICRO_ONLY": table})
    return root


def test_it_is_the_registered_dataset():
    assert DATASETS.get("samm") is Samm


@pytest.mark.parametrize(
    ("folder", "book", "preamble"),
    [
        ("SAMM", "SAMM_Micro_FACS_Codes_v2.xlsx", 13),
        ("SAMM_CROP", "SAMM_20181215_Micro_FACS_Codes_v2.xlsx", 13),
        ("SAMM", "SAMM_Micro_FACS_Codes_v2.xlsx", 0),
    ],
)
def test_absolute_numbers_become_numbers_within_the_clip(tmp_path, spans, folder, book, preamble):
    dataset = Samm.open(make(tmp_path, folder=folder, book=book, preamble=preamble))
    assert spans(dataset) == {
        "006_1_2": (71, 1, 27, 71),
        "006_1_4": (44, 3, 13, 44),
        "013_1_9": (82, 1, 43, 82),
        "028_4_1": (61, 1, 0, 61),
        "032_3_2": (61, 1, 0, 61),
    }
    assert [clip.emotion for clip in dataset.clips()] == ["happiness", "anger", "others", "others", "contempt"]
    assert {clip.fps for clip in dataset.clips()} == {200.0}


def test_every_quirk_of_the_table_is_reported(tmp_path, kinds):
    assert kinds(Samm.open(make(tmp_path)).check()) == {
        "ambiguous_action_units": ["006_1_2", "013_1_9", "028_4_1"],
        "duration": ["032_3_2"],
        "emotion_spelling": ["Other"],
        "known_error": ["013_1_9"],
        "apex_missing": ["028_4_1", "032_3_2"],
    }


def test_the_swapped_digits_of_013_1_9_may_be_left(tmp_path, spans, kinds):
    dataset = Samm.open(make(tmp_path), {"corrections": "ignore"})
    assert spans(dataset)["013_1_9"] == (82, 1, 43, 82)
    assert kinds(dataset.check())["outside_frames"] == ["013_1_9"]


def test_numbers_that_begin_anew_in_a_copy_are_recognised(tmp_path, spans, kinds):
    rows = [(*ROWS[0][:-2], 1, 71)]
    dataset = Samm.open(make(tmp_path, rows))
    assert spans(dataset) == {"006_1_2": (71, 1, 27, 71)}
    assert kinds(dataset.check())["renumbered"] == ["006_1_2"]


def test_the_counts_of_the_release_are_promised(tmp_path):
    report = Samm.open(make(tmp_path)).check()
    expected = {count.name: count.expected for count in report.counts}
    assert (expected["annotated rows"], expected["subjects"]) == (159, 29)
    assert sum(number for name, number in expected.items() if name.startswith("emotion")) == 159


def test_a_wrong_root_a_missing_workbook_and_wrong_rows_are_told(tmp_path):
    with pytest.raises(UserError, match="No folder of frames such as SAMM/006/006_1_2 was found in"):
        Samm.open(tmp_path).clips()
    root = make(tmp_path)
    with pytest.raises(UserError, match="No workbook named|cannot be read as a workbook"):
        Samm.open(root, {"workbook": str(root / "none.xlsx")}).clips()
    (root / "SAMM_Micro_FACS_Codes_v2.xlsx").unlink()
    with pytest.raises(UserError, match="No workbook named SAMM_Micro_FACS_Codes_v2.xlsx was found in"):
        Samm.open(root).clips()


@pytest.mark.parametrize(
    ("subject", "name", "message"),
    [("006", "6-1-2", "holds the Filename '6-1-2'"), ("007", "006_1_2", "subject 007 and Filename 006_1_2")],
)
def test_a_row_that_names_no_clip_is_refused(tmp_path, subject, name, message):
    root = make(tmp_path, ROWS[:1])
    row = [subject, name, "1", 5562, 5588, 5632, 71, "Micro - 1/2", 4, "Anger", "Class", None]
    save_workbook(root / "SAMM_Micro_FACS_Codes_v2.xlsx", {"MICRO_ONLY": [HEADER, row]})
    with pytest.raises(UserError, match=message):
        Samm.open(root).clips()
