import dataclasses
import hashlib
import json

import cv2
import numpy as np
import pytest

from mebench.datasets.synth_lv import SynthLV, SynthLVSparse
from mebench.errors import UserError
from mebench.rendering.source import SyntheticFrames, VideoRecipe
from mebench.schema.video import ExpressionType, FrameSource

SMALL = {"subjects": "2", "videos": "2", "seconds": "4", "width": "320", "height": "240"}


@pytest.fixture(scope="module")
def video():
    return SynthLV.open(options=SMALL).videos()[0]


@pytest.fixture(scope="module")
def first(video):
    return video.frames.read(0, 20)


def test_videos_are_named_sorted_and_lazy(video):
    videos = SynthLV.open(options=SMALL).videos()
    assert [v.key for v in videos] == [("s01", "s01_1"), ("s01", "s01_2"), ("s02", "s02_1"), ("s02", "s02_2")]
    assert video.dataset == "synth_lv"
    assert video.n_frames == 120
    assert isinstance(video.frames, FrameSource)


def test_reading_any_part_gives_the_same_frames(video, first):
    np.testing.assert_array_equal(video.frames.read(10, 13), first[10:13])
    again = SynthLV.open(options=SMALL).videos()[0].frames
    np.testing.assert_array_equal(again.read(7, 8), first[7:8])
    assert video.frames.read(5, 5).shape == (0, 240, 320)


def test_a_frame_is_its_decoded_jpeg(video, first):
    data = np.frombuffer(video.frames.encoded(4), np.uint8)
    np.testing.assert_array_equal(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), first[4])
    np.testing.assert_array_equal(cv2.imdecode(data, cv2.IMREAD_COLOR), video.frames.read(4, 5, grey=False)[0])
    with pytest.raises(UserError, match="no frame 121: it ends at frame 120"):
        video.frames.encoded(120)


def test_the_digest_knows_every_parameter(video):
    recipe = video.frames.recipe
    changed = [
        dataclasses.replace(recipe, **{name: value})
        for name, value in [("seed", 1), ("light", "uneven"), ("noise", 3.0), ("width", 322), ("quality", 80)]
    ]
    digests = {SyntheticFrames(r).digest for r in [recipe, *changed]}
    assert len(digests) == 6
    assert SyntheticFrames(recipe).digest == video.frames.digest


def test_seeds_change_faces_and_events():
    one, two = (SynthLV.open(options={**SMALL, "seed": s}) for s in "01")
    assert one.digest() != two.digest()
    assert one.digest() == SynthLV.open(options=SMALL).digest()
    faces = [d.videos()[0].frames.recipe.identity_seed for d in (one, two)]
    assert faces[0] != faces[1]


def test_videos_of_a_subject_share_the_face():
    videos = SynthLV.open(options=SMALL).videos()
    seeds = [v.frames.recipe.identity_seed for v in videos]
    assert seeds[0] == seeds[1] != seeds[2] == seeds[3]


def test_truth_covers_every_frame_and_agrees_with_the_events():
    dataset = SynthLV.open(options={**SMALL, "seconds": "8", "subjects": "1"})
    video = dataset.videos()[0]
    truth = video.frames.truth()
    n = video.n_frames
    assert truth.action_units.shape == truth.left.shape == truth.right.shape == (n, 17)
    assert truth.landmarks.shape == (n, 68, 2)
    moving = np.zeros(n, bool)
    for e in video.events:
        moving[e.onset - 1 : e.offset] = True
    assert video.events
    np.testing.assert_array_equal(truth.action_units.max(axis=1) > 0, moving)
    assert (truth.rendered.max(axis=1) > 0)[~moving].any()
    distance = np.linalg.norm(truth.eyes[:, 1] - truth.eyes[:, 0], axis=1)
    np.testing.assert_allclose(distance, 0.183 * 240, rtol=0.03)
    assert np.abs(np.diff(truth.landmarks[:, 30], axis=0)).max() < 1.5


def test_presets_meet_their_ratios():
    for cls, low, high in ((SynthLV, 370, 430), (SynthLVSparse, 40, 62)):
        report = cls.open(options={"seconds": "20"}).check()
        found = {c.name: c.found for c in report.counts}
        assert report.ok
        assert low <= found["move-to-neutral ratio (thousandths)"] <= high
        assert found["videos without events"] == 2
        assert found["macro"] > found["micro"] > 0


