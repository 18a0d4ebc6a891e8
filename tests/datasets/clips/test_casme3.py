from __future__ import annotations

import pytest

from mebench.datasets.catalogue import DATASETS
from mebench.datasets.clips.casme3 import Casme3
from mebench.errors import UserError
from tests.datasets.conftest import save_workbook

from .conftest import touch_clip

HEADER = ["Subject", "Filename", "Onset", "Apex", "Offset", "AU", "Objective class", "emotion"]
ROWS = [
    ["spNO.1", "a", 12, 15, 20, "R10+38", "V", "disgust"],
    ["spNO.1", "a", 31, 33, 40, "4", "V", "Others"],
    ["spNO.11", "J", 5, 7, 9, 2, "III", "surprise"],
    ["spNO.2", "b", 3, 4, 30, "T28", "VII", "happy"],
]
RECORDINGS = {"spNO.1/a": 60, "spNO.1/b": 10, "spNO.11/j": 20, "spNO.2/b": 50}


@pytest.fixture
def part_a(tmp_path):
    """Build part A: part_a(rows, recordings=, tree=, version=, sheets=, without=)."""

    def build(rows=ROWS, recordings=RECORDINGS, *, tree="part_A", version="v2", header=HEADER, without=()):
        for name, count in recordings.items():
            first, last = count if isinstance(count, tuple) else (1, count)
            touch_clip(tmp_path / tree / name / "color", "{}.jpg", first, last, without=without)
            touch_clip(tmp_path / tree / name / "depth", "{}.png", 1, 2)
        name = f"cas(me)3_part_A_ME_label_JpgIndex_{version}.xlsx"
        save_workbook(tmp_path / "annotation" / "partA" / name, {"label": [header, *rows]})
        return tmp_path

    return build


def test_it_is_the_registered_dataset():
    assert DATASETS.get("casme3") is Casme3


def test_clips_are_the_frames_from_onset_to_offset(part_a, spans):
    dataset = Casme3.open(part_a())
    assert {clip.key[1:]: spans(dataset)[clip.id] for clip in dataset.clips()} == {
        ("spNO.1", "a_12"): (9, 1, 4, 9),
        ("spNO.1", "a_31"): (10, 1, 3, 10),
        ("spNO.11", "j_5"): (5, 1, 3, 5),
        ("spNO.2", "b_3"): (28, 1, 2, 28),
    }
    first = dataset.clips()[0]
    assert (first.first, first.frames.names, first.fps) == (12, [f"{n}.jpg" for n in range(12, 21)], 30.0)
    assert (first.emotion, first.action_units) == ("disgust", "R10+38")


def test_the_digest_of_a_clip_is_of_its_own_frames(part_a):
    dataset = Casme3.open(part_a())
    first, second = (clip.frames for clip in dataset.clips()[:2])
    before = first.content(fresh=True), second.content(fresh=True)
    (first.folder / "35.jpg").write_bytes(b"another")
    assert first.content(fresh=True) == before[0]
    assert second.content(fresh=True) != before[1]


def test_other_and_short_spellings_of_emotions_are_read_alike(part_a, kinds):
    report = Casme3.open(part_a()).check()
    assert [(e.where, e.policy) for e in report.errata if e.kind == "emotion_spelling"] == [
        ("happy", "read as happiness")
    ]
    assert kinds(report)["capital_emotion"] == ["spNO.1/a_31"]
    assert {count.name: count.found for count in report.counts}["emotion others"] == 1


def test_capital_j_of_spno_11_is_the_recording_j(part_a, kinds):
    assert kinds(Casme3.open(part_a()).check())["capital_filename"] == ["spNO.11/j_5"]


@pytest.mark.parametrize("tree", ["part_A", "part_A_split/part_A", "RGB", "."])
def test_trees_vary(part_a, tree):
    assert len(Casme3.open(part_a(tree=tree)).clips()) == 4


def test_recordings_split_over_several_trees_are_read_together(part_a):
    part_a(tree="part_A_1", recordings={"spNO.1/a": 60})
    root = part_a(tree="part_A_2", recordings={"spNO.11/j": 20, "spNO.2/b": 50})
    assert len(Casme3.open(root).clips()) == 4


def test_the_same_recording_twice_is_the_users_error(part_a):
    part_a(tree="part_A_1")
    with pytest.raises(UserError, match="are the same recording: remove one of them"):
        Casme3.open(part_a(tree="part_A_2")).clips()


