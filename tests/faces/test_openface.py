from __future__ import annotations

import os
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mebench.errors import UserError
from mebench.faces.openface import PRESENCE_UNITS, OpenFaceTable, read_table
from mebench.frames.openface_faces import AlignedFolder
from mebench.schema.action_units import ACTION_UNITS

REAL = Path(__file__).parents[3] / "shared" / "real" / "OpenFace_Test.csv"
INTENSITIES = [f"AU{u:02d}_r" for u in ACTION_UNITS]
PRESENCES = [f"AU{u:02d}_c" for u in PRESENCE_UNITS]


def table(path: Path, head: list[str], rows: list[list[float]], *, separator: str = ",", drop: str = "") -> Path:
    """Write a table whose intensities are a quarter of the frame number plus a hundredth per column."""
    names = [*head, "gaze_0_x", *INTENSITIES, *PRESENCES]
    keep = [i for i, name in enumerate(names) if name != drop]
    lines = [separator.join(names[i] for i in keep)]
    for row in rows:
        cells = [*row, -0.25, *(row[0] / 4 + 0.01 * i for i in range(17)), *(i % 2 for i in range(18))]
        lines.append(separator.join(str(round(cells[i], 4)) for i in keep))
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
    np.testing.assert_allclose(got.intensities[0], 0.25 + 0.01 * np.arange(17), atol=1e-6)
    assert not got.intensities[1].any()
    assert got.notes == ()
    np.testing.assert_array_equal(got.presence[0], np.arange(18) % 2)


def test_image_tables_have_neither_frames_nor_success(tmp_path: Path) -> None:
    got = read_table(table(tmp_path / "a.csv", IMAGE, [[0, 0.9], [1, 0.8]]))
    assert got.frames.tolist() == [1, 2]
    assert got.success.all()
    assert got.intensities[1, 0] == pytest.approx(0.25)


def test_columns_are_found_by_name_not_by_place(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", OLD, [[3, 0.0, 1, 1]])
    names, values = (line.split(",") for line in path.read_text().split())
    path.write_text(",".join(names[::-1]) + "\n" + ",".join(values[::-1]) + "\n")
    np.testing.assert_allclose(read_table(path).intensities[0], 0.75 + 0.01 * np.arange(17), atol=1e-6)


def test_of_several_people_the_one_seen_most_is_kept(tmp_path: Path) -> None:
    rows = [[1, 0, 0, 0.9, 0], [1, 1, 0, 0.9, 1], [2, 0, 0, 0.9, 1], [2, 1, 0, 0.9, 1], [3, 1, 0, 0.9, 1]]
    assert read_table(table(tmp_path / "a.csv", NEW, rows)).frames.tolist() == [1, 2, 3]


def test_missing_presence_is_nan(tmp_path: Path) -> None:
    got = read_table(table(tmp_path / "a.csv", OLD, [[1, 0.0, 1, 1]], drop="AU28_c"))
    assert np.isnan(got.presence[0]).tolist() == [u == 28 for u in PRESENCE_UNITS]


def test_absent_and_failed_frames_borrow_from_the_nearest_earlier(tmp_path: Path) -> None:
    rows = [[2, 0, 1, 1], [3, 0, 1, 0], [5, 0, 1, 1], [9, 0, 1, 1]]
    values, seen = read_table(table(tmp_path / "a.csv", OLD, rows)).per_frame(7)
    assert (4 * values[:, 0]).tolist() == [2, 2, 2, 2, 5, 5, 5]
    assert seen.tolist() == [False, True, False, False, True, False, False]


def test_a_table_without_success_is_all_zero(tmp_path: Path) -> None:
    values, seen = read_table(table(tmp_path / "a.csv", OLD, [[1, 0, 1, 0]])).per_frame(3)
    assert values.shape == (3, 17)
    assert not values.any()
    assert not seen.any()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "a.csv is empty"),
        (b"\n \n", "a.csv is empty"),
        (b"a,b\n1,2\n", "has no column frame"),
        (b"frame,success\n1,1\n", "has no column confidence"),
        (b"frame,confidence,success\n1,1,1\n", "no column AU01_r: run"),
        (b"frame,frame,confidence\n1,1,1\n", "has the column frame twice"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "a.csv is no text"),
        (b"PK\x03\x04\0", "a.csv is no text"),
        (b"frame,confidence\n1,\xff\xfe\xfa\n", "a.csv is no text"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(UserError, match=message):
        read_table(tmp_path / "a.csv")


def test_a_header_without_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="a.csv has a header and no rows"):
        read_table(table(tmp_path / "a.csv", OLD, []))


