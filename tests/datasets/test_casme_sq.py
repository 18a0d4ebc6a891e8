from __future__ import annotations

import shutil

import pytest

from mebench.datasets.casme_sq import CasmeSq
from mebench.datasets.catalogue import DATASETS
from mebench.datasets.policies import Errata
from mebench.errors import UserError
from mebench.schema.recordings import ExpressionType

MACRO, MICRO = ExpressionType.MACRO, ExpressionType.MICRO
# participant's folder, name, onset, apex, offset, units, emotion, type, self-report
ROWS = [
    ["s15", "disgust1_1", 10, 15, 20, 4, "negative", "micro-expression", "disgust"],
    ["s15", "disgust1_2", 40, 60, 0, "4+7", "negative", "macro-expression", "disgust"],
    ["s27", "anger1_1", 63, 0, 87, "R12", "others", "macro-expression", "happyiness"],
    ["s27", "anger1_2", 121, 130, 124, None, "positive", "micro-expression", "happiness"],
    ["s32", "happy2_1", 58, 65, 72, 12, "positive", "micro-expression", "happiness"],
    ["s32", "happy2_2", 58, 80, 119, 6, "Positive", "macro-expression", "happiness"],
]
VIDEOS = {
    "s15/15_0101disgustingteeth": 100,
    "s15/15_0102eatingworms": 30,
    "s27/27_0401girlcrashing": 200,
    "s32/32_0503happy2": 150,
}


def by_id(dataset):
    return {video.id: video for video in dataset.videos()}


def test_it_is_the_registered_dataset():
    assert DATASETS.get("casme_sq") is CasmeSq


@pytest.mark.parametrize("cropped", [False, True])
def test_both_releases_give_the_same_videos(casme, cropped):
    dataset = CasmeSq.open(casme(ROWS, VIDEOS, cropped=cropped))
    assert [(v.key, v.n_frames) for v in dataset.videos()] == [
        (("s15", "15_0101"), 100),
        (("s15", "15_0102"), 30),
        (("s27", "27_0401"), 200),
        (("s32", "32_0503"), 150),
    ]
    videos = by_id(dataset)
    assert {v.fps for v in dataset.videos()} == {30.0}
    assert videos["15_0102"].events == ()
    event = videos["15_0101"].events[0]
    assert (event.onset, event.apex, event.offset, event.type) == (10, 15, 20, MICRO)
    assert (event.emotion, event.action_units) == ("negative", "4")
    assert [e.emotion for e in videos["32_0503"].events] == ["positive", "positive"]


def test_every_quirk_is_resolved_and_reported(casme, kinds):
    dataset = CasmeSq.open(casme(ROWS, VIDEOS))
    videos = by_id(dataset)
    assert (videos["15_0101"].events[1].onset, videos["15_0101"].events[1].offset) == (40, 60)
    first, second = videos["27_0401"].events
    assert (first.apex, first.action_units) == (75, "R12")
    assert (second.onset, second.apex, second.offset, second.action_units) == (121, 124, 124, "")
    assert [(e.onset, e.offset, e.type) for e in videos["32_0503"].events] == [(58, 72, MICRO), (58, 119, MACRO)]
    assert kinds(dataset.check()) == {
        "offset_zero": ["s15/disgust1_2"],
        "apex_zero": ["s27/anger1_1"],
        "apex_outside": ["s27/anger1_2"],
        "overlap": ["s32/happy2_2"],
    }


@pytest.mark.parametrize(
    ("policy", "offsets"),
    [("apex", [20, 60]), ("apex_plus_20", [20, 80]), ("mirror", [20, 80]), ("keep", [20, 40]), ("drop", [20])],
)
def test_offset_zero(casme, policy, offsets):
    dataset = CasmeSq.open(casme(ROWS, VIDEOS), {"offset_zero": policy})
    assert [event.offset for event in by_id(dataset)["15_0101"].events] == offsets


def test_counts_stand_beside_the_promised_ones(casme):
    report = CasmeSq.open(casme(ROWS, VIDEOS)).check()
    counts = {count.name: (count.found, count.expected) for count in report.counts}
    assert counts["annotated rows"] == (6, 357)
    assert counts["macro-expressions"] == (3, 300)
    assert counts["micro-expressions"] == (3, 57)
    assert counts["videos"] == (4, 98)
    assert counts["videos with rows"] == (3, 95)
    assert counts["subjects"] == (3, 22)
    assert counts["subjects with macro-expressions"] == (3, 20)
    assert not report.ok


