"""Raw frame scores by hand: what is pooled and what is a mean over folds are different numbers.

frame           1   2   3   4   5   6       event      threshold
s1/a   raw     .9  .4  .6  .2               1 to 2     .5           -> tp fp fn 1 1 1, F1 .5, AUC 3/4
s2/b   raw     .8  .1  .1  .1  .1  .7       1          .75          -> tp fp fn 1 0 0, F1 1,  AUC 1
pooled                                                              -> tp fp fn 2 1 1, F1 2/3, AUC 19/21
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from mebench.analysis.consistency import consistency_of
from mebench.errors import UserError
from mebench.metrics.frames import auc
from mebench.protocols.base import Predicted
from mebench.protocols.megc.megc2020_spotting import Megc2020Spotting
from mebench.schema.intervals import Intervals
from mebench.schema.raw_scores import RawByVideo, RawScores
from mebench.schema.scorecard import Scorecard
from mebench.schema.truth import Truth, VideoTable

EVENTS = [("s1", "a", 1, 2, "macro"), ("s2", "b", 1, 1, "micro")]
VIDEOS = [("s1", "a", 30.0, 4), ("s2", "b", 30.0, 6)]
TRUTH = Truth(Intervals.from_rows(EVENTS), VideoTable.from_rows(VIDEOS), "tiny")
A, B = [0.9, 0.4, 0.6, 0.2], [0.8, 0.1, 0.1, 0.1, 0.1, 0.7]


def raw(*columns: list[float], thresholds: tuple[float, ...] | None, found: list[int] | None = None) -> RawScores:
    scores = np.array(columns, np.float32).T
    seen = np.ones(len(scores), bool) if found is None else np.array(found, bool)
    return RawScores(scores, thresholds, seen)


MOVEMENT = {("s1", "a"): raw(A, thresholds=(0.5,)), ("s2", "b"): raw(B, thresholds=(0.75,))}


def grade(scores: RawByVideo | None, truth: Truth = TRUTH, **more: Any) -> Scorecard:
    return Megc2020Spotting().score(Predicted(Intervals.empty(), raw_scores=scores, **more), truth)


def values(card: Scorecard, scope: str) -> dict[str, float]:
    return {s.metric: s.value for s in card.scores if s.scope == scope and s.metric.startswith("raw_") and s.defined}


def test_pooled_and_means_over_folds_by_hand() -> None:
    found = values(grade(MOVEMENT), "movement")
    assert found["raw_precision"] == found["raw_recall"] == found["raw_f1"] == pytest.approx(2 / 3)
    assert found["raw_f1_fold_mean"] == 0.75
    assert found["raw_f1_fold_sd"] == pytest.approx(0.5 / np.sqrt(2))
    assert found["raw_auc"] == pytest.approx(19 / 21)
    assert found["raw_auc_fold_mean"] == pytest.approx(7 / 8)
    inside = [-0.75 * np.log(x) for x in (0.9, 0.4, 0.8)]
    outside = [-0.25 * np.log(1 - x) for x in (0.6, 0.2, 0.1, 0.1, 0.1, 0.1, 0.7)]
    assert found["raw_loss"] == pytest.approx(sum(inside + outside) / 10)
    folds = [sum(inside[:2] + outside[:2]) / 4, sum(inside[2:] + outside[2:]) / 6]
    assert found["raw_loss_fold_mean"] == pytest.approx(np.mean(folds))
    assert found["raw_loss_fold_sd"] == pytest.approx(np.std(folds, ddof=1))


def test_a_card_without_raw_scores_is_as_it_was() -> None:
    assert not [s for s in grade(None).scores if s.scope == "movement" or s.metric.startswith("raw_")]
    kept = {(s.metric, s.scope) for s in grade(None).scores}
    more = grade({key: raw(x, x, thresholds=(0.5, 0.5)) for key, x in ((("s1", "a"), A), (("s2", "b"), B))})
    assert [s for s in more.scores if (s.metric, s.scope) in kept] == list(grade(None).scores)


def test_a_card_with_raw_scores_is_consistent() -> None:
    found = consistency_of(grade(MOVEMENT))
    assert found.faults == ()
    assert found.unchecked == ("raw_auc of movement",)


def test_a_fold_that_was_edited_is_found() -> None:
    card = grade(MOVEMENT)
    first, second = card.by_subject
    for key in ("raw_folds/movement", "raw_loss_folds/movement", "untyped_folds/movement"):
        parts = {**first.parts, key: tuple(1.0 for _ in first.parts[key])}
        edited = card.replace(by_subject=(dataclasses.replace(first, parts=parts), second))
        assert f"The parts {key} of subject s1" in " ".join(consistency_of(edited).faults)


def test_two_outputs_have_their_own_labels() -> None:
    scores = {key: raw(x, x, thresholds=(0.5, 0.5)) for key, x in ((("s1", "a"), A), (("s2", "b"), B))}
    card = grade(scores)
    # The only macro frames are 1 and 2 of a, the only micro frame is 1 of b.
    assert card.score("raw_recall", "macro").value == 0.5
    assert card.score("raw_recall", "micro").value == 1
    assert card.score("raw_precision", "micro").value == 1 / 4
    assert not [s for s in card.scores if s.scope == "movement"]
    assert card.score("raw_loss", "micro").value == pytest.approx(
        -(np.log(0.8) + sum(np.log(1 - x) for x in (*A, *B[1:]))) / 10
    )
    # s2 has no macro frame, so one fold alone has an AUC, and it has no deviation.
    assert card.score("raw_auc_fold_mean", "macro").value == pytest.approx(3 / 4)
    assert not card.score("raw_auc_fold_sd", "macro").defined


def test_no_draw_is_without_an_auc() -> None:
    events = [*EVENTS[:1], ("s2", "b", 3, 4, "macro")]
    videos = [*VIDEOS, *((f"s{i}", "c", 30.0, 5) for i in range(3, 9))]
    truth = Truth(Intervals.from_rows(events), VideoTable.from_rows(videos), "t")
    scores = {**MOVEMENT, **{(s, v): raw([0.3] * 5, thresholds=(0.5,)) for s, v, _, n in videos[2:]}}
    card = grade(scores, truth)
    low, high = card.score("raw_auc_fold_mean", "movement").ci95 or (0, 0)
    # In b the two frames tie with half of the others and lie below the rest.
    assert (low, high) == pytest.approx((1 / 4, 3 / 4))
    assert consistency_of(card).faults == ()


def test_without_any_auc_there_is_none() -> None:
    card = grade(MOVEMENT, Truth(Intervals.empty(), TRUTH.videos, "t"))
    assert not card.score("raw_auc", "movement").defined
    assert card.find("raw_auc_fold_mean", "movement") is None
    assert consistency_of(card).faults == ()


def test_frames_without_a_face_do_not_count() -> None:
    seen = {("s1", "a"): raw(A, thresholds=(0.5,), found=[1, 0, 1, 1]), ("s2", "b"): MOVEMENT["s2", "b"]}
    found = values(grade(seen), "movement")
    assert found["raw_recall"] == 1
    assert found["raw_auc_fold_mean"] == 1


def test_without_thresholds_there_are_auc_and_loss_alone() -> None:
    found = values(grade({key: raw(x, thresholds=None) for key, x in zip(MOVEMENT, (A, B), strict=True)}), "movement")
    assert {name.split("_")[1] for name in found} == {"auc", "loss"}


def test_scores_that_are_no_probabilities_have_no_loss() -> None:
    far = {key: raw([5 * v for v in x], thresholds=(2.5,)) for key, x in zip(MOVEMENT, (A, B), strict=True)}
    assert not [name for name in values(grade(far), "movement") if "loss" in name]


def test_no_draw_is_without_a_frame() -> None:
    """A draw of people without any frame would have the loss 0, which is perfect."""
    truth = Truth(Intervals.from_rows(EVENTS), VideoTable.from_rows([*VIDEOS, ("s3", "c", 30.0, 2)]), "tiny")
    unseen = {("s3", "c"): raw([0, 0], thresholds=(0.5,), found=[0, 0])}
    card = grade({**MOVEMENT, **unseen}, truth)
    for metric in ("raw_loss", "raw_loss_fold_mean"):
        of_two, of_three = (found.score(metric, "movement") for found in (grade(MOVEMENT), card))
        assert of_three == of_two
        assert of_three.ci95 is not None
        assert of_three.ci95[0] > 0
    assert consistency_of(card).faults == ()


def test_infinity_is_never_reached() -> None:
    never = {key: raw(x, thresholds=(float("inf"),)) for key, x in zip(MOVEMENT, (A, B), strict=True)}
    card = grade(never)
    assert card.score("raw_recall", "movement").value == 0
    assert not card.score("raw_precision", "movement").defined


@pytest.mark.parametrize(
    ("scores", "message"),
    [
        ({("s9", "a"): MOVEMENT["s1", "a"]}, "raw scores of s9/a, which is no video of the truth"),
        ({("s2", "b"): MOVEMENT["s1", "a"]}, r"s2/b has raw scores of shape \(4, 1\), neither"),
        ({("s1", "a"): raw(A, thresholds=(0.5,), found=[1, 1])}, "of two lengths"),
        ({("s1", "a"): MOVEMENT["s1", "a"], ("s2", "b"): raw(B, B, thresholds=None)}, "two columns"),
    ],
)
def test_raw_scores_that_do_not_fit_are_refused(scores: RawByVideo, message: str) -> None:
    with pytest.raises(UserError, match=message):
        grade(scores)


@pytest.mark.parametrize("seed", range(4))
def test_random_scores_against_plain_loops(seed: int) -> None:
    rng = np.random.default_rng(seed)
    videos = [(f"s{i // 2}", f"v{i}", 30.0, int(rng.integers(20, 40))) for i in range(6)]
    events = []
    for subject, video, _, n in videos:
        start = int(rng.integers(1, n - 8))
        events.append((subject, video, start, start + 7, str(rng.choice(["macro", "micro"]))))
    truth = Truth(Intervals.from_rows(events), VideoTable.from_rows(videos), "t")
    level = 0.6
    scores = {
        (s, v): raw(rng.random(n).round(1).tolist(), thresholds=(level,), found=(rng.random(n) < 0.9).tolist())
        for s, v, _, n in videos
    }
    labels, flat, person = [], [], []
    for s, v, a, b, _ in events:
        for frame in range(1, len(scores[s, v].scores) + 1):
            if scores[s, v].found[frame - 1]:
                labels.append(a <= frame <= b)
                flat.append(scores[s, v].scores[frame - 1, 0])
                person.append(s)
    truths, values_, people = np.array(labels), np.array(flat), np.array(person)
    card = grade(dict(reversed(scores.items())), truth)

    def f1(which: np.ndarray) -> float:
        said = values_[which] >= level
        tp = int((said & truths[which]).sum())
        return 2 * tp / (int(said.sum()) + int(truths[which].sum()))

    folds = [people == name for name in sorted(set(person))]
    assert card.score("raw_f1", "movement").value == pytest.approx(f1(people == people))
    assert card.score("raw_f1_fold_mean", "movement").value == pytest.approx(np.mean([f1(fold) for fold in folds]))
    assert card.score("raw_auc", "movement").value == auc(truths, values_)[0]
    own = [auc(truths[fold], values_[fold])[0] for fold in folds]
    assert card.score("raw_auc_fold_sd", "movement").value == pytest.approx(np.std(own, ddof=1))
    low, high = card.score("raw_auc", "movement").ci95 or (0, 0)
    assert low <= card.score("raw_auc", "movement").value <= high
