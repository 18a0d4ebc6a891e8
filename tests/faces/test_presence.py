"""Which source says where the face of a recording is."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from mebench.errors import UserError
from mebench.faces.cache import FrameCache
from mebench.faces.presence import presence_in_faces, presence_in_table
from mebench.methods.base import RunContext
from mebench.schema.action_units import ACTION_UNITS
from mebench.schema.recordings import Video


class Ready:
    """Ready-made aligned faces of which some are not there."""

    digest = "ready"

    def __init__(self, count: int, missing: tuple[int, ...] = ()) -> None:
        self.count, self.missing = count, missing
        self.digest = f"ready{count}{missing}"

    def __len__(self) -> int:
        return self.count

    def read(self, start: int, stop: int, *, grey: bool = True) -> np.ndarray:
        return np.full((stop - start, 112, 112), 9, np.uint8)


@pytest.fixture
def table(tmp_path: Path) -> str:
    """A table of 40 frames whose frames 11-20 are without success."""
    head = ["frame", "timestamp", "confidence", "success", *(f"AU{unit:02d}_r" for unit in ACTION_UNITS)]
    rows = [[n, n / 30, 0.98, int(not 11 <= n <= 20), *[n % 4] * 17] for n in range(1, 41)]
    path = tmp_path / "v.csv"
    path.write_text("\n".join(",".join(map(str, row)) for row in [head, *rows]) + "\n")
    return str(path)


@pytest.fixture
def cache(tmp_path: Path) -> FrameCache:
    return FrameCache(tmp_path / "cache")


def test_who_reads_the_table_believes_the_table(table: str) -> None:
    faces = Ready(40, (1, 2))
    video = Video("d", "s", "v", 30.0, faces, aligned=faces, action_units_csv=table)
    assert presence_in_table(video).missing() == [(11, 20)]
    with pytest.raises(UserError, match="s/v has no OpenFace table"):
        presence_in_table(dataclasses.replace(video, action_units_csv=None))


def test_ready_made_faces_lack_those_that_are_not_there(cache: FrameCache) -> None:
    faces = Ready(40, (1, 2, 30))
    video = Video("d", "s", "v", 30.0, faces, aligned=faces)
    assert presence_in_faces(video, cache).missing() == [(1, 2), (30, 30)]


def test_a_table_beside_ready_made_faces_is_of_the_same_program(table: str, cache: FrameCache) -> None:
    faces = Ready(40, (1, 2))
    video = Video("d", "s", "v", 30.0, faces, aligned=faces, action_units_csv=table)
    assert presence_in_faces(video, cache).missing() == [(1, 2), (11, 20)]


def test_ready_made_faces_that_end_early_or_late_meet_the_frames(cache: FrameCache) -> None:
    for count, missing in ((30, [(31, 40)]), (45, [])):
        video = Video("d", "s", "v", 30.0, Ready(40), aligned=Ready(count))
        assert presence_in_faces(video, cache).missing() == missing


def test_a_table_says_nothing_of_faces_that_another_program_aligned(
    table: str, cache: FrameCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mebench.schema.presence import Presence

    video = Video("d", "s", "v", 30.0, Ready(40), action_units_csv=table)
    monkeypatch.setattr(FrameCache, "presence", lambda *_: Presence.everywhere(40))
    assert presence_in_faces(video, cache).whole


def test_methods_ask_their_context(table: str, cache: FrameCache) -> None:
    faces = Ready(40, (1,))
    video = Video("d", "s", "v", 30.0, faces, aligned=faces, action_units_csv=table)
    context = RunContext(0, "cpu", cache)
    assert context.presence(video).missing() == [(1, 1), (11, 20)]
    assert context.presence(video, table=True).missing() == [(11, 20)]


def test_next_to_no_ready_made_face_is_refused(cache: FrameCache) -> None:
    faces = Ready(40, tuple(range(2, 41)))
    with pytest.raises(UserError, match="Only 1 of 40 frames show a face"):
        presence_in_faces(Video("d", "s", "v", 30.0, faces, aligned=faces), cache)


def test_stretches_end_where_time_is_missing(table: str, cache: FrameCache) -> None:
    frames, faces = Ready(40), Ready(40)
    frames.times = np.arange(40) / 30 + np.where(np.arange(40) < 25, 0, 1)  # type: ignore[attr-defined]
    video = Video("d", "s", "v", 30.0, frames, aligned=faces)
    assert presence_in_faces(video, cache).stretches() == [(0, 25), (25, 40)]
    video = dataclasses.replace(video, action_units_csv=table)
    assert presence_in_table(video).cuts() == presence_in_faces(video, cache).cuts() == [26]
