"""Checks stay quick and short however much is wrong."""

from __future__ import annotations

import pytest

from mebench.protocols.rules.fits import check_predictions
from mebench.schema.intervals import Intervals
from mebench.schema.problems import SHOWN_PER_KIND, InvalidTable
from mebench.schema.truth import VideoTable

VIDEOS = VideoTable.from_rows([("006", f"006_{i}", 200.0, 1000) for i in range(5)])


def test_what_fits_passes():
    check_predictions(Intervals.from_rows([("006", "006_1", 1, 1000, "macro")]), VIDEOS, "p.csv")
    check_predictions(Intervals.empty(), VIDEOS, "p.csv")


def test_thousands_of_unknown_videos_are_counted():
    rows = [("006", f"x{i}", 1, 5, "micro") for i in range(3000)]
    with pytest.raises(InvalidTable) as caught:
        check_predictions(Intervals.from_rows(rows), VIDEOS, "p.csv")
    assert len(caught.value.problems) == 3000
    assert str(caught.value).count("p.csv:") == SHOWN_PER_KIND
    assert f"and {3000 - SHOWN_PER_KIND} more of the kind 'unknown_video'" in str(caught.value)


def test_reaching_outside_the_video_is_no_misfit():
    check_predictions(Intervals.from_rows([("006", "006_1", -9, 1001, "macro")]), VIDEOS, "p.csv")


def test_without_lines_rows_are_numbered():
    with pytest.raises(InvalidTable, match="predictions:2, offset: expected a frame not before the onset 9"):
        check_predictions(
            Intervals.from_rows([("006", "006_1", 1, 5, "macro"), ("006", "006_1", 9, 1, "macro")]),
            VIDEOS,
            "predictions",
        )


def test_no_videos_at_all():
    with pytest.raises(InvalidTable, match="a video of the truth"):
        check_predictions(Intervals.from_rows([("s", "v", 1, 5, "macro")]), VideoTable.from_rows([]), "p.csv")
