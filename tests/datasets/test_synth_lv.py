import cv2
import pytest

from mebench.analysis.durations import Movement, movement_by_person
from mebench.datasets.synth_lv import SynthLV, SynthLVCasme, SynthLVSamm, SynthLVSparse
from mebench.errors import UserError
from mebench.schema.recordings import ExpressionType, FrameSource
from mebench.settings import digest_of

SMALL = {"subjects": "2", "videos": "2", "seconds": "4", "width": "320", "height": "240"}


@pytest.fixture(scope="module")
def video():
    return SynthLV.open(options=SMALL).videos()[0]


def test_videos_are_named_sorted_and_lazy(video):
    videos = SynthLV.open(options=SMALL).videos()
    assert [v.key for v in videos] == [("s01", "s01_1"), ("s01", "s01_2"), ("s02", "s02_1"), ("s02", "s02_2")]
    assert video.dataset == "synth_lv"
    assert video.n_frames == 120
    assert isinstance(video.frames, FrameSource)


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


def test_presets_meet_their_ratios():
    for cls, low, high in ((SynthLV, 370, 430), (SynthLVSparse, 40, 62)):
        report = cls.open(options={"seconds": "20"}).check()
        found = {c.name: c.found for c in report.counts}
        assert report.ok
        assert low <= found["share of frames in an event, in thousandths"] <= high
        assert found["videos without events"] == 2
        assert found["macro"] > found["micro"] > 0


@pytest.mark.parametrize(("cls", "share", "seconds"), [(SynthLVSamm, 0.13, 35), (SynthLVCasme, 0.026, 60)])
def test_true_pooled_shares(cls, share, seconds):
    dataset = cls.open(options={"subjects": "24"})
    videos = dataset.videos()
    assert {v.n_frames for v in videos} == {seconds * 30}
    pooled = sum(movement_by_person(videos).values(), Movement(0, 0))
    assert pooled.share == pytest.approx(share, rel=0.05)
    assert {c.name: c.found for c in dataset.check().counts}["videos without events"] == 6


def test_the_dense_presets_render_what_they_always_did():
    pinned = {
        SynthLV: ("56f534bf3d26", "26c5c54f6369"),
        SynthLVSparse: ("936d046e5568", "d9230a716bdd"),
    }
    for cls, (events, frame) in pinned.items():
        video = cls.open(options=SMALL).videos()[0]
        spans = [(e.onset, e.apex, e.offset, e.type.value) for v in cls.open().videos() for e in v.events]
        assert (digest_of(spans)[:12], video.frames.digest[:12]) == (events, frame)


def test_bad_settings_are_refused():
    with pytest.raises(UserError, match="has no setting 'subject'"):
        SynthLV.open(options={"subject": "3"})
    with pytest.raises(UserError, match="'dark' is not one of 'mild', 'uneven', 'none'"):
        SynthLV.open(options={"light": "dark"})
    with pytest.raises(UserError, match="at least 30 frames"):
        SynthLV.open(options={"seconds": "0.5"})
    with pytest.raises(UserError, match="at least 160x120"):
        SynthLV.open(options={"width": "64"})


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


def test_the_kinds_are_those_of_the_schema(video):
    assert {e.type for e in video.events} <= set(ExpressionType)