def kinds(got: OpenFaceTable) -> dict[str, str]:
    """Return the details of the notes of a table, by kind."""
    return {note.kind: note.detail for note in got.notes}


def steady(n: int, *, first: int = 1) -> list[list[float]]:
    """Return the beginnings of n rows of a video."""
    return [[first + i, i / 30, 0.98, 1] for i in range(n)]


def test_frames_from_zero_are_shifted(tmp_path: Path) -> None:
    got = read_table(table(tmp_path / "a.csv", OLD, steady(5, first=0)))
    assert got.frames.tolist() == [1, 2, 3, 4, 5]
    assert kinds(got) == {"from_zero": "frames 0-4"}


def test_rows_in_any_order_and_twice_are_sorted(tmp_path: Path) -> None:
    rows = steady(4)
    got = read_table(table(tmp_path / "a.csv", OLD, [rows[0], rows[2], rows[1], rows[2], rows[3]]))
    assert got.frames.tolist() == [1, 2, 3, 4]
    assert kinds(got)["unsorted"] == "line 4 goes back to an earlier frame"
    assert kinds(got)["repeated"] == "1 rows repeat a frame, the first in line 5"


def edited(path: Path, line: int, column: str, cell: str) -> Path:
    """Put another cell into a line of a table."""
    lines = path.read_text().splitlines()
    cells = lines[line - 1].split(",")
    cells[lines[0].split(",").index(column)] = cell
    lines[line - 1] = ",".join(cells)
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.mark.parametrize("cell", ["nan", "-nan(ind)", "inf", "-inf", "1.#QNAN", "-1.#IND", "", "NA", "7.5", "-3"])
@pytest.mark.parametrize("column", ["AU01_r", "AU45_r"])
def test_a_row_without_usable_numbers_counts_as_without_a_face(tmp_path: Path, cell: str, column: str) -> None:
    got = read_table(edited(table(tmp_path / "a.csv", OLD, steady(8)), 4, column, cell))
    assert got.success.tolist() == [True, True, False, *[True] * 5]
    assert not got.intensities[2].any()
    kind = "far_out" if cell in ("7.5", "-3") else "no_numbers"
    assert f"first in line 4, column {column}" in kinds(got)[kind]


@pytest.mark.parametrize("cell", ["nan", "-nan(ind)", "rubbish", "99", ""])
def test_rows_without_success_may_hold_anything(tmp_path: Path, cell: str) -> None:
    path = edited(table(tmp_path / "a.csv", OLD, steady(8)), 4, "success", "0")
    for column in ("AU12_r", "confidence", "AU12_c"):
        edited(path, 4, column, cell)
    got = read_table(path)
    assert got.success.tolist() == [True, True, False, *[True] * 5]
    assert got.notes == ()


def test_a_cell_that_nothing_can_be_made_of_is_named(tmp_path: Path) -> None:
    path = edited(table(tmp_path / "a.csv", OLD, steady(8)), 5, "AU12_r", "rubbish")
    with pytest.raises(UserError, match=r"a\.csv, line 5, column AU12_r holds 'rubbish', which is no number"):
        read_table(path)


@pytest.mark.parametrize("cell", ["1.5", "-4", "nan", "1e30", "one"])
def test_frames_that_are_no_numbers_of_frames_are_named(tmp_path: Path, cell: str) -> None:
    path = edited(table(tmp_path / "a.csv", OLD, steady(8)), 5, "frame", cell)
    with pytest.raises(UserError, match=rf"a\.csv, line 5, column frame holds '{cell}'"):
        read_table(path)


