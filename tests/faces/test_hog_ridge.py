"""hog_ridge: the model's life in the cache, and what it says of a world of toy faces."""

from __future__ import annotations

import numpy as np
import pytest

from mebench.errors import UserError
from mebench.faces import hog_model, hog_ridge, hog_training
from mebench.faces.au_catalogue import AU_DETECTORS, make_detector
from mebench.faces.cache import FrameCache
from mebench.faces.hog_ridge import HogRidge, HogRidgeConfig
from mebench.module_sources import closure
from mebench.schema.action_units import ACTION_UNITS
from mebench.schema.recordings import Video

from .toys import toy_faces, toy_group


class Faces:
    """Aligned faces in memory."""

    def __init__(self, faces, digest="faces"):
        self.faces, self.digest = faces, digest

    def __len__(self):
        return len(self.faces)

    def read(self, start, stop, *, grey=True):
        return self.faces[start:stop]


@pytest.fixture
def trained(tmp_path, monkeypatch, toy_model):
    """Return a cache whose model comes from the toy world, and a list with one entry for each training."""
    trainings = []
    monkeypatch.setattr(hog_training, "train_ridge", lambda: trainings.append(1) or toy_model)
    hog_ridge.load_model.cache_clear()
    yield FrameCache(tmp_path), trainings
    hog_ridge.load_model.cache_clear()


def test_the_model_is_trained_once_and_found_again(trained):
    cache, trainings = trained
    report = HogRidge(HogRidgeConfig(), cache).report()
    hog_ridge.load_model.cache_clear()
    assert HogRidge(HogRidgeConfig(), cache).report() == report
    assert len(trainings) == 1
    assert set(report) == {"person", "static"}
    assert report["person"]["median"] == pytest.approx(
        np.median([report["person"][f"AU{u:02d}"] for u in ACTION_UNITS])
    )


def test_a_corrupt_model_is_trained_anew(trained):
    cache, trainings = trained
    HogRidge(HogRidgeConfig(), cache).report()
    (path,) = cache.root.glob("??/*.model.array")
    path.write_bytes(path.read_bytes()[:-5])
    hog_ridge.load_model.cache_clear()
    HogRidge(HogRidgeConfig(), cache).report()
    assert len(trainings) == 2


def test_detect_gives_intensities_in_range_that_do_not_depend_on_the_batch(trained):
    cache, _ = trained
    faces = toy_group(50).faces
    detected = HogRidge(HogRidgeConfig(), cache).detect(faces)
    assert detected.shape == (len(faces), 17)
    assert detected.dtype == np.float32
    assert detected.min() >= 0
    assert detected.max() <= 5
    assert np.array_equal(HogRidge(HogRidgeConfig(), cache).detect(faces[3:5]), detected[3:5])


def video_of(seed, n=60):
    """A mostly neutral video in which one action unit rises once."""
    intensities = np.zeros((n, 17), np.float32)
    intensities[20:35, 8] = 4.0
    faces = Faces(toy_faces(seed, intensities), f"toy{seed}")
    return Video("toy", "s", f"v{seed}", 30.0, faces, aligned=faces), intensities


def test_a_persons_neutral_face_is_taken_from_the_video(trained):
    cache, _ = trained
    video, intensities = video_of(77)
    track = make_detector("hog_ridge").of_recording(video, cache)
    assert track.found.all()
    personal = track.intensities
    assert personal.shape == (60, 17)
    assert personal[:15].max() < 0.3
    assert personal[20:35, 8].min() > 2.0
    static = HogRidge.configure({"personal": False}).of_recording(video, cache).intensities
    assert np.array_equal(static, HogRidge(HogRidgeConfig(), cache).detect(video.frames.read(0, 60)))
    assert np.abs(personal - intensities).mean() < np.abs(static - intensities).mean()


def test_a_video_is_detected_once(trained, monkeypatch):
    cache, _ = trained
    video, _ = video_of(78)
    first = HogRidge.configure().of_recording(video, cache).intensities
    monkeypatch.setattr(hog_model, "hog", lambda _: pytest.fail("detected again"))
    assert np.array_equal(HogRidge.configure().of_recording(video, cache).intensities, first)


def test_both_ways_have_digests_of_their_own():
    assert HogRidge.configure().digest() != HogRidge.configure({"personal": "false"}).digest()


def test_the_model_is_addressed_by_all_that_makes_it_and_by_nothing_else():
    names = set(closure("mebench.faces.hog_training"))
    assert names >= {f"mebench.faces.{n}" for n in ("geometry", "hog", "hog_model", "hog_training")}
    assert names >= {f"mebench.rendering.{n}" for n in ("head", "light", "camera", "wrinkles", "identity")}
    others = names - {"mebench.schema.action_units", "mebench.metrics.correlation"}
    assert {n for n in others if not n.startswith(("mebench.rendering.", "mebench.faces."))} == set()
    assert "mebench.faces.cache" not in names


def test_a_changed_source_trains_anew(trained, monkeypatch):
    cache, trainings = trained
    before = HogRidge(HogRidgeConfig(), cache).digest()
    HogRidge(HogRidgeConfig(), cache).report()
    monkeypatch.setattr(hog_ridge, "model_digest", lambda: "another source")
    hog_ridge.load_model.cache_clear()
    HogRidge(HogRidgeConfig(), cache).report()
    assert len(trainings) == 2
    assert HogRidge(HogRidgeConfig(), cache).digest() != before


def test_the_catalogue_names_both_sources():
    assert [e.id for e in AU_DETECTORS.entries() if e.origin == "mebench"] == ["hog_ridge", "openface"]
    assert isinstance(make_detector("hog_ridge"), HogRidge)
    with pytest.raises(UserError, match="no action-unit detector 'hogridge'.*hog_ridge"):
        make_detector("hogridge")


@pytest.mark.slow
def test_on_held_out_synthetic_identities_the_median_correlation_is_at_least_point_six(tmp_path):
    report = HogRidge(HogRidgeConfig(), FrameCache(tmp_path)).report()
    assert report["person"]["median"] >= 0.6
