"""Strict counting: timelines worked by hand, brute force, and what must hold for every case."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from timelines import line, videos

from mebench.metrics.conventions.spotting import SpottingConvention
from mebench.metrics.intervals import defined, match, ratios, tally, video_index
from mebench.schema.intervals import Intervals


def strict(truth, predicted, **rules):
    """Return (macro, micro) counts of two timelines."""
    counts = tally(line(predicted), line(truth), videos(), SpottingConvention(**rules)).counts.sum(axis=0).tolist()
    return tuple(counts[1]), tuple(counts[0])


def test_an_overlap_of_half_counts_and_less_does_not():
    #                   IoU   macro 9 / 15 = .6          micro 3 / 9 = .33
    macro, micro = strict("[AAAAAAAAAA]         [aaaa]", "   [AAAAAAAAAA]   [aaaa]")
    assert macro == (1, 0, 0)
    assert micro == (0, 1, 1)


def test_half_exactly_is_enough():
    # 5 of 10 frames
    assert strict("[AAAAAAAA]", "[AAA]")[0] == (1, 0, 0)
    assert strict("[AAAAAAAA]", "[AA]")[0] == (0, 1, 1)
    assert strict("[AAAAAAAA]", "[AAA]", comparison="gt")[0] == (0, 1, 1)


def test_lengths_count_both_ends():
    # frames 1-2 and 2-3: 1 of 3 frames inclusive
    assert strict("[]", " []", iou=1 / 3)[1] == (1, 0, 0)
    # a single frame is one frame long, or nothing at all
    assert strict("|", "|")[1] == (1, 0, 0)
    assert strict("|", "|", length="exclusive")[1] == (0, 1, 1)


def test_the_type_must_match():
    assert strict("[AAAA]", "[aaaa]") == ((0, 0, 1), (0, 1, 0))


def test_two_predictions_on_one_truth_are_one_hit_and_one_miss():
    assert strict("[AAAAAAAA]", "[AAAAAA]")[0] == (1, 0, 0)
    both = Intervals.concat([line("[AAAAAA]"), line("  [AAAAAA]")])
    counts = tally(both, line("[AAAAAAAA]"), videos()).counts.sum(axis=0)
    assert counts[1].tolist() == [1, 1, 0]


def test_a_prediction_that_reaches_two_truths_leaves_one_to_the_other():
    #   truth      [AAAAAAAA][AAAAAAAA]      first prediction reaches both, second the left one only
    #   predicted     [AAAAAAAAAAAAAA]
    #              [AAAAAAAA]
    truth = line("[AAAAAAAA][AAAAAAAA]")
    wide, left = line("     [AAAAAAAAAAAAA]"), line("[AAAAAAAA]")
    result = tally(Intervals.concat([wide, left]), truth, videos())
    assert result.counts.sum(axis=0)[1].tolist() == [2, 0, 0]
    assert result.truth_of.tolist() == [1, 0]
    assert result.prediction_of.tolist() == [1, 0]


def test_videos_and_subjects_keep_apart():
    table = videos(("s1", "v1"), ("s1", "v2"), ("s2", "v1"))
    truth = Intervals.concat([line("[AA]", "s1", "v1"), line("[AA]", "s2", "v1")])
    predicted = Intervals.concat([line("[AA]", "s1", "v2"), line("[AA]", "s2", "v1")])
    counts = tally(predicted, truth, table).counts[:, 1]
    assert counts.tolist() == [[0, 0, 1], [0, 1, 0], [1, 0, 0]]


def test_an_unknown_video_is_an_error():
    with pytest.raises(ValueError, match="no video"):
        tally(line("[AA]", video="x"), Intervals.empty(), videos())


def test_nothing_at_all():
    result = tally(Intervals.empty(), Intervals.empty(), videos())
    assert result.counts.tolist() == [[[0, 0, 0], [0, 0, 0]]]


def test_video_index_takes_tables_in_any_order():
    table = videos(("s1", "a"), ("s1", "b"), ("s2", "a"))
    rows = [
        ("s2", "a", 1, 2, "micro"),
        ("s1", "b", 1, 2, "micro"),
        ("s1", "b", 1, 2, "micro"),
        ("s3", "a", 1, 2, "micro"),
    ]
    assert video_index(Intervals.from_rows(rows), table).tolist() == [2, 1, 1, -1]


def test_ratios_and_what_is_defined():
    counts = np.array([[2, 1, 1], [0, 0, 0], [0, 3, 0], [0, 0, 3]])
    assert ratios(counts)[0].tolist() == pytest.approx([2 / 3, 2 / 3, 2 / 3])
    assert ratios(counts)[1:].tolist() == [[0, 0, 0]] * 3
    assert defined(counts).tolist() == [[True] * 3, [False] * 3, [True, False, True], [False, True, True]]


# ---- what must hold for every case ---------------------------------------------------------------

row = st.tuples(
    st.sampled_from(["v1", "v2"]), st.integers(1, 25), st.integers(0, 14), st.sampled_from(["micro", "macro"])
).map(lambda r: ("s", r[0], r[1], r[1] + r[2], r[3]))
tables = st.lists(row, max_size=6).map(Intervals.from_rows)
VIDEOS = videos(("s", "v1"), ("s", "v2"))


def totals(predicted, truth, **rules):
    return tally(predicted, truth, VIDEOS, SpottingConvention(**rules)).counts.sum(axis=(0, 1))


def brute_force(predicted, truth, k=0.5):
    """Return the largest number of hits over all one-to-one assignments."""
    p, t = predicted.rows(), truth.rows()

    def hit(a, b):
        if (a.video, a.type) != (b.video, b.type):
            return False
        shared = len(set(range(a.onset, a.offset + 1)) & set(range(b.onset, b.offset + 1)))
        return shared / len(set(range(a.onset, a.offset + 1)) | set(range(b.onset, b.offset + 1))) >= k

    short, long, table = (p, t, hit) if len(p) <= len(t) else (t, p, lambda a, b: hit(b, a))
    allowed = [[table(a, b) for b in long] for a in short]
    return max(
        (
            sum(allowed[i][j] for i, j in enumerate(order))
            for order in itertools.permutations(range(len(long)), len(short))
        ),
        default=0,
    )


@settings(max_examples=250, deadline=None)
@given(tables, tables)
def test_strict_equals_a_search_over_all_matchings(predicted, truth):
    tp, fp, fn = totals(predicted, truth)
    assert tp == brute_force(predicted, truth)
    assert (tp + fp, tp + fn) == (len(predicted), len(truth))


@pytest.mark.slow
@settings(max_examples=3000, deadline=None)
@given(tables, tables)
def test_strict_equals_a_search_over_all_matchings_thousands_of_times(predicted, truth):
    assert totals(predicted, truth)[0] == brute_force(predicted, truth)


@settings(max_examples=100, deadline=None)
@given(tables, tables, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_count(predicted, truth, random):
    p, t = list(range(len(predicted))), list(range(len(truth)))
    random.shuffle(p)
    random.shuffle(t)
    shuffled = tally(predicted.select(np.array(p, int)), truth.select(np.array(t, int)), VIDEOS)
    assert np.array_equal(shuffled.counts, tally(predicted, truth, VIDEOS).counts)


@settings(max_examples=100, deadline=None)
@given(tables, tables)
def test_a_higher_threshold_never_finds_more(predicted, truth):
    hits = [totals(predicted, truth, iou=k)[0] for k in (0.1, 0.3, 0.5, 0.7, 0.9, 1.0)]
    assert hits == sorted(hits, reverse=True)


@settings(max_examples=100, deadline=None)
@given(tables)
def test_the_truth_itself_scores_one(truth):
    assume(len(truth))
    counts = tally(truth, truth, VIDEOS).counts
    assert ratios(counts.sum(axis=(0, 1))).tolist() == [1, 1, 1]
    assert counts[..., 1:].sum() == 0


@settings(max_examples=100, deadline=None)
@given(tables, tables)
def test_counts_add_up_over_videos(predicted, truth):
    whole = tally(predicted, truth, VIDEOS).counts
    for i, name in enumerate(("v1", "v2")):
        part = tally(predicted.select(predicted.video == name), truth.select(truth.video == name), VIDEOS)
        assert np.array_equal(part.counts[i], whole[i])


@settings(max_examples=100, deadline=None)
@given(tables, tables)
def test_both_ways_of_the_matching_agree(predicted, truth):
    truth_of, prediction_of = match(predicted, truth, VIDEOS)
    pairs = {(p, t) for p, t in enumerate(truth_of.tolist()) if t >= 0}
    assert pairs == {(p, t) for t, p in enumerate(prediction_of.tolist()) if p >= 0}