def test_a_table_of_mostly_useless_rows_is_refused_at_its_first(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", OLD, steady(8))
    for line in range(3, 9):
        edited(path, line, "AU12_r", "-7")
    with pytest.raises(UserError, match=r"line 3, column AU12_r holds '-7', and only 2 of 8 rows with success"):
        read_table(path)


def test_intensities_just_outside_are_brought_back_and_counted(tmp_path: Path) -> None:
    path = edited(edited(table(tmp_path / "a.csv", OLD, steady(8)), 3, "AU01_r", "-0.02"), 4, "AU02_r", "5.2")
    got = read_table(path)
    assert got.intensities[1, 0] == 0
    assert got.intensities[2, 1] == 5
    assert kinds(got) == {"outside": "2 cells, first in line 3, column AU01_r"}


def test_columns_that_never_change_are_noted(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", OLD, steady(12))
    for line in range(2, 14):
        edited(path, line, "AU12_r", "0.50")
        edited(path, line, "AU25_r", "0.00")
    assert kinds(read_table(path)) == {"constant": "AU12_r never changes"}
    for line in range(2, 14):
        for name in INTENSITIES:
            edited(path, line, name, "0")
    assert kinds(read_table(path)) == {"constant": "all intensities never change"}


@pytest.mark.parametrize(("delimiter", "name"), [(";", "semicolons"), ("\t", "tabs")])
def test_semicolons_tabs_and_decimal_commas_are_read(tmp_path: Path, delimiter: str, name: str) -> None:
    path = table(tmp_path / "a.csv", OLD, steady(3))
    usual = read_table(path).intensities
    path.write_text(path.read_text().replace(",", delimiter).replace(".", ","))
    got = read_table(path)
    np.testing.assert_array_equal(got.intensities, usual)
    assert kinds(got)["delimiter"] == name
    assert "cells" in kinds(got)["decimal_comma"]


@pytest.mark.parametrize("coding", ["utf-8-sig", "utf-16"])
def test_tables_saved_again_by_a_spreadsheet_are_read(tmp_path: Path, coding: str) -> None:
    path = table(tmp_path / "a.csv", OLD, steady(3))
    path.write_bytes(path.read_text().replace("\n", "\r\n").encode(coding))
    assert read_table(path).frames.tolist() == [1, 2, 3]


def test_a_row_cut_short_is_named(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", OLD, steady(3))
    path.write_text(path.read_text()[:-20])
    with pytest.raises(UserError, match=r"a\.csv, line 4 has \d+ cells where the header has 40"):
        read_table(path)


def test_the_other_faces_are_told(tmp_path: Path) -> None:
    rows = [[frame, face, 0.0, 0.9, 1] for frame in range(1, 6) for face in range(2) if face or frame > 3]
    got = read_table(table(tmp_path / "a.csv", NEW, rows))
    assert kinds(got) == {"faces": "face 0 in 2 frames, face 1 in 5 frames: face 1"}
    assert got.frames.tolist() == [1, 2, 3, 4, 5]


def test_the_rate_of_the_time_stamps_is_told(tmp_path: Path) -> None:
    assert read_table(table(tmp_path / "a.csv", OLD, steady(9))).rate == pytest.approx(30, rel=1e-3)
    assert np.isnan(read_table(table(tmp_path / "b.csv", IMAGE, [[0, 0.9], [1, 0.8]])).rate)


@given(st.data())
def test_whatever_is_written_into_a_table_gives_a_table_or_one_sentence(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = table(tmp_path_factory.mktemp("t") / "a.csv", NEW, [[n, 0, n / 30, 0.98, 1] for n in range(1, 6)])
    cells = st.text(st.sampled_from('01.-+eEnaif,;"\t #()\r\n\0x\u00e9_'), max_size=6)
    text = path.read_text()
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + data.draw(cells) + text[at + data.draw(st.integers(0, 3)) :]
    path.write_bytes(text.encode())
    got = table_or_sentence(path)
    if isinstance(got, str):
        assert str(path) in got
        return
    assert (np.diff(got.frames) > 0).all()
    assert got.frames[0] >= 1
    assert got.success.shape == got.frames.shape
    assert ((got.intensities >= 0) & (got.intensities <= 5)).all()


def table_or_sentence(path: Path) -> OpenFaceTable | str:
    try:
        return read_table(path)
    except UserError as error:
        return str(error)


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


def test_a_table_that_is_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.csv")
    with pytest.raises(
        UserError, match=r"a.csv cannot be read \(it is a pipe and not a file; write its content to a file"
    ):
        read_table(tmp_path / "a.csv")
