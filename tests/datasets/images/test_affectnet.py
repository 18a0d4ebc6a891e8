from __future__ import annotations

import numpy as np
import pytest

from mebench.datasets.images.affectnet import EMOTIONS, LABELS, PROMISED, AffectNet
from mebench.datasets.images.affectnet_lists import COLUMNS
from mebench.errors import UserError

from .conftest import found

TRAINING = [("1/aa.jpg", 1, 0.8, 0.1), ("1/bb.JPG", 9, -2, -2), ("2/cc.png", 7, -0.5, 0.25), ("2/gone.jpg", 0, 0, 0)]
VALIDATION = [("3/dd.jpg", 6, -0.7, 0.6), ("3/ee.jpg", 2, -2, -2)]


def write_lists(root, *, header=True):
    for part, rows in (("training", TRAINING), ("validation", VALIDATION)):
        lines = [",".join(COLUMNS)] if header or part == "training" else []
        lines += [f"{path},1,2,30,40,1.5;2.5;3.5,{label},{valence},{arousal}" for path, label, valence, arousal in rows]
        folder = root / "Manually_Annotated_file_lists"
        folder.mkdir(exist_ok=True)
        (folder / f"{part}.csv").write_text("\n".join(lines) + "\n")
    return root


@pytest.fixture
def lists(write):
    names = [path for path, *_ in TRAINING + VALIDATION if "gone" not in path]
    return write_lists(write(*(f"Manually_Annotated_Images/{name}" for name in names)))


@pytest.fixture
def folders(write):
    root = write("train_set/images/0.jpg", "train_set/images/11.jpg", "train_set/images/7.jpg", "val_set/images/0.jpg")
    labels = {"train_set": {"0": "3", "11": "0"}, "val_set": {"0": "5"}}
    for part, of_image in labels.items():
        (root / part / "annotations").mkdir()
        for number, label in of_image.items():
            for kind, value in (("exp", label), ("val", "-0.25"), ("aro", "0.5"), ("lnd", "1.0")):
                np.save(root / part / "annotations" / f"{number}_{kind}.npy", np.array(value))
    return root


def test_the_lists_say_what_pictures_show(lists) -> None:
    clips = AffectNet.open(lists).clips()
    assert [(clip.id, clip.emotion) for clip in clips] == [
        ("training_aa", "happy"),
        ("training_cc", "contempt"),
        ("validation_dd", "anger"),
        ("validation_ee", "sad"),
    ]
    assert clips[1].frames.read(0, 1).shape == (1, 12, 10)


def test_missing_pictures_no_expressions_and_no_ratings_are_counted(lists, errata) -> None:
    dataset = AffectNet.open(lists)
    kinds = errata(dataset.check())
    assert kinds["missing_image"][:2] == ("1 in all", "left out")
    assert kinds["missing_image"][2].endswith("Manually_Annotated_Images/2/gone.jpg")
    assert kinds["no_expression"] == ("1 in all", "left out", "training.csv, 1/bb.JPG")
    assert kinds["no_rating"] == ("1 in all", "valence and arousal are not a number", "3/ee.jpg")
    assert {"assumed", "unknown_people"} <= set(kinds)
    ratings = dataset.ratings()
    assert ratings.dtype == np.float32
    assert ratings[:3] == pytest.approx(np.array([[0.8, 0.1], [-0.5, 0.25], [-0.7, 0.6]]), abs=1e-6)
    assert np.isnan(ratings[3]).all()


def test_faces_without_expression_can_be_kept(lists) -> None:
    dataset = AffectNet.open(lists, {"no_expression": "keep", "part": "training"})
    assert [clip.emotion for clip in dataset.clips()] == ["happy", "uncertain", "contempt"]
    counts = found(dataset.check())
    assert counts["images"] == (3, 414_799)
    assert counts["images of uncertain"] == (1, 11_645)


