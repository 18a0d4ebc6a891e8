"""A rendered face, then clouds, then another face, then a third without a gap: what is spotted keeps to one of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from mebench.datasets.synth_lv import SynthLV
from mebench.faces.cache import FrameCache
from mebench.methods.base import RunContext
from mebench.methods.catalogue import METHODS
from mebench.methods.spotting.base import SpottedInterval, Spotter, Spotting
from mebench.runs.work.presence import KeptSpotting
from mebench.runs.work.spotting import SpottingWork
from mebench.schema.presence import Presence
from mebench.schema.recordings import Event, ExpressionType, Video

FACE = 120
CLOUDS = range(121, 201)
CUT = 321
LAST = 440


class Pictures:
    """Frames in memory; those that are missing show something else."""

    def __init__(self, frames: np.ndarray, name: str, missing: range = range(0)) -> None:
        self.frames, self.digest, self.missing = frames, name, tuple(missing)

    def __len__(self) -> int:
        return len(self.frames)

    def read(self, start: int, stop: int, *, grey: bool = True) -> np.ndarray:
        return self.frames[start:stop].copy()


class Cutting(FrameCache):
    """A cache that tells of the cut; with `blind`, that a face is everywhere."""

    blind = False

    def presence(self, video: Any, config: Any = None, progress: Any = None) -> Presence:
        if self.blind:
            return Presence.everywhere(len(video.frames))
        found = super().presence(video, config, progress)
        begins = found.begins.copy()
        if len(begins) == LAST:
            begins[CUT - 1] = True
        return dataclasses.replace(found, begins=begins)


class Everything(Spotter):
    """Says that something lasts from any frame to 20 frames later, whatever is seen."""

    id = "everything"
    trains = False

    def spot(self, video: Video, context: RunContext) -> Spotting:
        found = [SpottedInterval(n, n + 19, ExpressionType.MICRO, 1.0) for n in range(1, video.n_frames - 19)]
        return Spotting(tuple(found), np.ones((video.n_frames, 2), np.float32))


def clouds() -> np.ndarray:
    """Soft spots that move up and down."""
    rng, rows = np.random.default_rng(3), np.arange(112)
    phase = rng.uniform(0, 6, (2, 6))
    pictures = []
    for n in range(len(CLOUDS)):
        waves = [np.sin(rows / (5 + i) + phase[0, i] + 3 * np.sin(n / 6 + phase[1, i])) for i in range(6)]
        pictures.append(sum(np.outer(waves[i], waves[i - 1]) for i in range(6)))
    return np.clip(128 + 30 * np.stack(pictures), 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def faces() -> list[tuple[np.ndarray, tuple[Event, ...]]]:
    """Four rendered faces of 120 frames, 112x112, and their expressions."""
    options = {"subjects": 4, "videos": 1, "seconds": 4.0, "width": 160, "height": 120}
    videos = SynthLV.open(None, options).videos()
    return [(video.frames.read(0, FACE)[:, 4:116, 24:136], video.events) for video in videos]


@pytest.fixture(scope="module")
def video(faces: list[Any]) -> Video:
    frames = np.concatenate([faces[0][0], clouds(), faces[1][0], faces[2][0]])
    source = Pictures(frames, "three-faces", CLOUDS)
    return Video("toy", "s", "v", 30.0, source, aligned=source)


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> RunContext:
    return RunContext(0, "cpu", Cutting(tmp_path_factory.mktemp("cache")), "toy")


@pytest.fixture(scope="module")
def trained(faces: list[Any], context: RunContext) -> Spotter:
    pytest.importorskip("torch", reason="torch is not installed")
    quick = {"samples_per_epoch": 64, "validation_samples": 16, "max_epochs": 1, "filters": (4, 8, 8), "multiplier": 4}
    sources = [Pictures(frames, f"face-{i}") for i, (frames, _) in enumerate(faces)]
    videos = [
        Video("toy", f"s{i}", "v", 30.0, source, events, aligned=source)
        for i, (source, (_, events)) in enumerate(zip(sources, faces, strict=True))
    ]
    model: Any = METHODS.get("spot3dcnn").configure(quick)
    model.fit(videos[:3], videos[3:], context)
    model.thresholds = (0.5, 0.5)
    return model  # type: ignore[no-any-return]


@pytest.fixture
def blind(context: RunContext) -> Iterator[RunContext]:
    """A context in which every frame passes for one with a face."""
    context.cache.blind = True  # type: ignore[attr-defined]
    yield context
    context.cache.blind = False  # type: ignore[attr-defined]


def strays(found: Spotting) -> list[tuple[int, int]]:
    """Return the intervals that reach into the clouds or over the cut."""
    return [
        (i.onset, i.offset)
        for i in found.intervals
        if not CLOUDS.start > i.offset and not i.onset >= CLOUDS.stop or i.onset < CUT <= i.offset
    ]


def check(model: Spotter, video: Video, context: RunContext) -> KeptSpotting:
    found = SpottingWork().carry_out(model, video, context)
    assert strays(found) == []
    assert not found.scores[CLOUDS.start - 1 : CLOUDS.stop - 1].any()
    assert found.scores.any()
    assert found.presence is not None
    assert found.presence.missing() == [(CLOUDS.start, CLOUDS.stop - 1)]
    assert found.presence.cuts() == [CUT]
    return found


def test_a_plug_in_that_ignores_faces(video: Video, context: RunContext) -> None:
    assert strays(Everything(None).spot(video, context))
    assert check(Everything(None), video, context).intervals


@pytest.mark.slow
@pytest.mark.parametrize("id", ["mdmd", "au_sum"])
def test_methods_without_training(id: str, video: Video, context: RunContext) -> None:
    model: Any = METHODS.get(id).configure({})
    found = check(model, video, context)
    assert found.intervals
    assert strays(model.spot(video, context)) == [], "the method itself keeps to it"


@pytest.mark.slow
def test_spot3dcnn(trained: Spotter, video: Video, context: RunContext) -> None:
    assert check(trained, video, context).intervals
    assert strays(trained.spot(video, context)) == [], "the method itself keeps to it"


@pytest.mark.slow
@pytest.mark.parametrize("id", ["mdmd", "au_sum", "spot3dcnn"])
def test_without_knowing_of_faces_they_stray(
    id: str, video: Video, blind: RunContext, request: pytest.FixtureRequest
) -> None:
    model: Any = request.getfixturevalue("trained") if id == "spot3dcnn" else METHODS.get(id).configure({})
    assert strays(model.spot(video, blind))