def test_part_b_and_cut_out_copies_are_not_taken_for_part_a(part_a, kinds):
    part_a(tree="part_B")
    part_a(tree="ME_A")
    dataset = Casme3.open(part_a())
    assert sorted(kinds(dataset.check())["other_part"]) == ["ME_A", "part_B"]
    assert all("part_A" in str(clip.frames.folder) for clip in dataset.clips())


def test_frames_may_lie_in_the_recording_s_own_folder(part_a, tmp_path):
    touch_clip(tmp_path / "part_A" / "spNO.1" / "a", "{}.jpg", 1, 60)
    recordings = {name: count for name, count in RECORDINGS.items() if name != "spNO.1/a"}
    assert len(Casme3.open(part_a(recordings=recordings)).clips()) == 4


def test_the_version_of_the_annotation_is_chosen_and_said(part_a, kinds):
    part_a(
        version="v1",
        recordings={},
        rows=[*ROWS, ["spNO.2", "b", 40, 41, 44, "4", "V", "fear"]],
        header=[*HEADER, None, None],
    )
    root = part_a()
    # A list of what was wrong in version 1 is no annotation of version 1.
    save_workbook(
        root / "annotation/partA/CAS(ME)3_part_A_wrongly_labeled_me_in_V1.xlsx", {"Sheet1": [["free", "form"]]}
    )
    for version, number in (("v1", 5), ("v2", 4)):
        dataset = Casme3.open(root, {"annotation": version})
        assert len(dataset.clips()) == number
        told = [e for e in dataset.check().errata if e.kind == "annotation_version"]
        assert [(e.where[-7:], e.detail) for e in told] == [(f"{version}.xlsx", f"annotation={version}")]
        counts = {count.name: (count.found, count.expected) for count in dataset.check().counts}
        assert counts["annotated rows"] == (number, {"v1": 921, "v2": 860}[version])
        assert counts["recordings with rows"] == (3, {"v1": 474, "v2": 463}[version])
    assert counts["subjects"] == (3, 94)
    assert counts["emotion others"] == (1, 161)


def test_a_version_that_is_not_there_is_the_users_error(part_a):
    with pytest.raises(UserError, match=r"No workbook named cas\(me\)3_part_A_ME_label_JpgIndex_v1.xls was found"):
        Casme3.open(part_a(), {"annotation": "v1"}).clips()


def test_an_apex_before_its_onset_is_none_spno_149(part_a, spans, kinds):
    dataset = Casme3.open(part_a([["spNO.149", "d", 112, 83, 130, "4", "V", "fear"]], {"spNO.149/d": 140}))
    assert spans(dataset) == {"d_112": (19, 1, 0, 19)}
    assert kinds(dataset.check())["apex_outside"] == ["spNO.149/d_112"]


def test_the_onset_that_lies_behind_its_offset_by_a_digit_is_put_right_spno_216(part_a, spans, kinds):
    root = part_a([["spNO.216", "d", 3647, 2655, 2660, "4", "V", "fear"]], {"spNO.216/d": (2640, 2670)})
    assert spans(Casme3.open(root)) == {"d_3647": (14, 1, 9, 14)}
    assert kinds(Casme3.open(root).check())["known_error"] == ["spNO.216/d_3647"]
    untouched = Casme3.open(root, {"corrections": "ignore"})
    assert untouched.clips() == ()
    assert kinds(untouched.check())["reversed"] == ["spNO.216/d_3647"]


def test_frame_0_of_spno_216_is_the_first_file(part_a, spans, kinds):
    dataset = Casme3.open(part_a([["spNO.216", "e", 0, 0, 9, "4", "V", "fear"]], {"spNO.216/e": 20}))
    assert spans(dataset) == {"e_0": (9, 1, 1, 9)}
    assert kinds(dataset.check())["known_error"] == ["spNO.216/e_0"]


def test_offset_0_of_spno_40_ends_at_the_apex(part_a, spans, kinds):
    root = part_a([["spNO.40", "e", 20, 26, 0, "4", "V", "fear"]], {"spNO.40/e": 300})
    assert spans(Casme3.open(root)) == {"e_20": (7, 1, 7, 7)}
    assert kinds(Casme3.open(root).check())["end_missing"] == ["spNO.40/e_20"]
    assert spans(Casme3.open(root, {"end_missing": "frames"})) == {"e_20": (281, 1, 7, 281)}
    assert spans(Casme3.open(root, {"end_missing": "drop"})) == {}


