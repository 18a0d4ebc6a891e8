from __future__ import annotations

import pytest

from mebench.datasets.catalogue import DATASETS
from mebench.datasets.clips.smic import Smic
from mebench.datasets.clips.smic_names import camera_of, is_long, parse_name
from mebench.errors import UserError

from .conftest import touch_clip

CLIPS = [("s1", "negative", "s1_ne_01", 559740, 559775), ("s1", "surprise", "s1_sur_02", 0, 20),
         ("s20", "positive", "s20_po_10", 5, 9)]  # fmt: skip


def make(root, clips=CLIPS, *, release="SMIC_all_raw", camera="HS", pattern="image{:06d}.bmp"):
    for subject, emotion, clip, first, last in clips:
        touch_clip(root / release / camera / subject / "micro" / emotion / clip, pattern, first, last)
    return root


def test_it_is_the_registered_dataset():
    assert DATASETS.get("smic") is Smic


@pytest.mark.parametrize("pattern", ["image{:06d}.bmp", "reg_image{:06d}.bmp", "image{:06d}.jpg", "image{:06d}.png"])
def test_person_class_and_ends_come_from_path_and_files(tmp_path, spans, pattern):
    dataset = Smic.open(make(tmp_path, pattern=pattern))
    assert spans(dataset) == {"s01_ne_01": (36, 1, 0, 36), "s01_sur_02": (21, 1, 0, 21), "s20_po_10": (5, 1, 0, 5)}
    assert [(c.subject, c.emotion, c.fps) for c in dataset.clips()] == [
        ("s01", "negative", 100.0),
        ("s01", "surprise", 100.0),
        ("s20", "positive", 100.0),
    ]


def test_the_absent_apex_is_reported_and_may_be_put_halfway(tmp_path, spans, kinds):
    root = make(tmp_path)
    found = kinds(Smic.open(root).check())
    assert found == {"apex_missing": ["s01_ne_01", "s01_sur_02", "s20_po_10"]}
    halfway = spans(Smic.open(root, {"apex_missing": "midpoint"}))
    assert halfway == {"s01_ne_01": (36, 1, 18, 36), "s01_sur_02": (21, 1, 11, 21), "s20_po_10": (5, 1, 3, 5)}


@pytest.mark.parametrize(
    ("camera", "fps", "rows", "subjects"), [("hs", 100.0, 164, 16), ("vis", 25.0, 71, 8), ("nir", 25.0, 71, 8)]
)
def test_each_camera_has_its_clips_rate_and_counts(tmp_path, camera, fps, rows, subjects):
    for index, name in enumerate(("HS", "VIS", "NIR")):
        make(tmp_path, [("s1", "negative", "s1_ne_01", 1, 5 + index)], camera=name)
    dataset = Smic.open(tmp_path, {"camera": camera})
    clip = dataset.clips()[0]
    assert (clip.fps, clip.n_frames) == (fps, 5 + ["hs", "vis", "nir"].index(camera))
    expected = {count.name: count.expected for count in dataset.check().counts}
    assert (expected["annotated rows"], expected["subjects"]) == (rows, subjects)


def test_the_longer_clips_of_smic_e_and_those_without_expression_are_no_clips(tmp_path):
    make(tmp_path)
    touch_clip(tmp_path / "SMIC-E_raw image" / "HS_long" / "SMIC-HS-E" / "s02" / "s02_ne_01", "image{:06d}.jpg", 1, 9)
    touch_clip(tmp_path / "SMIC_all_raw" / "HS" / "s1" / "non_micro" / "s1_ne_77", "image{:06d}.bmp", 1, 9)
    assert {clip.id for clip in Smic.open(tmp_path).clips()} == {"s01_ne_01", "s01_sur_02", "s20_po_10"}


def test_whole_frames_are_read_before_cropped_ones(tmp_path, kinds, spans):
    make(tmp_path)
    make(tmp_path, CLIPS[:1], release="SMIC_all_cropped")
    assert kinds(Smic.open(tmp_path).check())["several_releases"] == ["SMIC_all_cropped"]
    assert len(Smic.open(tmp_path, {"release": "cropped"}).clips()) == 1


def test_a_copy_that_names_no_camera_is_taken_for_high_speed(tmp_path, kinds):
    touch_clip(tmp_path / "SMIC_data_3" / "surprise" / "s9_sur_03", "image{:06d}.jpg", 90823, 90840)
    dataset = Smic.open(tmp_path)
    assert [(c.subject, c.id, c.emotion) for c in dataset.clips()] == [("s09", "s09_sur_03", "surprise")]
    assert kinds(dataset.check())["camera_assumed"] == ["s9_sur_03"]
    with pytest.raises(UserError, match="No folder of frames such as VIS/s1/micro/negative/s1_ne_01 was found in"):
        Smic.open(tmp_path, {"camera": "vis"}).clips()


def test_a_clip_in_the_folder_of_another_class_is_told(tmp_path, kinds):
    dataset = Smic.open(make(tmp_path, [("s1", "positive", "s1_ne_01", 1, 5)]))
    assert dataset.clips()[0].emotion == "negative"
    assert kinds(dataset.check())["emotion_of_folder"] == ["s01_ne_01"]


def test_a_clip_that_is_there_twice_is_refused(tmp_path):
    make(tmp_path, CLIPS[:1])
    touch_clip(tmp_path / "SMIC_all_raw" / "HS" / "s01" / "micro" / "negative" / "s01_ne_01", "image{:06d}.bmp", 1, 5)
    with pytest.raises(UserError, match="are the same clip: remove one of them"):
        Smic.open(tmp_path).clips()


def test_a_workbook_is_refused_where_there_is_none(tmp_path):
    with pytest.raises(UserError, match="SMIC has no workbook, its clips are annotated by their paths"):
        Smic.open(tmp_path, {"workbook": "SMIC.xlsx"})


def test_a_wrong_root_is_told(tmp_path):
    with pytest.raises(UserError, match="HS/s1/micro/negative/s1_ne_01 was found in .*give --root"):
        Smic.open(tmp_path).clips()


@pytest.mark.parametrize("name", ["s1_ne_01", "s01_ne_01", "s1_neg_1", "S001_NE_01"])
def test_names_are_joined_whatever_their_padding(name):
    assert parse_name(name) == ("s01", "s01_ne_01", "negative")


def test_what_is_no_clip_has_no_name():
    assert [parse_name(n) for n in ("s1", "s1_non_01", "micro", "s1_ne", "s1_neutral_01")] == [None] * 5


def test_cameras_and_longer_clips_are_known_by_the_folders():
    assert [camera_of(("SMIC", c)) for c in ("HS", "HS_long", "SMIC-VIS-E", "nir", "shs")] == [
        "hs", "hs", "vis", "nir", None
    ]  # fmt: skip
    assert [is_long((c,)) for c in ("HS_long", "SMIC-HS-E", "SMIC_HS_E", "SMIC-E_raw image", "HS", "SMIC_extra")] == [
        True, True, True, True, False, False
    ]  # fmt: skip
