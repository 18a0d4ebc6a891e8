"""A face, then no face, then another face, found by the real detectors: nothing that is spotted touches the middle."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mebench.apply.models import Models
from mebench.apply.spot import spot_video
from mebench.datasets.synth_lv import SynthLV
from mebench.faces.cache import FrameCache
from mebench.methods.base import RunContext
from mebench.methods.catalogue import METHODS
from mebench.methods.spotting.base import SpottedInterval, Spotter, Spotting
from mebench.schema.recordings import ExpressionType, Video

cv2 = pytest.importorskip("cv2", reason="OpenCV is not installed")
pytestmark = pytest.mark.slow
FACE, GAP = 90, 40
SHAPE = {"seconds": FACE / 30, "width": 320, "height": 240}


class Frames:
    """Frames in memory."""

    def __init__(self, frames: np.ndarray, name: str) -> None:
        self.frames, self.digest = frames, name

    def __len__(self) -> int:
        return len(self.frames)

    def read(self, start: int, stop: int, *, grey: bool = True) -> np.ndarray:
        part = self.frames[start:stop]
        return np.stack([cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY) for frame in part]) if grey else part.copy()


class Careless(Spotter):
    """Says that something lasts from any frame to 20 frames later, whatever is seen."""

    id = "sees_something_everywhere"
    trains = False

    def spot(self, video: Video, context: RunContext) -> Spotting:
        found = [SpottedInterval(n, n + 19, ExpressionType.MICRO, 1.0) for n in range(1, video.n_frames - 19)]
        return Spotting(tuple(found), np.ones((video.n_frames, 2), np.float32))


@pytest.fixture(scope="module")
def people() -> list[Video]:
    return list(SynthLV.open(None, {**SHAPE, "subjects": 3, "videos": 1}).videos())


@pytest.fixture(scope="module")
def video(people: list[Video]) -> Video:
    first, second = (person.frames.read(0, FACE, grey=False) for person in people[:2])
    rng = np.random.default_rng(5)
    clouds = [cv2.GaussianBlur(rng.uniform(0, 255, first.shape[1:]).astype(np.float32), (0, 0), 9) for _ in range(GAP)]
    clouds = [np.clip(128 + 12 * (c - c.mean()), 0, 255).astype(np.uint8) for c in clouds]
    return Video("", "", "changing", 30.0, Frames(np.concatenate([first, clouds, second]), "changing"))


def trained(people: list[Video], options: dict[str, Any], cache: FrameCache) -> Spotter:
    pytest.importorskip("torch", reason="torch is not installed")
    quick = {"samples_per_epoch": 64, "validation_samples": 16, "max_epochs": 1, "filters": (4, 8, 8), "multiplier": 4}
    model: Any = METHODS.get("spot3dcnn").configure({**quick, **options})
    model.fit(people[:2], people[2:], RunContext(0, "cpu", cache))
    model.thresholds = (0.5, 0.5)
    return model  # type: ignore[no-any-return]


@pytest.mark.parametrize("landmarks", ["cascade", "dlib68"])
@pytest.mark.parametrize("method", ["au_sum", "mdmd", "multi_scale_filter", "spot3dcnn", "careless"])
def test_no_interval_touches_the_gap_or_spans_it(
    people: list[Video], video: Video, landmarks: str, method: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    if landmarks == "dlib68" and importlib.util.find_spec("dlib") is None:
        pytest.skip("mebench[landmarks] is not installed")
    cache = FrameCache(tmp_path_factory.getbasetemp() / "faces-that-change")
    options = {"landmarks": landmarks}
    if method == "careless":
        model: Spotter = Careless.configure({})
    else:
        model = trained(people, options, cache) if method == "spot3dcnn" else METHODS.get(method).configure(options)
    spotted = spot_video(video, Models([model]), device="cpu", cache=cache)
    assert spotted.presence is not None
    found = spotted.presence.found
    assert not found[FACE : FACE + GAP].any()
    assert found[:FACE].mean() > 0.9
    assert found[FACE + GAP :].mean() > 0.9
    for interval in spotted.spotting.intervals:
        assert interval.offset <= FACE or interval.onset > FACE + GAP, interval
    assert not spotted.spotting.scores[FACE : FACE + GAP].any()
    (told,) = [note for note in spotted.notes if note.startswith("no face in frames")]
    assert f"frames {FACE + 1}-" in told


def test_the_careless_one_would_stray(video: Video, tmp_path: Path) -> None:
    said = Careless.configure({}).spot(video, RunContext(0, "cpu", FrameCache(tmp_path)))
    assert any(i.onset <= FACE < i.offset for i in said.intervals)
