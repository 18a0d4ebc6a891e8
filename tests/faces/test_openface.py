from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from mebench.errors import UserError
from mebench.faces.openface import PRESENCE_UNITS, read_table
from mebench.frames.openface_faces import AlignedFolder
from mebench.schema.action_units import ACTION_UNITS

REAL = Path(__file__).parents[3] / "shared" / "real" / "OpenFace_Test.csv"
INTENSITIES = [f"AU{u:02d}_r" for u in ACTION_UNITS]
PRESENCES = [f"AU{u:02d}_c" for u in PRESENCE_UNITS]


def table(path: Path, head: list[str], rows: list[list[float]], *, separator: str = ",", drop: str = "") -> Path:
    """Write a table whose intensities are the frame number plus a hundredth per column."""
    names = [*head, "gaze_0_x", *INTENSITIES, *PRESENCES]
    keep = [i for i, name in enumerate(names) if name != drop]
    lines = [separator.join(names[i] for i in keep)]
    for row in rows:
        cells = [*row, -0.25, *(row[0] + 0.01 * i for i in range(17)), *(i % 2 for i in range(18))]
        lines.append(separator.join(str(round(cells[i], 2)) for i in keep))
    path.write_text("\n".join(lines) + "\n")
    return path


NEW = ["frame", "face_id", "timestamp", "confidence", "success"]
OLD = ["frame", "timestamp", "confidence", "success"]
IMAGE = ["face", "confidence"]


def test_units_are_those_of_thesis_table_3_1() -> None:
    assert len(ACTION_UNITS) == 17
    assert set(PRESENCE_UNITS) - set(ACTION_UNITS) == {28}


@pytest.mark.parametrize(
    ("head", "rows", "separator"),
    [
        (NEW, [[1, 0, 0.0, 0.98, 1], [2, 0, 0.03, 0.3, 0]], ","),
        (OLD, [[1, 0.0, 0.98, 1], [2, 0.03, 0.3, 0]], ", "),
    ],
)
def test_video_tables_new_and_old(tmp_path: Path, head: list[str], rows: list, separator: str) -> None:
    got = read_table(table(tmp_path / "a.csv", head, rows, separator=separator))
    assert got.frames.tolist() == [1, 2]
    assert got.success.tolist() == [True, False]
    np.testing.assert_allclose(got.confidence, [0.98, 0.3])
    np.testing.assert_allclose(got.intensities[1], 2 + 0.01 * np.arange(17), atol=1e-6)
    np.testing.assert_array_equal(got.presence[0], np.arange(18) % 2)


def test_image_tables_have_neither_frames_nor_success(tmp_path: Path) -> None:
    got = read_table(table(tmp_path / "a.csv", IMAGE, [[0, 0.9], [1, 0.8]]))
    assert got.frames.tolist() == [1, 2]
    assert got.success.all()
    assert got.intensities[1, 0] == pytest.approx(1)


def test_columns_are_found_by_name_not_by_place(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", OLD, [[3, 0.0, 1, 1]])
    names, values = (line.split(",") for line in path.read_text().split())
    path.write_text(",".join(names[::-1]) + "\n" + ",".join(values[::-1]) + "\n")
    np.testing.assert_allclose(read_table(path).intensities[0], 3 + 0.01 * np.arange(17), atol=1e-6)


def test_of_several_people_the_one_seen_most_is_kept(tmp_path: Path) -> None:
    rows = [[1, 0, 0, 0.9, 0], [1, 1, 0, 0.9, 1], [2, 0, 0, 0.9, 1], [2, 1, 0, 0.9, 1], [3, 1, 0, 0.9, 1]]
    assert read_table(table(tmp_path / "a.csv", NEW, rows)).frames.tolist() == [1, 2, 3]


def test_missing_presence_is_nan(tmp_path: Path) -> None:
    got = read_table(table(tmp_path / "a.csv", OLD, [[1, 0.0, 1, 1]], drop="AU28_c"))
    assert np.isnan(got.presence[0]).tolist() == [u == 28 for u in PRESENCE_UNITS]


def test_absent_and_failed_frames_borrow_from_the_nearest_earlier(tmp_path: Path) -> None:
    rows = [[2, 0, 1, 1], [3, 0, 1, 0], [5, 0, 1, 1], [9, 0, 1, 1]]
    values, seen = read_table(table(tmp_path / "a.csv", OLD, rows)).per_frame(7)
    assert values[:, 0].tolist() == [2, 2, 2, 2, 5, 5, 5]
    assert seen.tolist() == [False, True, False, False, True, False, False]


def test_a_table_without_success_is_all_zero(tmp_path: Path) -> None:
    values, seen = read_table(table(tmp_path / "a.csv", OLD, [[1, 0, 1, 0]])).per_frame(3)
    assert values.shape == (3, 17)
    assert not values.any()
    assert not seen.any()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "not a readable OpenFace table"),
        ("a,b\n1,2\n", "no `frame` or `face` column|not a readable"),
        ("frame,confidence,success\n1,1,1\n", "no column AU01_r: run"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "a.csv").write_text(content)
    with pytest.raises(UserError, match=message):
        read_table(tmp_path / "a.csv")


def test_cells_that_are_no_numbers(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", OLD, [[1, 0, 1, 1]])
    path.write_text(path.read_text().replace("1.16", "-nan(ind)x"))
    with pytest.raises(UserError, match="a cell that is no number"):
        read_table(path)


def test_a_table_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="does not exist"):
        read_table(tmp_path / "a.csv")


@pytest.mark.skipif(not REAL.is_file(), reason="the real table is not beside the repository")
def test_a_real_table_of_an_old_version() -> None:
    got = read_table(REAL)
    assert len(got.frames) == len(REAL.read_text().splitlines()) - 1
    assert got.frames[0] == 1
    assert got.intensities.min() >= 0
    assert got.intensities.max() <= 5
    assert np.isin(got.presence, [0, 1]).all()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Frames 1, 3, 4 of one person, frame 2 of another, and a file that is none."""
    where = tmp_path / "clip_aligned"
    where.mkdir()
    for name, value in {"00_000001": 10, "00_000003": 30, "00_000004": 40, "01_000002": 99}.items():
        cv2.imwrite(str(where / f"frame_det_{name}.bmp"), np.full((112, 112, 3), value, np.uint8))
    (where / "notes.txt").touch()
    return where


def test_aligned_folder_goes_by_the_frame_number(folder: Path) -> None:
    frames = AlignedFolder(folder, count=6)
    assert len(frames) == 6
    assert frames.read(0, 6)[:, 0, 0].tolist() == [10, 10, 30, 40, 40, 40]
    assert frames.missing == (2, 5, 6)


def test_aligned_stills(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "face_det_000001.png"), np.full((112, 112), 5, np.uint8))
    assert AlignedFolder(tmp_path).read(0, 1).max() == 5


def test_aligned_folder_without_faces(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "img1.png"), np.zeros((112, 112), np.uint8))
    with pytest.raises(UserError, match="no numbered"):
        len(AlignedFolder(tmp_path))


def test_aligned_faces_of_another_size(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "frame_det_00_000001.png"), np.zeros((96, 80), np.uint8))
    with pytest.raises(UserError, match=r"80x96 px, not 112x112.*-simsize 112"):
        AlignedFolder(tmp_path).read(0, 1)
