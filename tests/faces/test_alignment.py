from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest

from mebench.errors import UserError
from mebench.faces import alignment
from mebench.faces.alignment import Aligner, AlignmentConfig, align, require_faces
from mebench.faces.geometry import EYES, SIZE, Pose, aligned_point
from mebench.faces.landmarks import dlib68
from mebench.faces.landmarks.base import Face
from mebench.faces.landmarks.cascade import Cascade
from mebench.frames.pixels import ArrayFrames
from mebench.frames.videos import VideoFrames
from mebench.settings import build_config

FPS = 30.0
MIDDLE = complex(320, 240)
POINTS = np.array([complex(x, y) for x in (-25, 0, 25) for y in (-25, 0, 25)])
REAL = Path(__file__).parents[3] / "shared" / "real" / "WolfgangLanger_Pexels.mp4"


def on_the_face(motion: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Where points of the aligned faces lie on the unmoved face, in aligned px: constant when sway is removed."""
    rows = []
    for row, (zoom, shift) in zip(motion, truth, strict=True):
        pose = Pose.of_row(row)
        rows.append((pose.to_frame(POINTS) - MIDDLE - shift) / zoom / abs(pose.zoom))
    return np.array(rows)


@pytest.fixture(scope="module")
def aligned(sway: tuple[np.ndarray, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    return align(ArrayFrames(sway[0]), FPS)


def test_sway_is_removed_without_jitter(aligned: tuple, sway: tuple) -> None:
    where = on_the_face(aligned[1], sway[1])
    assert np.abs(where - where.mean(axis=0)).mean() < 0.1
    assert np.abs(np.diff(where, axis=0)).mean() < 0.02
    assert np.abs(np.diff(where, axis=0)).max() < 0.1


def test_aligned_pictures_hold_still(aligned: tuple, sway: tuple) -> None:
    fixed, _ = align(ArrayFrames(sway[0]), FPS, AlignmentConfig(tracking=False))
    inner = np.s_[:, 20:90, 20:90]
    change = [np.abs(f[inner].astype(float) - f[inner][0]).mean() for f in (aligned[0], fixed)]
    assert change[0] < 0.75 * change[1]
    assert aligned[0].shape == fixed.shape == (60, SIZE, SIZE)
    assert aligned[0].dtype == np.uint8


def test_eyes_come_to_their_places(face: np.ndarray, pupils: np.ndarray) -> None:
    _, motion = align(ArrayFrames(np.stack([face] * 3)), FPS)
    for row in motion:
        got = Pose.of_row(row).to_aligned(pupils)
        assert np.abs(got - [aligned_point(eye) for eye in EYES]).max() < 3


def test_without_tracking_one_transform_holds(sway: tuple) -> None:
    _, motion = align(ArrayFrames(sway[0][:20]), FPS, AlignmentConfig(tracking=False))
    assert (motion == motion[0]).all()


def test_an_expression_leaves_the_head_where_it_is(face: np.ndarray, with_units: Callable[..., np.ndarray]) -> None:
    """A brow raise and a smile of half a second each."""
    frames = np.stack([face] * 70)
    for i in range(15):
        strength = float(np.round(4 * np.sin(np.pi * (i + 1) / 16), 2))
        frames[15 + i] = with_units((0, strength), (1, strength))
        frames[40 + i] = with_units((8, strength), (4, strength))
    faces, motion = align(ArrayFrames(frames), FPS)
    where = on_the_face(motion, np.tile([1, 0], (70, 1)))
    assert np.abs(where - where[0]).max() < 0.5
    assert np.abs(faces[22].astype(float) - faces[0]).max() > 20


@pytest.mark.parametrize("budget", [1, 640 * 480 * 7])
def test_chunking_changes_nothing(monkeypatch: pytest.MonkeyPatch, aligned: tuple, sway: tuple, budget: int) -> None:
    monkeypatch.setattr(alignment, "_CHUNK_BYTES", budget)
    faces, motion = align(ArrayFrames(sway[0]), FPS)
    np.testing.assert_allclose(motion, aligned[1], atol=1e-9)
    np.testing.assert_array_equal(faces, aligned[0])


def test_few_frames_are_decoded_at_once_and_each_but_the_samples_once(sway: tuple) -> None:
    class Recorder(ArrayFrames):
        reads: list[tuple[int, int]] = []

        def read(self, start: int, stop: int, *, grey: bool = True) -> np.ndarray:
            self.reads.append((start, stop))
            return super().read(start, stop, grey=grey)

    source = Recorder(sway[0])
    list(Aligner(source, FPS).chunks())
    sampled = AlignmentConfig().samples
    assert sum(stop - start for start, stop in source.reads) == 60 + sampled
    assert max(stop - start for start, stop in source.reads) * 640 * 480 <= alignment._CHUNK_BYTES


def test_a_head_that_jumps_is_found_again(face: np.ndarray) -> None:
    frames = np.stack([face] * 24)
    frames[12:] = np.roll(face, (70, -110), axis=(0, 1))
    _, motion = align(ArrayFrames(frames), FPS, AlignmentConfig(smoothing=0))
    jump = complex(*motion[-1, 2:]) - complex(*motion[0, 2:])
    assert abs(jump - (-110 + 70j)) < 2


def test_frames_without_a_face_wait_for_it(face: np.ndarray) -> None:
    frames = np.stack([face] * 20)
    frames[:6] = 40
    faces, motion = align(ArrayFrames(frames), FPS, AlignmentConfig(smoothing=0))
    assert np.abs(motion[:6] - motion[-1]).max() < 6
    assert (faces[:6] == 40).all()


def test_a_lost_face_is_not_searched_for_in_every_frame(face: np.ndarray) -> None:
    class Counting(Cascade):
        searches = 0

        def find(self, image: np.ndarray, index: int = 0) -> Sequence[Face]:
            self.searches += 1
            return super().find(image, index)

    frames, detector = np.stack([face] * 50), Counting.configure()
    frames[10:] = 40
    list(Aligner(ArrayFrames(frames), FPS, detector=detector).chunks())
    assert detector.searches - AlignmentConfig().samples == 1 + 5  # the first frame's, and those of the grey ones


def test_a_single_frame(face: np.ndarray) -> None:
    calls: list[tuple[int, int]] = []
    faces, motion = align(ArrayFrames(face[None]), FPS, progress=lambda done, total: calls.append((done, total)))
    assert (faces.shape, motion.shape, calls) == ((1, SIZE, SIZE), (1, 4), [(1, 1)])


def test_what_cannot_be_aligned() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (5, 120, 160)).astype(np.uint8)
    with pytest.raises(UserError, match="No face was found in 5 frames"):
        Aligner(ArrayFrames(noise), FPS)
    with pytest.raises(UserError, match="no frames"):
        Aligner(ArrayFrames(noise[:0]), FPS)
    with pytest.raises(UserError, match="frame rate 0"):
        Aligner(ArrayFrames(noise), 0)


def test_a_video_without_a_face_is_told_what_to_try() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (40, 120, 160)).astype(np.uint8)
    with pytest.raises(UserError, match=r"No face was found in 28 frames .*landmarks=dlib68 or landmarks=yunet,yunet"):
        Aligner(ArrayFrames(noise), FPS)
    with pytest.raises(UserError, match="nearly black .no pixel above 14 of 255.: pictures of 10 or 12 bits"):
        Aligner(ArrayFrames(noise // 17), FPS)


def test_a_face_that_few_frames_show_is_looked_for_in_more(face: np.ndarray) -> None:
    frames = np.full((60, *face.shape), 40, np.uint8)
    frames[12:18] = face
    chunks = list(Aligner(ArrayFrames(frames), FPS).chunks())
    assert np.flatnonzero(np.concatenate([c.found for c in chunks])).tolist() == list(range(12, 18))


@pytest.mark.parametrize(("count", "refused"), [(0, True), (3, True), (4, False), (40, False)])
def test_hardly_any_face(count: int, refused: bool) -> None:
    found = np.arange(40) < count
    if not refused:
        require_faces(found, 0.1)
        return
    with pytest.raises(UserError, match=f"Only {count} of 40 frames show a face, less than the share of 0.1"):
        require_faces(found, 0.1)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"smoothing": "-1"}, "smoothing must"),
        ({"samples": "0"}, "samples at least 1"),
        ({"landmarks": "yunet"}, "needs yunet_model"),
        ({"landmarks": "dlib"}, "no landmark detector 'dlib'"),
        ({"face": "0"}, "face=0 must be"),
        ({"min_found": "2"}, "min_found=2 must be at least 0 and at most 1"),
        ({"trackin": "false"}, "no setting 'trackin'"),
    ],
)
def test_bad_settings(options: dict[str, str], message: str) -> None:
    with pytest.raises(UserError, match=message):
        build_config(AlignmentConfig, options, owner="alignment")


@pytest.mark.slow
@pytest.mark.skipif(not REAL.is_file(), reason="the real video is not beside the repository")
def test_a_real_face_is_followed_through_large_movements() -> None:
    video = VideoFrames(REAL)
    faces, _ = align(video, video.fps)
    fixed, _ = align(video, video.fps, AlignmentConfig(tracking=False))
    inner = np.s_[:, 10:60, 25:87]

    def likeness(stack: np.ndarray) -> float:
        middle = np.median(stack[inner], axis=0).ravel()
        return float(np.mean([np.corrcoef(f.ravel(), middle)[0, 1] for f in stack[inner].astype(float)]))

    assert len(faces) == len(video)
    assert likeness(faces) > likeness(fixed) + 0.1


@pytest.mark.slow
@pytest.mark.skipif(not REAL.is_file(), reason="the real video is not beside the repository")
@pytest.mark.parametrize("tracking", [True, False])
def test_a_real_face_is_never_lost_and_no_cut_is_seen(tracking: bool) -> None:
    video = VideoFrames(REAL)
    chunks = list(Aligner(video, video.fps, AlignmentConfig(tracking=tracking)).chunks())
    assert np.concatenate([c.found for c in chunks]).mean() > 0.99
    assert not np.concatenate([c.begins for c in chunks]).any()


def eyes_in(faces: np.ndarray) -> np.ndarray:
    """The centres of both eyes, (n, 2, 2), that dlib sees in aligned faces, four times enlarged, in one fixed box."""
    dlib = pytest.importorskip("dlib")
    predictor, box = dlib68._predictor(), dlib.rectangle(52, 32, 396, 400)
    shapes = [predictor(cv2.resize(f, (448, 448), interpolation=cv2.INTER_LINEAR), box).parts() for f in faces]
    points = np.array([[(p.x, p.y) for p in shape] for shape in shapes]) / 4
    return np.stack([points[:, 36:42].mean(axis=1), points[:, 42:48].mean(axis=1)], axis=1)


@pytest.mark.slow
@pytest.mark.skipif(not REAL.is_file(), reason="the real video is not beside the repository")
@pytest.mark.skipif(importlib.util.find_spec("dlib") is None, reason="dlib not installed (mebench[landmarks])")
@pytest.mark.parametrize(("landmarks", "most"), [("dlib68", 2.0), ("cascade", 3.0)])
def test_the_eyes_of_a_moving_head_keep_their_places(landmarks: str, most: float) -> None:
    """Standard deviation and jitter, in px, of what another program measures in the aligned frames."""
    video = VideoFrames(REAL)
    faces, _ = align(video, video.fps, AlignmentConfig(landmarks=landmarks))
    eyes = eyes_in(faces)
    assert eyes.std(axis=0).max() < most
    assert np.median(np.abs(np.diff(eyes, axis=0)), axis=0).max() <= 0.17
