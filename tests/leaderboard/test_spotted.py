from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mebench.apply.record import SpotRecord
from mebench.apply.spot import Spotted, open_video
from mebench.faces.cache import FrameCache
from mebench.leaderboard import spotted as module
from mebench.leaderboard.spotted import write_spotted
from mebench.methods.spotting.base import SpottedInterval, Spotting
from mebench.schema.recordings import ExpressionType

cv2 = pytest.importorskip("cv2", reason="OpenCV is not installed")


@pytest.fixture
def found(tmp_path: Path) -> tuple[Spotted, SpotRecord]:
    """Two expressions in a folder of 80 grey pictures that are numbered from 101."""
    folder = tmp_path / "trip"
    folder.mkdir()
    for number in range(101, 181):
        cv2.imwrite(str(folder / f"{number}.png"), np.full((6, 6), number, np.uint8))
    intervals = tuple(SpottedInterval(a, b, ExpressionType.MACRO, 0.5) for a, b in ((41, 60), (3, 9)))
    spotted = Spotted(open_video(folder), Spotting(intervals, np.zeros((80, 2), np.float32)), "m", 1, ("a note",))
    return spotted, SpotRecord.of(spotted, "content", "made")


def test_the_page_shows_each_interval_by_the_numbers_of_its_files(found, tmp_path: Path) -> None:
    write_spotted(tmp_path / "p.html", *found, cache=FrameCache(tmp_path / "cache"), pictures=True)
    page = (tmp_path / "p.html").read_text()
    assert page.count("<img ") == 6
    for alternative in ("onset, frame 103", "offset, frame 109", "onset, frame 141", "offset, frame 160"):
        assert f'alt="{alternative}"' in page
    assert page.index("frame 103") < page.index("frame 141")
    assert "a note" in page


def test_pictures_can_be_left_off_and_are_bounded(found, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_spotted(tmp_path / "p.html", *found, cache=FrameCache(tmp_path / "cache"), pictures=False)
    assert "<img " not in (tmp_path / "p.html").read_text()
    monkeypatch.setattr(module, "MOST_STRIPS", 1)
    write_spotted(tmp_path / "p.html", *found, cache=FrameCache(tmp_path / "cache"), pictures=True)
    assert (tmp_path / "p.html").read_text().count("<img ") == 3
