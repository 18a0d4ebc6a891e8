"""Action units over a video."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from mebench.errors import UserError
from mebench.figures.action_units import MOST, draw_units, named_units, unit_curves
from mebench.figures.video import video_of
from mebench.schema.action_units import ACTION_UNITS
from mebench.schema.recordings import Event, ExpressionType, Video


@pytest.fixture
def video(tmp_path: Path) -> Video:
    """A video with a table of OpenFace: unit `n` rises from 0 to `n / 10`, and there is no face in the fourth frame."""
    found = video_of("synth_lv:subjects=1,videos=1,seconds=3", "")
    columns = ["frame", "timestamp", "confidence", "success", *(f"AU{unit:02d}_r" for unit in ACTION_UNITS)]
    rise = np.linspace(0, 0.1, found.n_frames)
    rows = [
        [i + 1, i / found.fps, 1, int(i != 3), *(unit * rise[i] for unit in ACTION_UNITS)]
        for i in range(found.n_frames)
    ]
    (tmp_path / "table.csv").write_text("\n".join(",".join(map(str, row)) for row in [columns, *rows]) + "\n")
    return dataclasses.replace(found, action_units_csv=str(tmp_path / "table.csv"))


def test_the_curves_are_those_of_the_table(video: Video) -> None:
    found = unit_curves(video, (7, 4, 7))
    assert (found.detector, list(found.curves), sorted(found.arrays())) == ("openface", [7, 4], ["AU04", "AU07"])
    assert np.isnan(found.curves[4][3])
    seen = np.arange(video.n_frames) != 3
    assert np.allclose(found.curves[4][seen], np.linspace(0, 0.4, video.n_frames)[seen], atol=1e-4)


def test_the_units_that_events_name_are_drawn(video: Video) -> None:
    found = unit_curves(video)
    assert tuple(found.curves) == named_units(video)
    assert draw_units(found) == draw_units(unit_curves(video))
    assert draw_units(found) != draw_units(unit_curves(video, tuple(found.curves)[:1]))
    assert draw_units(unit_curves(video, ACTION_UNITS))["png"].startswith(b"\x89PNG")


def test_those_that_are_named_most_often_come_first(video: Video) -> None:
    events = [Event(1, 9, ExpressionType.MACRO, 5, action_units=text) for text in ("4B+12", "12", "1+2+6+7+9+10", "28")]
    units = named_units(dataclasses.replace(video, events=tuple(events)))
    assert (units, len(units)) == ((1, 2, 4, 6, 7, 12), MOST)
    assert tuple(unit_curves(dataclasses.replace(video, events=())).curves) == (4, 7)


def test_what_has_no_intensity_is_refused(video: Video) -> None:
    with pytest.raises(UserError, match="Action unit 28 has no intensity: give some of 1, 2, 4"):
        unit_curves(video, (4, 28))
    with pytest.raises(UserError, match="no action-unit detector 'opnface'"):
        unit_curves(video, detector="opnface")
