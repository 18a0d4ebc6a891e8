from __future__ import annotations

import openpyxl
import pytest

from mebench.datasets.images.emotionet import EmotioNet
from mebench.errors import UserError

NAMES = ["N_0000000437_00540.jpg", "N_0000000001_00001.jpg", "N_0000000002_00002.jpg"]
TABLE = [
    ["URL", "URL orig", "'AU 1'", "'AU 12'", "AU 25"],
    ["http://cbcsl.ece.ohio-state.edu/a/N_0000000437_00540.jpg", "http://x/y.jpg", 1, 1, 0],
    ["'http://cbcsl.ece.ohio-state.edu/a/N_0000000001_00001.jpg'", "http://x/z.jpg", 0, 999, 1],
    ["http://cbcsl.ece.ohio-state.edu/a/N_0000000009_00009.jpg", "http://x/w.jpg", 0, 0, 1],
]


@pytest.fixture
def copy(write):
    root = write(*(f"imgs/{name}" for name in NAMES))
    book = openpyxl.Workbook()
    for row in TABLE:
        book.active.append(row)
    book.save(root / "URLsWithAUs.xlsx")
    (root / "train_ids.csv").write_text(f"{NAMES[0]}\n{NAMES[2]}\nN_0000000009_00009.jpg\n")
    return root


def units(dataset):
    return {clip.id: clip.action_units for clip in dataset.clips()}


def test_action_units_are_those_of_the_row_with_the_name(copy, errata) -> None:
    dataset = EmotioNet.open(copy)
    assert units(dataset) == {
        "N_0000000001_00001": "25",
        "N_0000000002_00002": "",
        "N_0000000437_00540": "1+12",
    }
    kinds = errata(dataset.check())
    assert kinds["unknown_unit"] == ("1 in all", "counts as not active", "N_0000000001_00001")
    assert kinds["not_in_table"] == ("1 in all", "without action units", NAMES[2])
    assert {"assumed", "unknown_people"} <= set(kinds)


def test_the_table_may_be_a_csv(copy) -> None:
    expected = units(EmotioNet.open(copy))
    (copy / "URLsWithAUs.xlsx").unlink()
    (copy / "labels.csv").write_text("\n".join(",".join(map(str, row)) for row in TABLE))
    assert units(EmotioNet.open(copy)) == expected


def test_parts_are_those_of_the_lists_and_what_is_not_there_is_counted(copy, errata) -> None:
    dataset = EmotioNet.open(copy, {"part": "training"})
    assert sorted(units(dataset)) == ["N_0000000002_00002", "N_0000000437_00540"]
    assert errata(dataset.check())["missing_image"] == ("1 in all", "left out", "N_0000000009_00009")
    with pytest.raises(UserError, match=r"test_ids.csv was not found in .*: put it there, or use part=all"):
        EmotioNet.open(copy, {"part": "test"}).clips()


def test_a_pickle_is_never_opened(copy, errata) -> None:
    # Whoever opened it would raise.
    (copy / "aus_openface.pkl").write_bytes(b"cbuiltins\nint\n(S'no number'\ntR.")
    kinds = errata(EmotioNet.open(copy).check())
    assert kinds["pickle"][0] == "aus_openface.pkl"
    assert kinds["pickle"][1].startswith("not read")


def test_pictures_alone_are_enough(write, errata) -> None:
    dataset = EmotioNet.open(write("a/b/N_1_2.jpg"))
    assert units(dataset) == {"N_1_2": ""}
    assert errata(dataset.check())["no_table"][1] == "without action units"


def test_another_folder_is_told(tmp_path) -> None:
    with pytest.raises(UserError, match=r"No picture such as imgs/N_0000000437_00540.jpg was found"):
        EmotioNet.open(tmp_path).clips()
