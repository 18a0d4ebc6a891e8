from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mebench.errors import UserError
from mebench.faces.landmarks.openface import OpenFacePoints, read_points
from mebench.schema.recordings import Video

FRAME = np.zeros((240, 320), np.uint8)
NAMES = [f"{axis}_{i}" for axis in "xy" for i in range(68)]


def table(path: Path, rows: list[tuple[int, int, float, int, float]], comma: str = ", ") -> Path:
    """Rows are frame, face_id, confidence, success, and the place of all points; `X_0` is a decoy in millimetres."""
    lines = [comma.join(["frame", "face_id", "timestamp", "confidence", "success", *NAMES, "X_0"])]
    for frame, person, confidence, success, place in rows:
        xy = [place + i for i in range(68)] + [2 * place + i for i in range(68)]
        lines.append(comma.join(map(str, [frame, person, 0.1, confidence, success, *xy, -999])))
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.mark.parametrize("comma", [", ", ","])
def test_points_by_frame_number(tmp_path: Path, video_of: Callable[..., Video], comma: str) -> None:
    path = table(tmp_path / "v.csv", [(1, 0, 0.9, 1, 10), (2, 0, 0.2, 0, 99), (3, 0, 0.9, 1, 30)], comma)
    detector = OpenFacePoints.configure().of_recording(video_of(FRAME[None], action_units_csv=str(path)))
    (first,), (third,) = detector.find(FRAME, 0), detector.find(FRAME, 2)
    assert first.points is not None
    assert first.points[5].tolist() == [15, 25]
    assert third.left_eye == (30 + 38.5, 60 + 38.5)
    assert third.score == pytest.approx(0.9)
    assert detector.find(FRAME, 1) == []
    assert detector.find(FRAME, 9) == []


def test_several_people_and_cells_that_are_no_numbers(tmp_path: Path) -> None:
    path = table(tmp_path / "v.csv", [(1, 0, 0.9, 1, 10), (1, 1, 0.8, 1, 50), (2, 0, 0.9, 1, 10)])
    path.write_text(
        path.read_text() + path.read_text().splitlines()[-1].replace("0.9", "nan").replace("2", "3", 1) + "\n"
    )
    assert read_points(path)["frame"].tolist() == [1, 1, 2]
    assert [face.points is not None for face in OpenFacePoints(None, path).find(FRAME, 0)] == [True, True]


def test_tables_that_have_no_points(tmp_path: Path, video_of: Callable[..., Video]) -> None:
    path = tmp_path / "v.csv"
    path.write_text("frame, face_id, timestamp, confidence, success, AU01_r\n1, 0, 0, 0.9, 1, 0.5\n")
    with pytest.raises(UserError, match="no column x_0: run OpenFace's FeatureExtraction again with -2Dfp"):
        read_points(path)
    with pytest.raises(UserError, match="does not exist"):
        read_points(tmp_path / "none.csv")
    with pytest.raises(UserError, match="no OpenFace table"):
        OpenFacePoints.configure().of_recording(video_of(FRAME[None]))
    with pytest.raises(UserError, match="needs a recording"):
        OpenFacePoints.configure().find(FRAME, 0)
