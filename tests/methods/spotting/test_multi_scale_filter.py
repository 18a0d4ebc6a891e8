"""The fused curve by hand, one planted movement and none, and what the filter, gaps and time stamps do."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import ndimage

from mebench.errors import UserError
from mebench.faces.cache import FrameCache
from mebench.faces.hoof import REGIONS
from mebench.methods.base import RunContext
from mebench.methods.spotting import multi_scale_filter
from mebench.methods.spotting.base import MACRO, MICRO, Spotting
from mebench.methods.spotting.multi_scale_filter import MultiScaleFilter, MultiScaleFilterConfig, fused
from mebench.schema.recordings import ExpressionType, Video

FPS = 30.0


class Face:
    """A textured 112x112 face whose corner of the mouth moves sideways now and then; its frames have sensor noise."""

    def __init__(self, shift: np.ndarray, name: str, noise: float = 2.0, missing: tuple[int, ...] = ()) -> None:
        rng = np.random.default_rng(0)
        texture = ndimage.gaussian_filter(rng.normal(size=(112, 112)), 2)
        self.texture = (texture - texture.min()) / np.ptp(texture) * 220
        left, top, right, bottom = REGIONS["mouth_corner_left"]
        where = np.zeros((112, 112))
        where[top - 4 : bottom + 4, left - 4 : right + 4] = 1
        self.where = ndimage.gaussian_filter(where, 3)
        self.shift, self.noise, self.missing = shift, noise, missing
        self.digest = f"face {name}"

    def __len__(self) -> int:
        return len(self.shift)

    def _frame(self, i: int) -> np.ndarray:
        y, x = np.mgrid[:112, :112].astype(float)
        moved = ndimage.map_coordinates(self.texture, [y, x - self.shift[i] * self.where], order=1, mode="nearest")
        return moved + np.random.default_rng(i).normal(scale=self.noise, size=moved.shape)

    def read(self, start: int, stop: int, *, grey: bool = True) -> np.ndarray:
        return np.stack([np.clip(self._frame(i), 0, 255) for i in range(start, stop)]).astype(np.uint8)


def bump(n: int, centre: int, width: float, size: float = 4.0) -> np.ndarray:
    return size * np.exp(-((np.arange(n) - centre) ** 2) / (2 * width**2))


def video_of(face: Face) -> Video:
    return Video("toy", "s", "v", FPS, face, aligned=face)


def spot(face: Face, cache: Path, **options: str) -> Spotting:
    context = RunContext(seed=0, device="cpu", cache=FrameCache(cache))
    return MultiScaleFilter.configure(options).spot(video_of(face), context)


def spans(spotting: Spotting, kind: ExpressionType) -> list[tuple[int, int]]:
    return [(i.onset, i.offset) for i in spotting.intervals if i.type == kind]


@pytest.mark.parametrize(("kind", "width"), [(ExpressionType.MICRO, 1.5), (ExpressionType.MACRO, 14.0)])
def test_one_movement_in_a_quiet_video_is_found(tmp_path: Path, kind: ExpressionType, width: float) -> None:
    face = Face(bump(240, 120, width), f"{kind}")
    spotting = spot(face, tmp_path)
    (found,) = spans(spotting, kind)
    assert found[0] <= 121 <= found[1]
    moving = np.flatnonzero(face.shift > 0.05 * 4) + 1
    both = range(max(found[0], moving[0]), min(found[1], moving[-1]) + 1)
    assert len(both) / (max(found[1], moving[-1]) - min(found[0], moving[0]) + 1) >= 0.5
    assert abs(int(spotting.scores[:, MICRO if kind == ExpressionType.MICRO else MACRO].argmax()) - 120) <= 2 * width


def test_a_quiet_video_holds_none(tmp_path: Path) -> None:
    assert spot(Face(np.zeros(150), "quiet"), tmp_path).intervals == ()


def test_without_the_filter_one_movement_falls_apart(tmp_path: Path) -> None:
    face = Face(bump(240, 120, 14), "apart")
    raw = spot(face, tmp_path, postprocess="none")
    assert len(raw.intervals) > 1
    assert not spans(raw, ExpressionType.MACRO) or spans(raw, ExpressionType.MACRO) != spans(
        spot(face, tmp_path), ExpressionType.MACRO
    )


def test_the_matrix_is_computed_once_and_the_answer_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    face = Face(bump(90, 45, 3), "once")
    first, elsewhere = spot(face, tmp_path / "a"), spot(face, tmp_path / "b")
    monkeypatch.setattr(multi_scale_filter, "flow", lambda *_: pytest.fail("flow was computed again"))
    again = spot(face, tmp_path / "a", p="0.0")
    for other in (again, elsewhere):
        assert other.intervals == first.intervals != ()
        assert np.array_equal(other.scores, first.scores)


def test_other_settings_of_the_matrix_do_not_read_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    face = Face(bump(90, 45, 3), "settings")
    spot(face, tmp_path)
    monkeypatch.setattr(multi_scale_filter, "flow", lambda *_: np.zeros((112, 112, 2), np.float32))
    for options in ({"bins": "4"}, {"head": "true"}, {"regions": "chin/upper_lip"}):
        assert spot(face, tmp_path, **options).intervals == ()


def test_no_flow_reaches_over_a_gap(tmp_path: Path) -> None:
    shift = bump(240, 60, 1.5) + bump(240, 180, 1.5)
    shift[125:] += 8  # what is seen after the gap lies elsewhere
    face = Face(shift, "gap", missing=tuple(range(116, 126)))
    spotting = spot(face, tmp_path)
    micro = spans(spotting, ExpressionType.MICRO)
    assert any(onset <= 61 <= offset for onset, offset in micro)
    assert any(onset <= 181 <= offset for onset, offset in micro)
    assert not spotting.scores[115:125].any()
    assert all(i.offset < 116 or i.onset > 125 for i in spotting.intervals)


@pytest.mark.parametrize("n", [1, 2, 7])
def test_a_video_of_a_few_frames_gives_nothing(tmp_path: Path, n: int) -> None:
    spotting = spot(Face(np.zeros(n), f"short {n}"), tmp_path)
    assert spotting.intervals == ()
    assert spotting.scores.shape == (n, 2)


def plain(**options: Any) -> MultiScaleFilterConfig:
    return dataclasses.replace(MultiScaleFilterConfig(), **options)


def test_the_curve_by_hand() -> None:
    matrix = np.zeros((5, 3, 2), np.float32)
    matrix[0] = np.nan
    matrix[2, 0] = (0.25, 0.75)
    matrix[3, 1] = (0.5, 0.0)
    video = video_of(Face(np.zeros(5), "hand"))
    single = fused(matrix, video, [(0, 5)], plain(fusion=0.0, share=1 / 3))
    assert single == pytest.approx([0, 0, 0.75 * FPS, 0.5 * FPS, 0])
    mean = fused(matrix, video, [(0, 5)], plain(fusion=0.0, share=2 / 3))
    assert mean == pytest.approx([0, 0, 0.375 * FPS, 0.25 * FPS, 0])
    over_three = fused(matrix, video, [(0, 5)], plain(fusion=2 / FPS, share=1 / 3))
    assert over_three == pytest.approx(FPS * np.array([0, 0.375, 0.25, 0.25, 0.25]))
    parted = fused(matrix, video, [(0, 2), (3, 5)], plain(fusion=2 / FPS, share=1 / 3))
    assert np.isnan(parted).tolist() == [False, False, True, False, False]


def test_speeds_follow_the_time_stamps() -> None:
    face = Face(np.zeros(6), "stamps")
    face.times = np.array([0, 1, 2, 5, 8, 9]) / FPS  # type: ignore[attr-defined]
    matrix = np.full((6, 1, 1), 0.6, np.float32)
    matrix[0] = np.nan
    video = dataclasses.replace(video_of(face), fps=18.0)  # the mean rate: six frames in a third of a second
    speeds = fused(matrix, video, [(0, 6)], plain(fusion=0.0, share=1.0))
    assert speeds == pytest.approx(FPS * np.array([0.6, 0.6, 0.6, 0.2, 0.2, 0.6]))


def test_a_frame_without_flow_is_bridged() -> None:
    matrix = np.full((5, 1, 1), 0.5, np.float32)
    matrix[[0, 2]] = np.nan
    curve = fused(matrix, video_of(Face(np.zeros(5), "bridge")), [(0, 5)], plain(fusion=0.0, share=1.0))
    assert curve == pytest.approx(np.full(5, 0.5 * FPS))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"regions": "chim"}, "no region 'chim'. Did you mean 'chin'"),
        ({"regions": "chin/chin"}, "none twice"),
        ({"bins": "0"}, "bins=0 must be at least 1"),
        ({"share": "0"}, "share=0 must be above 0 and at most 1"),
        ({"share": "2"}, "multi_scale_filter: share=2 must be above 0 and at most 1"),
        ({"fusion": "-1"}, "fusion=-1 must be at least 0"),
        ({"savgol_order": "99"}, "savgol_order=99 must be at least 0 and at most 9"),
        ({"micro_window": "0"}, "micro_window=0 must be above 0: postprocess=none leaves the filter out"),
        ({"p": "1"}, "p=1 must be at least 0 and below 1"),
        ({"shortest": "0.6"}, "shortest=0.6 is above longest=0.5: swap them"),
    ],
)
def test_impossible_settings_are_refused(options: dict[str, str], message: str) -> None:
    with pytest.raises(UserError, match=message):
        MultiScaleFilter.configure(options)


def test_a_window_too_short_for_the_order_is_told() -> None:
    video = dataclasses.replace(video_of(Face(np.zeros(5), "still")), fps=30.0)
    assert MultiScaleFilter.configure().notes(video) == ()
    short = {"micro_window": 0.01}
    (note,) = MultiScaleFilter.configure(short).notes(video)
    assert note == (
        "micro_window has 1 frame at 30 frames/s, too few for savgol_order=2; the curve of micro-expressions is not "
        "smoothed"
    )
    assert MultiScaleFilter.configure({**short, "postprocess": "none"}).notes(video) == ()