def test_a_clip_with_neither_apex_nor_offset_does_not_reach_to_the_end_of_its_recording(part_a, kinds):
    dataset = Casme3.open(part_a([["spNO.40", "e", 20, 0, 0, "4", "V", "fear"]], {"spNO.40/e": 300}))
    assert dataset.clips() == ()
    assert kinds(dataset.check())["end_missing"] == ["spNO.40/e_20"]


def test_micro_expressions_of_seconds_are_kept_and_named(part_a, kinds):
    dataset = Casme3.open(part_a([["spNO.3", "a", 1, 9, 156, "4", "V", "fear"], ROWS[0]], {"spNO.3/a": 160}))
    assert kinds(dataset.check())["long_micro_expression"] == ["spNO.3/a_1"]
    assert [clip.n_frames for clip in dataset.clips()] == [156]


def test_frames_that_are_missing_within_a_clip_are_named(part_a, kinds):
    dataset = Casme3.open(part_a(without=(14, 50, *range(31, 41))))
    found = [(e.kind, e.where, e.detail) for e in dataset.check().errata if e.kind in ("missing_frames", "no_frames")]
    assert found == [
        ("missing_frames", "spNO.1/a_12", "14 of its clip have no file"),
        ("no_frames", "spNO.1/a_31", "none of 31-40 is on disk"),
        ("missing_frames", "spNO.2/b_3", "14 of its clip have no file"),
    ]
    assert [clip.id for clip in dataset.clips()] == ["a_12", "j_5", "b_3"]


def test_rows_without_a_recording_are_left_out_or_refused(part_a, kinds):
    root = part_a(recordings={"spNO.1/a": 60})
    assert kinds(Casme3.open(root).check())["no_frames"] == ["spNO.11/j_5", "spNO.2/b_3"]
    with pytest.raises(UserError, match="spNO.11/j_5 has no frames in .*no_frames=drop"):
        Casme3.open(root, {"no_frames": "refuse"}).clips()


def test_another_layout_says_what_was_looked_for_and_where(tmp_path):
    with pytest.raises(UserError, match=f"such as part_A/spNO.1/a/color was found in {tmp_path}: give --root"):
        Casme3.open(tmp_path).clips()


def test_a_missing_workbook_is_the_users_error(part_a):
    root = part_a()
    next((root / "annotation" / "partA").iterdir()).unlink()
    with pytest.raises(UserError, match=r"No workbook named cas\(me\)3_part_A_ME_label_JpgIndex_v2.xlsx was found"):
        Casme3.open(root).clips()


def test_a_row_without_its_recording_names_its_place(part_a):
    root = part_a([["spNO.1", None, 12, 15, 20, "4", "V", "fear"]])
    with pytest.raises(UserError, match="Row 2 of sheet label of .* has no Filename or no Onset"):
        Casme3.open(root).clips()


def test_openface_results_of_whole_recordings_are_refused(part_a):
    with pytest.raises(UserError, match="openface= is for clips with a folder each"):
        Casme3.open(part_a(), {"openface": "somewhere"})


def release(number_of_rows, number_of_people, number_of_recordings, emotions):
    """Rows and recordings with the counts of a release, three clips at most in a recording."""
    names = [
        f"spNO.{i % number_of_people + 1}/{'abcdefghij'[i // number_of_people]}" for i in range(number_of_recordings)
    ]
    labels = [label for label, number in emotions.items() for _ in range(number)]
    rows = []
    for i in range(number_of_rows):
        subject, name = names[i % number_of_recordings].split("/")
        onset = 1 + 4 * (i // number_of_recordings)
        rows.append([subject, name, onset, onset + 1, onset + 3, "4", "V", labels[i % len(labels)]])
    return rows, dict.fromkeys(names, 12)


EMOTIONS = {
    "disgust": 250, "surprise": 187, "others": 158, "Others": 3, "fear": 86, "anger": 64, "sad": 57, "happy": 55
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("version", "counts"), [("v2", (860, 94, 463, EMOTIONS)), ("v1", (921, 95, 474, {"fear": 1}))])
def test_a_copy_with_the_counts_of_the_release_is_in_order(part_a, version, counts):
    dataset = Casme3.open(part_a(*release(*counts), version=version), {"annotation": version})
    report = dataset.check()
    assert [count for count in report.counts if not count.ok] == []
    assert len(dataset.clips()) == counts[0]
    assert {clip.n_frames for clip in dataset.clips()} == {4}
