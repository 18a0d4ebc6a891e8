from __future__ import annotations

import pytest

from mebench.datasets.catalogue import DATASETS
from mebench.datasets.clips.ckplus import PROMISED, CkPlus
from mebench.errors import UserError

from .posed_copies import conforms, counts_of, errata_of, write_frames, write_text

SEQUENCES = {"S005/001": 3, "S010/002": 4, "S010/004": 2}
EMOTIONS = {"S005/001": "   3.0000000e+00\n", "S010/002": "7.0"}
FACS = {"S005/001": "   9.0000000e+00   4.0000000e+00\n   17.0  0.0\n", "S010/002": "1.0 2.0"}


def build(root, images="cohn-kanade-images", emotion="Emotion", facs="FACS"):
    for name, last in SEQUENCES.items():
        stem = name.replace("/", "_")
        write_frames(root / images / name, stem + "_{:08d}.png", 1, last)
        (root / emotion / name).mkdir(parents=True)
        if name in EMOTIONS:
            write_text(root / emotion / name / f"{stem}_{last:08d}_emotion.txt", EMOTIONS[name])
        if name in FACS and facs:
            write_text(root / facs / name / f"{stem}_{last:08d}_facs.txt", FACS[name])
    return root


@pytest.fixture
def root(tmp_path):
    return build(tmp_path / "ck")


def test_the_last_frame_is_the_apex_and_the_first_one_neutral(root) -> None:
    clips = DATASETS.get("ckplus").open(root).clips()
    assert [(c.subject, c.id, c.emotion, c.onset, c.apex, c.offset, c.n_frames) for c in clips] == [
        ("S005", "S005_001", "disgust", 1, 3, 3, 3),
        ("S010", "S010_002", "surprise", 1, 4, 4, 4),
    ]
    assert clips[1].frames.read(3, 4).max() == 4


def test_an_intensity_of_zero_was_not_scored(root) -> None:
    assert [clip.action_units for clip in CkPlus.open(root).clips()] == ["9D+17", "1B"]


def test_only_labelled_sequences_have_a_text_and_the_others_are_counted(root) -> None:
    report = CkPlus.open(root).check()
    assert errata_of(report)["unlabelled"] == ("1 in all", "left out", "S010_004")
    assert counts_of(report)["clips"] == (2, 327)
    assert counts_of(report)["clips of surprise"] == (1, 83)
    assert counts_of(report)["subjects"] == (2, None)
    kept = CkPlus.open(root, {"unlabelled": "keep"})
    assert [clip.emotion for clip in kept.clips()] == ["disgust", "surprise", ""]
    assert counts_of(kept.check())["clips"] == (3, 593)
    assert counts_of(kept.check())["subjects"] == (2, 123)


def test_the_promised_counts_agree_with_each_other() -> None:
    assert sum(PROMISED.values()) == 327


def test_other_folder_names_are_known(tmp_path, root) -> None:
    other = build(
        tmp_path / "other",
        "extended-cohn-kanade-images/cohn-kanade-images",
        "Emotion_labels/Emotion",
        "FACS_labels/FACS",
    )
    assert [clip.key for clip in CkPlus.open(other).clips()] == [clip.key for clip in CkPlus.open(root).clips()]
    assert CkPlus.open(other).clips()[0].action_units == "9D+17"


def test_what_a_mac_leaves_is_passed_over(root) -> None:
    expected = [clip.key for clip in CkPlus.open(root).clips()]
    for place in ("cohn-kanade-images", "cohn-kanade-images/S005", "cohn-kanade-images/S005/001", "Emotion/S005/001"):
        (root / place / ".DS_Store").touch()
    (root / "cohn-kanade-images/S005/001/._S005_001_00000009.png").touch()
    dataset = CkPlus.open(root)
    assert [clip.key for clip in dataset.clips()] == expected
    assert dataset.clips()[0].n_frames == 3


def test_odd_texts_and_frames_are_reported(root) -> None:
    write_text(root / "Emotion/S010/004/S010_004_00000002_emotion.txt", "9.0")
    folder = root / "Emotion/S005/001"
    (folder / "S005_001_00000003_emotion.txt").rename(folder / "S005_001_00000011_emotion.txt")
    (root / "cohn-kanade-images/S010/002/S010_002_00000002.png").unlink()
    (root / "cohn-kanade-images/S020/001").mkdir(parents=True)
    write_text(root / "Emotion/S020/001/S020_001_00000002_emotion.txt", "1.0")
    kinds = errata_of(CkPlus.open(root).check())
    assert kinds["unknown_emotion"][:2] == ("S010_004_00000002_emotion.txt", "counts as without an emotion")
    assert kinds["other_apex"] == ("S005_001", "the last frame on disk, 3", "the text is about frame 11")
    assert kinds["missing_frames"][0] == "S010_002"
    assert kinds["no_frames"][0] == "S020_001"
    assert kinds["assumed"][1] == "not confirmed by any file of the copy"


def test_what_is_lacking_is_told_in_one_sentence(root, tmp_path) -> None:
    write_text(root / "Emotion/S005/001/S005_001_00000003_emotion.txt", "disgust")
    with pytest.raises(UserError, match=r"_emotion.txt does not hold numbers"):
        CkPlus.open(root).clips()
    (root / "Emotion").rename(root / "labels")
    with pytest.raises(
        UserError, match=r"No folder Emotion was found in .*: give --root the folder that holds the parts"
    ):
        CkPlus.open(root).clips()
    with pytest.raises(UserError, match=r"No folder cohn-kanade-images was found"):
        CkPlus.open(tmp_path / "ck" / "labels").clips()


def test_action_units_may_be_missing(tmp_path) -> None:
    dataset = CkPlus.open(build(tmp_path, facs=""))
    assert errata_of(dataset.check())["no_facs"][1] == "without action units"
    assert {clip.action_units for clip in dataset.clips()} == {""}


def test_it_conforms(root) -> None:
    conforms(CkPlus, root)
