"""The signal of `au_sum` over a video."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mebench.errors import UserError
from mebench.faces.cache import FrameCache
from mebench.figures.au_sum import au_sum_of, draw_au_sum
from mebench.figures.video import video_of
from mebench.methods.base import RunContext
from mebench.methods.spotting.au_sum import AuSum


def test_the_plot_shows_what_the_method_spots_by(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEBENCH_CACHE", str(tmp_path))
    video = video_of("synth_lv:subjects=1,videos=2,seconds=6", "")
    found = au_sum_of(video)
    spotted = AuSum.configure({}, "synth_lv").spot(video.without_truth(), RunContext(0, "cpu", FrameCache()))
    assert found.intervals == spotted.intervals
    assert np.nanmax(found.total) == 1.0
    assert np.allclose(found.smoothed, spotted.scores.sum(axis=1), atol=1e-6)
    assert all(found.smoothed[peak] > found.floor for peak in found.peaks)
    assert [one.score for one in found.intervals] == pytest.approx([found.smoothed[peak] for peak in found.peaks])
    assert draw_au_sum(found) == draw_au_sum(au_sum_of(video))
    lower = au_sum_of(video, "au_sum:percentile=50")
    assert (lower.percentile, lower.floor < found.floor) == (50, True)


def test_another_method_has_no_such_signal() -> None:
    with pytest.raises(UserError, match="mdmd has no sum of action units"):
        au_sum_of(video_of("synth_lv:subjects=1,videos=2,seconds=6", ""), "mdmd")