def test_codes_that_became_numbers_are_padded_again(casme):
    dataset = CasmeSq.open(
        casme(ROWS, VIDEOS, codes=[(101, "disgust1"), (102, "disgust2"), (401, "anger1"), (503, "happy2")])
    )
    assert len(by_id(dataset)["15_0101"].events) == 2


def test_the_updated_workbook_goes_before_the_first_one(casme, kinds):
    root = casme(ROWS, VIDEOS)
    final = root / "CAS(ME)^2" / "CAS(ME)^2code_final.xlsx"
    shutil.copy(final, final.with_name("CAS(ME)^2code_final(Updated).xlsx"))
    final.write_bytes(b"never read")
    assert kinds(CasmeSq.open(root).check())["several_workbooks"] == [final.name]


@pytest.mark.parametrize("name", ["code_final.xlsx", "CAS(ME)^2code_final(Updated).xlsx", "cas(me)^2CODE_final.XLSX"])
def test_workbook_names_vary(casme, name):
    assert len(CasmeSq.open(casme(ROWS, VIDEOS, workbook=name)).videos()) == 4


def test_the_folder_itself_can_be_the_root(casme):
    root = casme(ROWS, VIDEOS)
    assert len(CasmeSq.open(root / "CAS(ME)^2").videos()) == 4


def test_other_folders_of_the_release_are_not_taken_for_videos(casme):
    root = casme(ROWS, VIDEOS)
    for name in ("selectedpic/s15/disgust1_1", "cropped/s15/disgust1_1", "rawvideo/s15"):
        (root / "CAS(ME)^2" / name).mkdir(parents=True)
    assert len(CasmeSq.open(root).videos()) == 4


def test_with_both_releases_the_whole_frames_are_read_unless_asked_otherwise(casme, kinds):
    root = casme(ROWS, VIDEOS)
    cropped = root / "CAS(ME)2_longVideoFaceCropped" / "longVideoFaceCropped"
    shutil.copytree(root / "CAS(ME)^2" / "rawpic", cropped)
    shutil.rmtree(cropped / "s32")
    dataset = CasmeSq.open(root)
    assert len(dataset.videos()) == 4
    assert kinds(dataset.check())["several_releases"] == ["longVideoFaceCropped"]
    assert len(CasmeSq.open(root, {"release": "cropped"}).videos()) == 3


def test_a_release_that_is_not_there_is_the_users_error(casme):
    root = casme(ROWS, VIDEOS)
    with pytest.raises(UserError, match="such as longVideoFaceCropped/s15/15_0101disgustingteeth was found in"):
        CasmeSq.open(root, {"release": "cropped"}).videos()


def test_another_layout_says_what_was_looked_for_and_where(tmp_path):
    with pytest.raises(
        UserError, match=f"such as rawpic/s15/15_0101disgustingteeth was found in {tmp_path}: give --root"
    ):
        CasmeSq.open(tmp_path).videos()


def test_a_missing_workbook_is_the_users_error(casme):
    root = casme(ROWS, VIDEOS)
    (root / "CAS(ME)^2" / "CAS(ME)^2code_final.xlsx").unlink()
    with pytest.raises(UserError, match=r"No workbook named CAS\(ME\)\^2code_final.xlsx was found"):
        CasmeSq.open(root).videos()


def test_rows_that_the_naming_rules_do_not_hold_name_their_place(casme):
    with pytest.raises(UserError, match="Row 1 of the first sheet .* stimulus 'fear9'"):
        CasmeSq.open(casme([["s15", "fear9_1", 1, 2, 3, 4, "negative", "macro-expression", ""]], VIDEOS)).videos()


def test_two_folders_of_one_video_are_the_users_error(casme):
    with pytest.raises(UserError, match="are the same video: remove one of them"):
        CasmeSq.open(casme(ROWS, {**VIDEOS, "s15/15_0101disgust": 5})).videos()


def test_durations_are_counted_as_in_table_5_3(casme):
    dataset = CasmeSq.open(casme(ROWS, VIDEOS))
    by_kind = {
        kind: [row.offset - row.onset if row.offset else 2 * (row.apex - row.onset) for row in dataset.rows(Errata())
               if row.type == kind]
        for kind in (MICRO, MACRO)
    }  # fmt: skip
    assert {kind: found.tolist() for kind, found in dataset.durations().items()} == {
        kind: pytest.approx([frames / 30 for frames in lengths]) for kind, lengths in by_kind.items()
    }
    assert len(by_kind[MICRO]) == len(by_kind[MACRO]) == 3
