"""From predictions to a scorecard."""

from __future__ import annotations

import json

import numpy as np
import pytest

from mebench.errors import UserError
from mebench.metrics.conventions.spotting import PRESETS, SpottingConvention
from mebench.metrics.intervals import ratios
from mebench.metrics.statistics.bootstrap import pooled_intervals
from mebench.protocols.base import Predicted
from mebench.protocols.megc.megc2020_spotting import Megc2020Spotting
from mebench.protocols.megc.megc2021_spotting import Megc2021Spotting
from mebench.schema.intervals import Intervals
from mebench.schema.problems import InvalidTable
from mebench.schema.scorecard import Counts, MethodRef, Scorecard
from mebench.schema.truth import Truth, VideoTable


def grade(predictions, truth, convention=None, **more):
    return Megc2020Spotting().score(Predicted(predictions, **more), truth, convention=convention)


def test_counts_by_scope_subject_and_video(predictions, truth):
    card = grade(predictions, truth)
    assert card.counts == {"overall": Counts(2, 2, 3), "macro": Counts(1, 1, 2), "micro": Counts(1, 1, 1)}
    assert {row.subject: row.counts["overall"] for row in card.by_subject} == {
        "s1": Counts(1, 1, 2),
        "s2": Counts(1, 0, 1),
        "s3": Counts(0, 1, 0),
    }
    assert [(row.video, row.counts["macro"]) for row in card.by_video] == [
        ("a", Counts(1, 0, 0)),
        ("b", Counts(0, 0, 1)),
        ("c", Counts(0, 0, 1)),
        ("d", Counts(0, 1, 0)),
    ]


def test_scores_are_of_the_pooled_counts(predictions, truth):
    card = grade(predictions, truth)
    assert card.score("precision", "overall").value == 2 / 4
    assert card.score("recall", "overall").value == 2 / 5
    assert card.score("f1", "overall").value == 4 / 9
    assert card.score("f1", "macro").value == 2 / 5
    assert card.score("f1", "micro").value == 1 / 2


def test_intervals_are_of_the_same_statistic(predictions, truth):
    card = grade(predictions, truth)
    counts = np.array([[1, 1, 2], [1, 0, 1], [0, 1, 0]])
    expected = pooled_intervals(counts, ratios)
    found = [card.score(metric, "overall").ci95 for metric in ("precision", "recall", "f1")]
    assert np.allclose(found, expected)
    assert all(
        low <= card.score("f1", s).value <= high for s in card.counts for low, high in [card.score("f1", s).ci95]
    )


def test_the_order_of_predictions_changes_nothing(predictions, truth):
    backwards = predictions.select(slice(None, None, -1))
    assert grade(backwards, truth).compared() == grade(predictions, truth).compared()


def test_the_truth_itself_scores_one_with_no_doubt(truth):
    card = grade(truth.events, truth)
    for metric in ("precision", "recall", "f1", "frame_f1"):
        for score in (s for s in card.scores if s.metric == metric):
            assert score.value == 1.0
    assert card.counts["overall"] == Counts(5, 0, 0)


def test_no_predictions_are_zero_and_undefined_where_nothing_was_said(truth):
    card = grade(Intervals.empty(), truth)
    assert (card.score("precision", "overall").value, card.score("precision", "overall").defined) == (0.0, False)
    assert (card.score("recall", "overall").value, card.score("recall", "overall").defined) == (0.0, True)
    assert card.score("f1", "micro").defined


def test_frames_inside_intervals(predictions, truth):
    # macro: predicted 12-50 (39) and 36 of d; true 40 + 41 + 50; shared 12-49
    score = grade(predictions, truth).score("frame_f1", "macro")
    assert score.value == pytest.approx(2 * 38 / (39 + 36 + 40 + 41 + 50))


def frame_scores(truth, noise=0.0):
    rng = np.random.default_rng(0)
    scores = {
        key: noise * rng.random((n, 2)) for key, n in zip(truth.videos.keys(), truth.videos.n_frames, strict=True)
    }
    for row in truth.events.rows():
        column = 1 if row.type == "macro" else 0
        scores[row.subject, row.video][row.onset - 1 : row.offset, column] += 0.5
    return scores


def test_auc_of_frame_scores(predictions, truth):
    perfect = grade(predictions, truth, frame_scores=frame_scores(truth, 0.4))
    assert perfect.score("auc", "macro").value == 1.0
    noisy = grade(predictions, truth, frame_scores=frame_scores(truth, 1.0)).score("auc", "micro")
    assert 0.5 < noisy.value < 1
    assert noisy.ci95[0] <= noisy.value <= noisy.ci95[1]
    assert grade(predictions, truth).find("auc", "macro") is None


def test_auc_pools_frames_of_all_videos(predictions, truth):
    from sklearn.metrics import roc_auc_score

    scores = frame_scores(truth, 1.0)
    labels = {key: np.zeros(len(array), bool) for key, array in scores.items()}
    for row in truth.events.rows():
        if row.type == "micro":
            labels[row.subject, row.video][row.onset - 1 : row.offset] = True
    keys = sorted(scores)
    expected = roc_auc_score(np.concatenate([labels[k] for k in keys]), np.concatenate([scores[k][:, 0] for k in keys]))
    assert grade(predictions, truth, frame_scores=scores).score("auc", "micro").value == pytest.approx(expected)


def test_auc_is_of_the_videos_that_have_scores(predictions, truth):
    some = {key: array for key, array in frame_scores(truth, 0.4).items() if key[0] == "s1"}
    assert grade(predictions, truth, frame_scores=some).score("auc", "macro").value == 1.0
    silent = {("s3", "d"): np.zeros((90, 2))}
    assert not grade(predictions, truth, frame_scores=silent).score("auc", "macro").defined
    assert grade(predictions, truth, frame_scores={}).find("auc", "macro") is None


