from __future__ import annotations

import pytest

from mebench.datasets.catalogue import DATASETS
from mebench.datasets.clips.fourdme import FourDme
from mebench.errors import UserError
from tests.datasets.conftest import save_workbook

from .conftest import touch_clip

UNITS = ("AU1", "AU4", "AU7", "AU12")
LABELS = ("Positive", "Negative", "Surprise", "Repression", "Others")
HEADER = ["sub_ID", "fold_name", "Emotion", "Onset", "Apex", "Offset", "AUs", "eye blink", *LABELS, "Total", *UNITS]
FOLDERS = {"1/1_1_2": (1826, 1850), "1/1_1_3": (1, 30), "20/0007": (5, 20)}


def row(person, clip, emotion, frames, units, blink=0, flags=(), numbers=()):
    labels = [int(label in flags) for label in LABELS]
    return [person, clip, emotion, *frames, units, blink, *labels, sum(labels), *(int(u in numbers) for u in UNITS)]


ROWS = [
    row(1, "1_1_2", "Positive", (1826, 1830, 1841), "AU12", 0, ["Positive"], ["AU12"]),
    row(1, "1_1_3", "Surprise+Positive", (1, 9, 30), "AU4(k)+L7", 0, ["Surprise", "Positive"], ["AU4", "AU7"]),
    row(20, 7, "Negative", (5, 8, 20), "AU1", 1, ["Negative"], ["AU1"]),
]


@pytest.fixture
def fourdme(tmp_path):
    """Build a copy: fourdme(rows, folders=, header=, workbook=, tree=)."""

    def build(
        rows=ROWS, folders=FOLDERS, *, header=HEADER, workbook="4DME_Labelling_Micro_release v1.xlsx", tree="gray_micro"
    ):
        for name, span in folders.items():
            touch_clip(tmp_path / tree / name, "Frame_{:09d}.jpg", *span)
        save_workbook(tmp_path / workbook, {"Sheet1": [header, *rows]})
        return tmp_path

    return build


def by_where(report, kind):
    return {e.where: e.policy for e in report.errata if e.kind == kind}


def test_it_is_the_registered_dataset():
    assert DATASETS.get("fourdme") is FourDme