def test_a_validation_list_without_header_is_sniffed(lists, errata) -> None:
    expected = [clip.key for clip in AffectNet.open(lists).clips()]
    dataset = AffectNet.open(write_lists(lists, header=False))
    assert [clip.key for clip in dataset.clips()] == expected
    policy = "read as with the release's columns"
    assert errata(dataset.check())["no_header"] == ("validation.csv", policy, "9 columns")


def test_the_promised_counts_agree_with_each_other(lists) -> None:
    assert sum(PROMISED[: len(EMOTIONS)]) == 287_651
    assert sum(PROMISED) == 414_799
    counts = found(AffectNet.open(lists).check())
    assert counts["images"] == (4, 287_651 + 4_000)
    assert counts["images of disgust"] == (0, 4_303)


def test_the_folders_hold_a_label_for_each_picture(folders, errata) -> None:
    dataset = AffectNet.open(folders)
    assert [(clip.id, clip.emotion) for clip in dataset.clips()] == [
        ("training_0", "surprise"),
        ("training_11", "neutral"),
        ("validation_0", "disgust"),
    ]
    report = dataset.check()
    assert found(report)["images"] == (3, 287_651 + 3_999)
    assert errata(report)["missing_label"] == ("1 in all", "left out", "train_set/7.jpg")
    assert dataset.ratings().tolist() == [[-0.25, 0.5]] * 3
    assert len(AffectNet.open(folders, {"part": "validation"}).clips()) == 1


def test_one_list_may_be_missing_and_is_told(lists, errata) -> None:
    (lists / "Manually_Annotated_file_lists" / "validation.csv").unlink()
    dataset = AffectNet.open(lists)
    assert errata(dataset.check())["missing_list"][0] == "validation.csv"
    assert len(dataset.clips()) == 2


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("1/aa.jpg,1,2,3,4,5;6,x,0,0", r"Line 2 of .*training.csv is no row of AffectNet"),
        ("1/aa.jpg,1,2", r"Line 2 of .*training.csv is no row of AffectNet"),
    ],
)
def test_a_row_that_is_none_is_told_by_number(lists, line, message) -> None:
    path = lists / "Manually_Annotated_file_lists" / "training.csv"
    path.write_text(",".join(COLUMNS) + f"\n{line}\n")
    with pytest.raises(UserError, match=message):
        AffectNet.open(lists).clips()


def test_unknown_labels_are_counted(lists, errata) -> None:
    path = lists / "Manually_Annotated_file_lists" / "training.csv"
    path.write_text(",".join(COLUMNS) + "\n1/aa.jpg,1,2,3,4,5;6,11,0,0\n")
    assert errata(AffectNet.open(lists).check())["unknown_label"][2] == "training.csv, 1/aa.jpg: 11"


def test_wrong_copies_are_told_in_one_sentence(lists) -> None:
    path = lists / "Manually_Annotated_file_lists" / "training.csv"
    path.write_text("subDirectory_filePath,valence\n")
    with pytest.raises(UserError, match=r"has no column expression: unpack"):
        AffectNet.open(lists).clips()
    (lists / "Manually_Annotated_Images").rename(lists / "pictures")
    with pytest.raises(UserError, match=r"The lists of AffectNet are there, but no folder Manually_Annotated_Images"):
        AffectNet.open(lists).clips()


def test_another_folder_is_told(tmp_path) -> None:
    with pytest.raises(UserError, match=r"Neither Manually_Annotated_file_lists/training.csv nor train_set"):
        AffectNet.open(tmp_path).clips()


def test_labels_are_in_lower_case_and_in_the_order_of_their_numbers() -> None:
    assert [LABELS[i] for i in (0, 5, 7, 10)] == ["neutral", "disgust", "contempt", "non-face"]
    assert len(PROMISED) == len(LABELS)


def test_both_layouts_conform(lists, conforms) -> None:
    conforms(AffectNet, lists)


def test_the_layout_in_folders_conforms(folders, conforms) -> None:
    conforms(AffectNet, folders)