@pytest.mark.parametrize(
    ("key", "array", "message"),
    [
        (("s1", "z"), np.zeros((200, 2)), "frame scores of s1/z, which is no video"),
        (("s1", "a"), np.zeros((199, 2)), r"have shape \(199, 2\): give \(200, 2\)"),
        (("s1", "a"), np.full((200, 2), np.nan), "hold NaN"),
    ],
)
def test_frame_scores_that_do_not_fit(predictions, truth, key, array, message):
    with pytest.raises(UserError, match=message):
        grade(predictions, truth, frame_scores={key: array})


def test_the_convention_stands_in_the_card(predictions, truth):
    card = grade(predictions, truth, PRESETS["megc2020"])
    assert card.convention["matching"] == "truth_found"
    assert card.fingerprint == PRESETS["megc2020"].fingerprint != grade(predictions, truth).fingerprint
    assert grade(predictions, truth).fingerprint == PRESETS["strict"].fingerprint


def test_mean_pooling_averages_the_subjects(predictions, truth):
    card = grade(predictions, truth, SpottingConvention(pooling="mean"))
    # F1 of s1: 2 / 5, of s2: 2 / 3, of s3: 0
    assert card.score("f1", "overall").value == pytest.approx((2 / 5 + 2 / 3 + 0) / 3)
    # micro: s1 0, s2 1; s3 has no micro at all
    assert card.score("f1", "micro").value == pytest.approx(1 / 2)


def test_two_datasets_are_pooled_and_told_apart(truth, predictions):
    def named(dataset, table):
        return table.replace(subject=[f"{dataset}/{s}" for s in table.subject])

    videos = [
        (f"{dataset}/{s}", v, 30.0, int(n))
        for dataset in ("x", "y")
        for (s, v), n in zip(truth.videos.keys(), truth.videos.n_frames, strict=True)
    ]
    both = Truth(
        Intervals.concat([named("x", truth.events), named("y", truth.events)]), VideoTable.from_rows(videos), "x+y"
    )
    card = Megc2021Spotting().score(
        Predicted(Intervals.concat([named("x", predictions), named("y", truth.events)])), both
    )
    assert card.counts["x"] == Counts(2, 2, 3)
    assert card.counts["y"] == Counts(5, 0, 0)
    assert card.counts["overall"] == Counts(7, 2, 3)
    assert card.score("f1", "overall").value == 14 / 19
    assert card.score("f1", "overall").value != (card.score("f1", "x").value + card.score("f1", "y").value) / 2
    assert {row.subject for row in card.by_subject} == {f"{d}/s{i}" for d in "xy" for i in (1, 2, 3)}


def test_the_card_is_whole_and_comes_back(predictions, truth):
    card = grade(predictions, truth, method=MethodRef("m", {"a": 1}, "d"), complete=False, timing={"s": 1})
    assert Scorecard.from_json(card.to_json()) == card
    assert not card.complete
    assert card.dataset.digest == truth.digest()
    assert not card.official
    assert card.reason == "tiny is no official set of megc2020-spotting"
    plain = json.loads(card.to_json())
    order = [(s["metric"], s["scope"]) for s in plain["scores"]]
    assert order == sorted(order)


def test_predictions_that_do_not_fit_are_all_told(truth):
    wrong = Intervals.from_rows(
        [
            ("s1", "a", 1, 200, "macro"),
            ("s1", "aa", 1, 20, "macro"),
            ("s1", "a", 1, 201, "micro"),
            ("s2", "c", 9, 5, "micro"),
            ("s2", "c", 0, 5, "micro"),
        ]
    )
    with pytest.raises(InvalidTable) as caught:
        grade(wrong, truth, source="p.csv", lines=(2, 3, 4, 5, 7))
    found = {(p.line, p.column, p.kind) for p in caught.value.problems}
    assert found == {
        (3, "video", "unknown_video"),
        (5, "offset", "offset_before_onset"),
    }
    assert "p.csv:3, video: expected a video of the truth, found 's1/aa' Did you mean 's1/a'" in str(caught.value)


def test_what_is_told_never_gives_the_truth_away(truth):
    wrong = Intervals.from_rows(
        [(*key, 9, 8, "macro") for key in list(truth.videos.keys())] + [("q", "q", 5, 4, "micro")]
    )
    with pytest.raises(InvalidTable) as caught:
        grade(wrong, truth)
    for onset, offset in zip(truth.events.onset.tolist(), truth.events.offset.tolist(), strict=True):
        assert f" {onset} " not in str(caught.value).replace(",", " ")
        assert f" {offset} " not in str(caught.value).replace(",", " ")


def test_an_empty_truth_is_graded(predictions):
    nothing = Truth(Intervals.empty(), VideoTable.from_rows([("s", "v", 30.0, 100)]), "none")
    card = grade(
        Intervals.from_rows([("s", "v", 1, 5, "micro")]), nothing, frame_scores={("s", "v"): np.zeros((100, 2))}
    )
    assert card.counts["overall"] == Counts(0, 1, 0)
    assert not card.score("recall", "overall").defined
    assert card.score("f1", "overall").ci95 is None
    assert not card.score("auc", "macro").defined


def test_truths_past_the_last_frame_or_before_the_first_are_cut_for_frame_labels(truth):
    events = Intervals.from_rows([("s3", "d", 80, 120, "macro"), ("s3", "d", 1, 3, "macro")])
    cut = Truth(events, truth.videos, "tiny")
    scores = np.zeros((90, 2))
    scores[79:, 1] = scores[:3, 1] = 1.0
    assert grade(Intervals.empty(), cut, frame_scores={("s3", "d"): scores}).score("auc", "macro").value == 1.0
