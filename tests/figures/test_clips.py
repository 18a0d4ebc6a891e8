"""The contact sheet of clips."""

from __future__ import annotations

import dataclasses
import hashlib
from pathlib import Path

import cv2
import numpy as np
import pytest

from mebench.errors import UserError
from mebench.faces.cache import FrameCache
from mebench.figures.clips import ClipRow, chosen, draw_clips, rows_of, sheet_settings
from mebench.frames.pixels import ArrayFrames
from mebench.schema.recordings import Clip

FAST = "crop=whole,flow=farneback,face_size=32"


def clip(number: int, emotion: str = "happiness", database: str = "d1", apex: int = 3) -> Clip:
    """Five frames in which a square grows bright."""
    frames = np.full((5, 24, 24), 60, np.uint8)
    for row in range(5):
        frames[row, 8:16, 8:16] += 8 * row + number
    return Clip("t", "s1", f"c{number}", 30.0, ArrayFrames(frames), emotion, 1, apex, 0, database=database)


@pytest.fixture
def cache(tmp_path: Path) -> FrameCache:
    return FrameCache(tmp_path / "cache")


def test_some_of_each_database_and_label_are_chosen_in_their_order() -> None:
    clips = [clip(i, "ab"[i % 2], f"d{i // 8}") for i in range(16)]
    assert [c.id for c in chosen(clips, (), 4)] == ["c0", "c1", "c8", "c9"]
    assert [c.id for c in chosen(clips, (), 2)] == ["c0", "c8"]
    assert [c.id for c in chosen(clips, (), 6)] == ["c0", "c1", "c2", "c8", "c9", "c10"]
    assert len(chosen(clips, (), 60)) == 16


def test_named_clips_are_chosen_and_unknown_ones_refused() -> None:
    clips = [clip(1), clip(2)]
    assert [c.id for c in chosen(clips, ("d1/s1/c2", "c1"), 1)] == ["c2", "c1"]
    with pytest.raises(UserError, match="c2"):
        chosen(clips, ("c22",), 1)
    with pytest.raises(UserError, match="no clips"):
        chosen([], (), 1)


def test_the_view_is_named_by_what_differs_from_its_defaults() -> None:
    assert sheet_settings("").name == "default"
    assert sheet_settings("flow=dis,face=1,colour=true").name == "flow=dis,colour=True"
    with pytest.raises(UserError, match="view has no setting 'sise'. Did you mean 'size'"):
        sheet_settings("sise=3")


def test_a_row_shows_key_frames_and_is_told_by_the_digest_of_its_faces(cache: FrameCache) -> None:
    (row, other), failed = rows_of([clip(0), clip(7)], sheet_settings(FAST), cache)
    assert not failed
    assert row.faces.shape == (3, 32, 32)
    expected = [cv2.resize(row.clip.frames.read(i, i + 1)[0], (32, 32)) for i in (0, 2, 4)]
    assert row.digest == hashlib.sha256(np.stack(expected).tobytes()).hexdigest() != other.digest
    assert row.describe() == f"d1/s1/c0: happiness, onset 1, apex 3, offset 5, {row.digest[:12]}"


def test_a_spotted_apex_is_told(cache: FrameCache) -> None:
    (row,), _ = rows_of([clip(0, emotion="", apex=0)], sheet_settings(FAST), cache)
    assert "no label" in row.describe()
    assert "(spotted)" in row.describe()


def test_what_has_no_face_is_told_beside_what_has_one(cache: FrameCache) -> None:
    settings = sheet_settings("flow=farneback")
    with pytest.raises(UserError, match="No face was found in the clip c0 .* crop=whole"):
        rows_of([clip(0)], settings, cache)
    outside = dataclasses.replace(clip(1), apex=99)
    rows, failed = rows_of([clip(0), outside], sheet_settings(FAST), cache)
    assert [row.clip.id for row in rows] == ["c0"]
    assert "lies outside its 5 frames" in failed["d1/s1/c1"]


@pytest.mark.parametrize("colour", [False, True])
def test_a_sheet_has_a_line_of_pictures_a_clip_and_is_drawn_as_the_same_bytes(cache: FrameCache, colour: bool) -> None:
    rows, _ = rows_of([clip(i) for i in range(3)], sheet_settings(f"{FAST},colour={colour}"), cache)
    one, three = (decoded(draw_clips(some, "t")) for some in (rows[:1], rows))
    per_row = (three.shape[0] - one.shape[0]) / 2
    assert per_row == pytest.approx(180, abs=2)
    np.testing.assert_array_equal(one[60:200], three[60:200])
    assert draw_clips(rows, "t") == draw_clips(rows, "t")


def test_nothing_moves_in_a_still_clip(cache: FrameCache) -> None:
    still = dataclasses.replace(clip(0), apex=1)
    (row,), _ = rows_of([still], sheet_settings(FAST), cache)
    assert isinstance(row, ClipRow)
    assert row.reach == 1.0
    assert decoded(draw_clips([row], "t"))[90:220, 490:630].max() == 0


def decoded(png: bytes) -> np.ndarray:
    picture = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return picture