def test_clips_have_their_frames_labels_and_units(fourdme, spans):
    dataset = FourDme.open(fourdme())
    assert spans(dataset) == {"1_1_2": (25, 1, 5, 16), "1_1_3": (30, 1, 9, 30), "7": (16, 1, 4, 16)}
    assert [(c.subject, c.emotion, c.action_units, c.fps) for c in dataset.clips()] == [
        ("01", "positive", "AU12", 60.0), ("01", "positive+surprise", "AU4(k)+L7", 60.0), ("20", "negative", "AU1", 60.0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("policy", "label", "said"),
    [
        ("joined", "positive+surprise", "read as positive+surprise"),
        ("first", "surprise", "read as surprise"),
        ("drop", None, "left out"),
    ],
)
def test_surprise_and_positive_is_one_label_the_first_or_left_out(fourdme, policy, label, said):
    dataset = FourDme.open(fourdme(), {"several_emotions": policy})
    assert {c.id: c.emotion for c in dataset.clips()}.get("1_1_3") == label
    assert by_where(dataset.check(), "several_emotions") == {"01/1_1_3": said}


def test_kept_units_stay_or_are_taken_out(fourdme):
    root = fourdme()
    assert by_where(FourDme.open(root).check(), "kept_action_unit") == {"01/1_1_3": "kept"}
    without = FourDme.open(root, {"kept_units": "drop"})
    assert {c.id: c.action_units for c in without.clips()}["1_1_3"] == "L7"
    assert by_where(without.check(), "kept_action_unit") == {"01/1_1_3": "taken out"}


def test_clips_with_an_eye_blink_stay_or_are_left_out(fourdme):
    root = fourdme()
    assert by_where(FourDme.open(root).check(), "eye_blink") == {"20/7": "kept"}
    assert [c.id for c in FourDme.open(root, {"blinks": "drop"}).clips()] == ["1_1_2", "1_1_3"]


def swapped():
    return [
        row(1, "1_1_2", "Positive", (1826, 1830, 1841), "AU4+AU7", 0, ["Positive"], ["AU12"]),
        row(1, "1_1_3", "Negative", (1, 9, 30), "AU12", 0, ["Negative"], ["AU4", "AU7"]),
        ROWS[2],
    ]


def test_units_that_two_rows_have_of_each_other_are_changed_as_in_rows_144_and_145(fourdme):
    root = fourdme(swapped())
    dataset = FourDme.open(root)
    assert [c.action_units for c in dataset.clips()] == ["AU12", "AU4+AU7", "AU1"]
    assert by_where(dataset.check(), "swapped_action_units") == {"01/1_1_2": "changed with the next row"}
    as_released = FourDme.open(root, {"corrections": "ignore"})
    assert [c.action_units for c in as_released.clips()] == ["AU4+AU7", "AU12", "AU1"]
    assert by_where(as_released.check(), "swapped_action_units") == {"01/1_1_2": "taken as it stands"}


def test_without_columns_of_single_units_rows_144_and_145_of_the_release_are_named(fourdme):
    rows = [row(1, f"c{number}", "Positive", (1, 2, 3), "AU12")[: -len(UNITS)] for number in range(267)]
    root = fourdme(rows, header=HEADER[: -len(UNITS)])
    assert list(by_where(FourDme.open(root).check(), "swapped_action_units")) == ["01/c144", "01/c145"]


def test_columns_that_say_another_emotion_than_the_text_are_named(fourdme):
    rows = [row(1, "1_1_2", "Other", (1826, 1830, 1841), "AU12", 0, ["Negative"]), *ROWS[1:]]
    dataset = FourDme.open(fourdme(rows))
    assert by_where(dataset.check(), "emotion_columns") == {"01/1_1_2": "the text counts"}
    assert dataset.clips()[0].emotion == "others"


def test_without_a_text_the_columns_say_the_emotion(fourdme):
    rows = [row(1, "1_1_2", None, (1826, 1830, 1841), "AU12", 0, ["Repression"])]
    assert FourDme.open(fourdme(rows)).clips()[0].emotion == "repression"


def test_the_table_from_before_the_release_has_quotes_behind_its_names(fourdme):
    header = ["sub_ID'", "video_number'", "Emotion'", *HEADER[3:]]
    assert len(FourDme.open(fourdme(header=header)).clips()) == 3


def test_counts_are_held_against_the_release_and_told_ones_against_nothing(fourdme, kinds):
    report = FourDme.open(fourdme()).check()
    counts = {count.name: (count.found, count.expected) for count in report.counts}
    assert (counts["annotated rows"], counts["subjects"]) == ((3, 267), (2, None))
    assert kinds(report)["unconfirmed_count"] == ["subjects"]


@pytest.mark.parametrize("tree", ["gray_micro", "4DME/gray_micro", "data/4DME/Grey_Micro", "gray micro"])
def test_trees_vary(fourdme, tree):
    assert len(FourDme.open(fourdme(tree=tree)).clips()) == 3


def test_folders_without_a_row_and_rows_without_a_folder_are_named(fourdme, kinds):
    report = FourDme.open(fourdme(ROWS[:2], {"1/1_1_2": (1826, 1850), "20/0007": (5, 20)})).check()
    assert (kinds(report)["no_row"], kinds(report)["no_frames"]) == (["0007"], ["01/1_1_3"])


def test_wrong_roots_and_missing_workbooks_are_one_sentence(fourdme, tmp_path):
    with pytest.raises(UserError, match=f"No folder gray_micro was found in {tmp_path}: give --root"):
        FourDme.open(tmp_path).clips()
    root = fourdme()
    (root / "4DME_Labelling_Micro_release v1.xlsx").unlink()
    with pytest.raises(UserError, match="No workbook named 4DME_Labelling_Micro_release v1.xlsx was found"):
        FourDme.open(root).clips()


def test_a_copy_with_the_counts_of_the_release_is_in_order(fourdme, kinds):
    rows, folders = [], {}
    for i in range(267):
        person, label = i % 41 + 1, LABELS[i % 5]
        rows.append(row(person, f"c_{i}", label, (101, 103, 105), UNITS[i % 4], 0, [label], [UNITS[i % 4]]))
        folders[f"{person}/c_{i}"] = (101, 106)
    swapped = rows[144][6], rows[145][6] = rows[145][6], rows[144][6]
    dataset = FourDme.open(fourdme(rows, folders))
    report = dataset.check()
    assert report.ok
    assert len(dataset.clips()) == 267
    assert kinds(report) == {"swapped_action_units": ["22/c_144"]}
    units = {clip.id: clip.action_units for clip in dataset.clips()}
    assert (units["c_144"], units["c_145"]) == swapped[::-1]
