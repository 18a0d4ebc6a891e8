"""Whether a table belongs to a video."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mebench.errors import UserError
from mebench.faces.openface_fit import fitted_table
from mebench.schema.action_units import ACTION_UNITS

HEAD = ["frame", "timestamp", "confidence", "success", *(f"AU{unit:02d}_r" for unit in ACTION_UNITS)]
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def _write(n: int, *, first: int = 1, rate: float = 30.0, found: int | None = None) -> Path:
        lines = [",".join(HEAD)]
        for i in range(n):
            success = int(found is None or i < found)
            cells = [first + i, round(i / rate, 4), 0.98, success, *(i % 5 * 0.5 for _ in ACTION_UNITS)]
            lines.append(",".join(map(str, cells)))
        path = tmp_path / "v.csv"
        path.write_text("\n".join(lines) + "\n")
        return path

    return _write


def told(path: Path, n_frames: int = 240, fps: float = 30.0) -> dict[str, str]:
    return {note.kind: note.detail for note in fitted_table(path, n_frames, fps).notes}


def test_a_table_of_the_video_has_nothing_to_tell(write: Write) -> None:
    assert told(write(240)) == {}
    assert told(write(240), fps=200) == {}, "OpenFace stamps folders of pictures with 30 frames/s"


def test_what_a_table_leaves_out_is_told(write: Write) -> None:
    assert told(write(120)) == {"ends_early": "the table ends at 120 of 240 frames"}
    assert told(write(200, first=41)) == {"begins_late": "the table begins at frame 41 of 240"}
    assert told(write(242)) == {"beyond": "the table goes on to frame 242 of 240"}
    assert told(write(240, rate=60)) == {"rate": "its time stamps tell 60 frames/s, the video has 30"}


@pytest.mark.parametrize(("n", "rate"), [(480, 30.0), (480, 60.0), (243, 30.0)])
def test_a_longer_table_is_of_another_video_or_rate(write: Write, n: int, rate: float) -> None:
    with pytest.raises(UserError, match=f"goes on to frame {n} where the video has 240 frames"):
        told(write(n, rate=rate))


def test_a_table_of_the_same_time_at_a_lower_rate_is_refused(write: Write) -> None:
    with pytest.raises(UserError, match=r"has 120 rows for the 8\.\d+ s in which the video has 240 frames"):
        told(write(120, rate=15))


def test_hardly_any_face_is_refused(write: Write) -> None:
    with pytest.raises(UserError, match="has no frame with success 1"):
        told(write(240, found=0))
    with pytest.raises(UserError, match="has a face in 5 of 240 frames alone"):
        told(write(240, found=5))


def test_a_table_that_changed_is_read_again(write: Write) -> None:
    assert told(write(240)) == {}
    assert "ends_early" in told(write(120))
