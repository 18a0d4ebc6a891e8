"""Intervals against the public list of videos."""

from __future__ import annotations

import pytest
from hostile_corpus import VIDEOS

from mebench.challenge.checks.findings import Findings
from mebench.challenge.checks.rows import SpottedRows
from mebench.challenge.checks.spotted import SpottedChecks
from mebench.tasks.expected import Expected

NAN = float("nan")


def check(*rows, **expected):
    """Rows are (database, subject, video, onset, offset, type[, emotion])."""
    findings = Findings()
    table = SpottedRows()
    for line, (database, subject, video, onset, offset, kind, *emotion) in enumerate(rows, 2):
        label = emotion[0] if emotion else ""
        table.extend(
            SpottedRows(["p"], [line], [database], [subject], [video], [onset], [offset], [kind], [NAN], [label])
        )
    checks = SpottedChecks(Expected(**{"videos": VIDEOS, **expected}), findings)
    # As if the rows stood in two files.
    checks.add(table.pick(range(len(table) // 2)))
    checks.add(table.pick(range(len(table) // 2, len(table))))
    intervals, places = checks.result()
    return intervals, places, findings


def test_ids_become_those_of_the_challenge():
    intervals, places, findings = check(("samm", "", "6_1", 5, 9, "micro"), ("", "15", "0101", 5, 9, "macro"))
    assert [(r.subject, r.video, r.type) for r in intervals.rows()] == [
        ("samm_lv/006", "006_1", "micro"),
        ("casme_sq/s15", "15_0101", "macro"),
    ]
    assert places == (("p", 2), ("p", 3))
    assert findings.counts == {}
    assert "'6_1' as 'samm_lv/006/006_1'" in findings.notes[0]


def test_videos_without_intervals_are_noted_and_count():
    *_, findings = check(*(("", *key, 1, 2, "micro") for key in VIDEOS.keys()[:3]))
    assert findings.notes == (
        "no interval was predicted in some videos, which count all the same: samm_lv/006/006_11, samm_lv/007/007_1",
    )


@pytest.mark.parametrize(
    ("onset", "offset", "kinds"),
    [
        (1, 800, {}),
        (800, 800, {}),
        (1, 801, {}),
        (-9, 0, {}),
        (900, 10, {"offset_before_onset": 1}),
        (5, 4, {"offset_before_onset": 1}),
    ],
)
def test_frames_are_in_order(onset, offset, kinds):
    intervals, _, findings = check(("", "samm_lv/007", "007_1", onset, offset, "micro"))
    assert findings.counts == kinds
    assert len(intervals) == (not kinds)


def test_what_reaches_outside_its_video_is_kept_and_noted_with_its_number_and_places():
    rows = [("", "samm_lv/007", "007_1", onset, onset + 20, "micro") for onset in range(-40, 6)]
    intervals, _, findings = check(*rows, outside="clip")
    assert len(intervals) == 46
    assert findings.counts == {}
    assert findings.notes[-1] == (
        "41 predictions reach outside their video (41 before frame 1, 0 after its last frame): clipped to it "
        "(outside=clip); 21 without a frame in it, counted all the same (where frames count from 0, say "
        "first_frame = 0): p:2, p:3, p:4, p:5, p:6 and 36 more"
    )
    assert "compared as written" in check(*rows, outside="keep")[2].notes[-1]
    assert "the convention's `outside` says" in check(*rows)[2].notes[-1]
    assert "first_frame" not in check(("", "samm_lv/007", "007_1", 790, 801, "micro"))[2].notes[-1]


def test_a_table_of_good_rows_is_read_as_the_same_rows_one_by_one(monkeypatch):
    rows = [("samm", "", "6_1", i, i + 9, kind) for i in range(1, 60) for kind in ("micro", "macro")]
    quick = check(*rows)
    monkeypatch.setattr(SpottedChecks, "_keys_of_all", lambda self, rows: None)
    slow = check(*rows)
    assert quick[0] == slow[0]
    assert quick[1] == slow[1]
    assert quick[2].notes == slow[2].notes
    assert (quick[2].counts, slow[2].counts) == ({}, {})


def test_a_repetition_in_a_second_file_is_found():
    """The helper hands in the two halves one after the other."""
    row = ("", "samm_lv/007", "007_1", 5, 9, "micro")
    other = ("", "samm_lv/007", "007_1", 6, 9, "micro")
    assert check(row, other, other[:3] + (7, 9, "micro"), row)[2].counts == {"duplicate": 1}


def test_an_unknown_video_does_not_hide_its_other_errors():
    *_, findings = check(("", "samm_lv/007", "007_2", 9, 5, "micro"))
    assert findings.counts == {"unknown_video": 1, "offset_before_onset": 1}
    assert "Did you mean 'samm_lv/007/007_1'" in findings.problems[1].found


def test_one_interval_of_both_types_is_no_repetition_but_two_spellings_of_one_are():
    row = ("", "samm_lv/007", "007_1", 5, 9)
    assert check((*row, "micro"), (*row, "macro"))[2].counts == {}
    _, places, findings = check((*row, "micro"), ("samm", "", "7_1", 5, 9, "micro"))
    assert findings.counts == {"duplicate": 1}
    assert findings.problems[0].found == "'what stands in p:2'"
    assert places == (("p", 2),)


def test_emotions_are_those_of_the_protocol():
    row = ("", "samm_lv/007", "007_1", 5, 9, "micro")
    assert check((*row, "bored"))[2].counts == {}
    assert check((*row, "bored"), emotions=("negative",))[2].counts == {"emotion": 1}


def test_untyped_intervals_are_typed_by_duration_at_the_frame_rate_of_their_video():
    """At 200 fps half a second is 100 frames, at 30 fps it is 15."""
    rows = [
        ("samm", "", "007_1", 1, 100, ""),
        ("samm", "", "007_1", 1, 101, ""),
        ("cas", "", "15_0101", 1, 15, ""),
        ("cas", "", "15_0101", 1, 16, ""),
    ]
    assert check(*rows)[0].is_macro.tolist() == [False, True, False, True]
    assert check(*rows, videos=None)[0].is_macro.tolist() == [False, True, False, True]
    assert check(*rows, untyped="micro")[0].is_macro.tolist() == [False] * 4
    assert "up to 0.5 s" in " ".join(check(*rows)[2].notes)


def test_without_a_list_ids_stay_and_a_missing_subject_is_taken_from_the_video():
    intervals, _, findings = check(("", "", "006_1", 5, 9, "micro"), ("", "a", "b", 5, 10**9, "micro"), videos=None)
    assert [(r.subject, r.video) for r in intervals.rows()] == [("006", "006_1"), ("a", "b")]
    assert findings.notes == ("subjects were taken from the video ids, for there is no list of videos",)


def test_rows_with_cells_that_cannot_be_read_are_left_out_without_a_second_complaint():
    intervals, _, findings = check(
        ("", "samm_lv/007", None, 5, 9, "micro"),
        ("", None, "007_1", 5, 9, "micro"),
        ("", "samm_lv/007", "007_1", 5, 9, None),
        ("", "samm_lv/007", "007_1", 5, 9, "micro", None),
    )
    assert len(intervals) == 0
    assert findings.counts == {}
