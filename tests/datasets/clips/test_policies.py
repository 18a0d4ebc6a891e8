from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mebench.datasets.clips.policies import (
    AnnotatedClip,
    ClipPolicies,
    Correction,
    corrected,
    resolve_clip,
    spelt_alike,
)
from mebench.datasets.folders import FolderScan
from mebench.datasets.policies import Errata

ON_DISK = FolderScan(last=100, numbers=61, twins=0, width=2, first=40)


def resolved(onset, apex, offset, scan=ON_DISK, *, cut=False, **policies):
    errata = Errata()
    row = AnnotatedClip("s1", "c1", "s1/c1", onset, apex, offset)
    span = resolve_clip(row, scan, ClipPolicies(**policies), errata, cut=cut)
    return span, [erratum.kind for erratum in errata]


def test_file_numbers_become_numbers_within_the_clip():
    assert resolved(40, 70, 100) == ((1, 31, 61), [])
    assert resolved(46, 59, 86) == ((7, 20, 47), [])


@given(st.integers(1, 500), st.integers(1, 60), st.data())
def test_a_clean_row_points_at_the_files_that_it_names(first, count, data):
    last = first + count - 1
    onset = data.draw(st.integers(first, last))
    offset = data.draw(st.integers(onset, last))
    apex = data.draw(st.integers(onset, offset))
    span, kinds = resolved(onset, apex, offset, FolderScan(last, count, 0, 1, first))
    files = list(range(first, last + 1))
    assert [files[number - 1] for number in span] == [onset, apex, offset]
    assert set(kinds) <= {"apex_at_end"}


@pytest.mark.parametrize(
    ("frames", "policies", "span", "kind"),
    [
        ((50, None, 90), {}, (11, 0, 51), "apex_missing"),
        ((50, -1, 90), {}, (11, 0, 51), "apex_missing"),
        ((50, 0, 90), {"apex_missing": "midpoint"}, (11, 31, 51), "apex_missing"),
        ((50, 95, 90), {}, (11, 0, 51), "apex_outside"),
        ((50, 95, 90), {"apex_outside": "clamp"}, (11, 51, 51), "apex_outside"),
        ((50, 45, 90), {"apex_outside": "clamp"}, (11, 11, 51), "apex_outside"),
        ((50, 90, 90), {}, (11, 51, 51), "apex_at_end"),
        ((50, 50, 90), {"apex_at_end": "none"}, (11, 0, 51), "apex_at_end"),
        ((50, 60, 0), {}, (11, 21, 61), "end_missing"),
        ((None, 60, 90), {}, (1, 21, 51), "end_missing"),
        ((50, 60, None), {"end_missing": "apex", "apex_at_end": "keep"}, (11, 21, 21), "end_missing"),
        ((50, 60, 0), {"end_missing": "drop"}, None, "end_missing"),
        ((50, 60, 45), {}, (11, 21, 61), "reversed"),
        ((50, 60, 45), {"end_reversed": "drop"}, None, "reversed"),
        ((30, 60, 90), {}, (1, 21, 51), "outside_frames"),
        ((50, 60, 120), {}, (11, 21, 61), "outside_frames"),
        ((50, 60, 120), {"outside_frames": "drop"}, None, "outside_frames"),
        ((150, 160, 190), {}, None, "outside_frames"),
        ((50.5, 60, 90), {}, (12, 21, 51), "fractional_frame"),
    ],
)
def test_each_irregularity_has_a_policy_and_is_reported(frames, policies, span, kind):
    found, kinds = resolved(*frames, **policies)
    assert found == span
    assert kinds[0] == kind


@pytest.mark.parametrize(("policy", "span"), [("shift", (1, 21, 61)), ("drop", None)])
@pytest.mark.parametrize("first", [0, 1])
def test_renumbered_frames_are_recognised_by_their_number(first, policy, span):
    scan = FolderScan(first + 60, 61, 0, 1, first)
    assert resolved(5540, 5560, 5600, scan, renumbered=policy) == (span, ["renumbered"])


def test_renumbering_is_not_guessed_where_the_number_of_frames_differs():
    span, kinds = resolved(5540, 5560, 5599, FolderScan(61, 61, 0, 1, 1))
    assert (span, kinds) == (None, ["outside_frames"])


def test_a_clip_that_is_cut_at_its_ends_lacks_none():
    assert resolved(None, None, None, cut=True, apex_missing="midpoint") == ((1, 31, 61), ["apex_missing"])


@given(*[st.one_of(st.none(), st.integers(-1, 160))] * 3)
def test_whatever_the_table_says_a_span_lies_within_the_frames(onset, apex, offset):
    span, _ = resolved(onset, apex, offset)
    if span is not None:
        assert 1 <= span.onset <= span.offset <= ON_DISK.span
        assert span.apex == 0 or span.onset <= span.apex <= span.offset


FAULT = Correction({"offset": 90.0}, {"offset": 80.0, "apex": None}, "its duration is 31")


@pytest.mark.parametrize(("policy", "offset"), [("apply", 80.0), ("ignore", 90.0)])
def test_a_known_error_is_put_right_only_where_it_stands(policy, offset):
    errata = Errata()
    wrong = AnnotatedClip("s1", "c1", "s1/c1", 50.0, 60.0, 90.0)
    mended = dataclasses.replace(wrong, offset=85.0)
    known = {("s1", "c1"): FAULT}
    policies = ClipPolicies(corrections=policy)
    assert corrected([wrong], known, policies, errata)[0].offset == offset
    assert corrected([mended], known, policies, errata) == [mended]
    assert [(e.kind, e.where) for e in errata] == [("known_error", "s1/c1")]
    assert "its duration is 31" in next(iter(errata)).detail


def test_emotions_are_spelt_alike_and_each_other_spelling_is_told_once():
    errata = Errata()
    rows = [AnnotatedClip("s", str(i), str(i), emotion=e) for i, e in enumerate(["Other", "Other", " Fear ", "sad"])]
    assert [row.emotion for row in spelt_alike(rows, errata)] == ["others", "others", "fear", "sadness"]
    assert [(e.where, e.detail) for e in errata] == [("Other", "2 rows"), ("sad", "1 rows")]