def test_bad_settings_are_refused():
    with pytest.raises(UserError, match="has no setting 'subject'"):
        SynthLV.open(options={"subject": "3"})
    with pytest.raises(UserError, match="'dark' is not one of 'mild', 'uneven', 'none'"):
        SynthLV.open(options={"light": "dark"})
    with pytest.raises(UserError, match="at least 30 frames"):
        SynthLV.open(options={"seconds": "0.5"})
    with pytest.raises(UserError, match="at least 160x120"):
        SynthLV.open(options={"width": "64"})


def test_without_noise_light_and_distractors_only_expressions_move():
    options = {**SMALL, "noise": "0", "light": "none", "distractors": "false", "seconds": "8"}
    video = SynthLV.open(options=options).videos()[0]
    start = video.events[0].onset - 1
    still = video.frames.read(0, 2)
    np.testing.assert_array_equal(still[0], still[1])
    apex = video.frames.read(video.events[0].apex - 1, video.events[0].apex)
    assert start > 0
    assert np.abs(apex[0].astype(int) - still[0]).max() > 8


def detections(subjects, frames, lights):
    """Count frames, faces found by both cascades, and faces with two eyes found."""
    folder = cv2.data.haarcascades
    faces = [cv2.CascadeClassifier(f"{folder}haarcascade_frontalface_{n}.xml") for n in ("default", "alt2")]
    eyes = cv2.CascadeClassifier(f"{folder}haarcascade_eye.xml")
    hits, total, seen = [0, 0], 0, 0
    for light in lights:
        options = {"subjects": subjects, "videos": 1, "seconds": 10, "light": light}
        for video in SynthLV.open(options=options).videos():
            for i in frames:
                grey = video.frames.read(i, i + 1)[0]
                total += 1
                found = [c.detectMultiScale(grey, 1.3, 3, minSize=(140, 140)) for c in faces]
                hits = [h + (len(f) > 0) for h, f in zip(hits, found, strict=True)]
                for x, y, w, h in found[1][:1]:
                    seen += len(eyes.detectMultiScale(grey[y : y + 6 * h // 10, x : x + w], 1.1, 3)) >= 2
    return total, hits, seen


def test_the_cascades_of_opencv_find_faces_and_eyes():
    total, hits, seen = detections(3, (20, 90), ("mild",))
    assert hits == [total, total]
    assert seen >= 0.7 * total


@pytest.mark.slow
def test_the_cascades_find_at_least_98_percent_of_the_faces():
    total, hits, seen = detections(20, range(5, 300, 40), ("mild", "uneven"))
    assert min(hits) >= 0.98 * total
    assert seen >= 0.8 * total


def test_truth_and_a_frame_are_the_same_on_every_machine():
    recipe = VideoRecipe(seed=7, subject=0, video=0, frames=240, fps=30.0, width=320, height=240)
    frames = SyntheticFrames(recipe)
    rows = [[e.onset, e.apex, e.offset, e.type, e.emotion, e.action_units] for e in frames.events]
    digest = hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:16]
    assert digest == GOLDEN_EVENTS
    total = float(np.maximum(frames.motion.left, frames.motion.right).sum())
    assert total == pytest.approx(GOLDEN_INTENSITY, rel=1e-3)
    thumbnail = cv2.resize(frames.read(30, 31)[0], (8, 6), interpolation=cv2.INTER_AREA)
    np.testing.assert_allclose(thumbnail.astype(int), GOLDEN_FRAME, atol=1)


def test_the_kinds_are_those_of_the_schema(video):
    assert {e.type for e in video.events} <= set(ExpressionType)


GOLDEN_EVENTS = "a06a816096cb1fd5"
GOLDEN_INTENSITY = 480.281
GOLDEN_FRAME = [
    [184, 199, 208, 189, 196, 242, 249, 250],
    [173, 187, 174, 98, 101, 197, 249, 249],
    [161, 175, 154, 126, 130, 178, 249, 249],
    [153, 166, 162, 120, 118, 200, 245, 248],
    [150, 162, 174, 105, 105, 224, 236, 245],
    [136, 148, 121, 78, 82, 151, 216, 237],
]
