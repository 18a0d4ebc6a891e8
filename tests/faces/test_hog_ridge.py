"""hog_ridge: the regression by hand, a world of toy faces that it must learn, and the model's life in the cache."""

from __future__ import annotations

import numpy as np
import pytest

from mebench.errors import UserError
from mebench.faces import hog_ridge, hog_training
from mebench.faces.action_units import ACTION_UNITS
from mebench.faces.au_catalogue import AU_DETECTORS, make_detector
from mebench.faces.cache import FrameCache
from mebench.faces.hog import FEATURES
from mebench.faces.hog_ridge import HogRidge, HogRidgeConfig, Ridge
from mebench.faces.hog_training import Group, draw_intensities, fit_ridge, train_ridge
from mebench.schema.video import Video


def toy_faces(seed, intensities):
    """Textured faces on which every action unit lengthens two mirror-image bars of its own."""
    rng = np.random.default_rng(seed)
    texture = rng.normal(0, 2, (112, 112))
    rest = rng.integers(4, 9, 17)
    faces = np.full((len(intensities), 112, 112), 128.0) + texture
    for face, row in zip(faces, intensities, strict=True):
        for unit, value in enumerate(row):
            top, length = 4 + 6 * unit, int(rest[unit] + 6 * value)
            face[top : top + 4, 56 - length : 56 + length] += 60
    return np.clip(faces, 0, 255).astype(np.uint8)


def toy_group(seed):
    rng = np.random.default_rng(seed)
    n = hog_training.NEUTRALS + 15
    intensities = np.zeros((n, 17), np.float32)
    intensities[hog_training.NEUTRALS :] = rng.uniform(0, 5, (15, 17)) * (rng.random((15, 17)) < 0.3)
    return Group(toy_faces(seed, intensities), intensities)


class Faces:
    """Aligned faces in memory."""

    def __init__(self, faces, digest="faces"):
        self.faces, self.digest = faces, digest

    def __len__(self):
        return len(self.faces)

    def read(self, start, stop, *, grey=True):
        return self.faces[start:stop]


@pytest.fixture(scope="module")
def toy_model():
    return train_ridge(range(8), range(100, 104), toy_group)


@pytest.fixture
def trained(tmp_path, monkeypatch, toy_model):
    """Return a cache whose model comes from the toy world, and a list with one entry for each training."""
    trainings = []
    monkeypatch.setattr(hog_training, "train_ridge", lambda: trainings.append(1) or toy_model)
    hog_ridge.load_model.cache_clear()
    yield FrameCache(tmp_path), trainings
    hog_ridge.load_model.cache_clear()


def test_ridge_equals_the_normal_equations():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(12, 30)).astype(np.float32), rng.normal(size=(12, 2)).astype(np.float32)
    expected = np.linalg.solve(x.T @ x + 2 * np.eye(30), x.T @ y)
    assert np.allclose(fit_ridge(x, y, 2.0, offset=False), np.vstack([expected, np.zeros(2)]), atol=1e-4)
    centred = x - x.mean(axis=0)
    slope = np.linalg.solve(centred.T @ centred + 2 * np.eye(30), centred.T @ (y - y.mean(axis=0)))
    with_offset = fit_ridge(x, y, 2.0, offset=True)
    assert np.allclose(with_offset[:-1], slope, atol=1e-4)
    assert np.allclose(with_offset[-1], y.mean(axis=0) - x.mean(axis=0) @ slope, atol=1e-4)


def test_it_learns_the_toy_world(toy_model):
    person, static = toy_model.correlations
    assert np.median(person) > 0.8
    assert toy_model.person.shape == toy_model.static.shape == (FEATURES + 1, 17)
    assert not toy_model.person[-1].any()
    assert static[-1] > 0.5


def test_identities_may_not_overlap():
    with pytest.raises(ValueError, match="must differ"):
        train_ridge(range(3), range(2, 4), toy_group)


def test_training_is_repeatable(toy_model):
    again = train_ridge(range(8), range(100, 104), toy_group)
    assert np.array_equal(again.packed(), toy_model.packed())


def test_packing_loses_nothing(toy_model):
    back = Ridge.unpack(toy_model.packed())
    for name in ("person", "static", "correlations"):
        assert np.array_equal(getattr(back, name), getattr(toy_model, name))


def test_drawn_intensities_are_in_range_and_often_one_to_four_units():
    drawn = [draw_intensities(np.random.default_rng(i)) for i in range(200)]
    both = np.array([np.maximum(left, right) for left, right in drawn])
    assert both.min() >= 0
    assert both.max() <= 5
    assert set(np.count_nonzero(both[:, :-1], axis=1)) == {1, 2, 3, 4}
    assert 0.08 < np.mean([not np.array_equal(left, right) for left, right in drawn]) < 0.25
    assert 0.2 < np.mean(both.max(axis=1) < 1.6) < 0.7


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
    monkeypatch.setattr(hog_ridge, "hog", lambda _: pytest.fail("detected again"))
    assert np.array_equal(HogRidge.configure().of_recording(video, cache).intensities, first)


def test_both_ways_have_digests_of_their_own():
    assert HogRidge.configure().digest() != HogRidge.configure({"personal": "false"}).digest()


def test_the_catalogue_names_both_sources():
    assert [e.id for e in AU_DETECTORS.entries() if e.origin == "mebench"] == ["hog_ridge", "openface"]
    assert isinstance(make_detector("hog_ridge"), HogRidge)
    with pytest.raises(UserError, match="no action-unit detector 'hogridge'.*hog_ridge"):
        make_detector("hogridge")


def test_synthetic_groups_start_neutral_and_are_repeatable():
    pytest.importorskip("mebench.datasets.synthetic.head")
    group = hog_training.synthetic_group(910_001)
    assert group.faces.shape == (hog_training.NEUTRALS + hog_training.EXPRESSIONS, 112, 112)
    assert not group.intensities[: hog_training.NEUTRALS].any()
    assert group.intensities[hog_training.NEUTRALS :].any(axis=1).all()
    # The same person stays in place: neutral faces differ by noise, light and a fraction of a pixel.
    neutral = group.faces[: hog_training.NEUTRALS].astype(float)
    assert np.corrcoef(neutral[0].ravel(), neutral[1].ravel())[0, 1] > 0.97
    assert np.array_equal(hog_training.synthetic_group(910_001).faces, group.faces)


@pytest.mark.slow
def test_on_held_out_synthetic_identities_the_median_correlation_is_at_least_point_six(tmp_path):
    report = HogRidge(HogRidgeConfig(), FrameCache(tmp_path)).report()
    assert report["person"]["median"] >= 0.6
