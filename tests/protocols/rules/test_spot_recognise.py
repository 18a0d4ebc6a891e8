"""Spot-then-recognise from tables to scores, and what the published code computes instead."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import precision_score, recall_score

from mebench.metrics.conventions.spot_recognise import PRESETS
from mebench.protocols.base import Predicted
from mebench.protocols.megc.megc2024_str import Megc2024Str
from mebench.protocols.megc.megc2025_str import Megc2025Str
from mebench.protocols.splits import Cohort
from mebench.schema.intervals import IntervalRow, Intervals
from mebench.schema.people import Person
from mebench.schema.problems import InvalidTable
from mebench.schema.scorecard import Counts, Scorecard
from mebench.schema.truth import Truth, VideoTable

NAN = float("nan")


def rows(*intervals):
    """Make a table of (subject, video, onset, offset, emotion)."""
    return Intervals.from_rows([IntervalRow(s, v, a, b, "micro", NAN, e) for s, v, a, b, e in intervals])


def videos(*names):
    return VideoTable.from_rows([(subject, video, 30.0, 100_000) for subject, video in names])


def grade(predictions, truth, convention=None):
    return Megc2025Str().score(Predicted(predictions), truth, convention=convention)


def baseline(dataset, spotted, false, missed, classes):
    """Return (truth rows, prediction rows): MEAN says negative each time, `classes` is what the spotted ones are."""
    subject = f"{dataset}/1"
    hits = [(subject, "v", 100 * i + 1, 100 * i + 20, label) for i, label in enumerate(classes)]
    misses = [(subject, "v", 30_000 + 100 * i, 30_019 + 100 * i, "negative") for i in range(missed)]
    wrong = [(subject, "v", 60_000 + 100 * i, 60_019 + 100 * i, "negative") for i in range(false)]
    assert len(hits) == spotted
    return hits + misses, [(*hit[:4], "negative") for hit in hits] + wrong


SAMM = baseline("samm", 6, 217, 202, ["negative"] * 3 + ["positive"] * 2 + ["surprise"])
CAS = baseline("casme3", 3, 115, 34, ["negative", "positive", "others"])
BASELINE = {
    "samm": (SAMM, (0.0278, 0.1667, 0.3333, 0.2222, 0.0062)),
    "casme3": (CAS, (0.0387, 0.1667, 0.3333, 0.2222, 0.0086)),
}


@pytest.mark.parametrize("preset", ["strict", "strs_metric"])
@pytest.mark.parametrize("dataset", BASELINE)
def test_the_published_baseline_of_2025(dataset, preset):
    (events, predicted), printed = BASELINE[dataset]
    truth = Truth(rows(*events), videos((f"{dataset}/1", "v")), dataset)
    card = grade(rows(*predicted), truth, PRESETS[preset])
    names = ("f1_spotting", "macro_precision", "uar", "f1_analysis", "strs")
    assert tuple(round(card.score(name, "overall").value, 4) for name in names) == printed


def test_overall_pools_the_counts_of_both_sets():
    truth = Truth(rows(*SAMM[0], *CAS[0]), videos(("samm/1", "v"), ("casme3/1", "v")), "casme3+samm")
    card = grade(rows(*SAMM[1], *CAS[1]), truth)
    assert card.counts["overall"] == Counts(9, 332, 236)
    assert card.counts["samm"] == Counts(6, 217, 202)
    assert card.score("f1_spotting", "overall").value == pytest.approx(18 / (18 + 332 + 236))
    # of eight that are analysed, four are negative, as was said of all
    assert card.score("macro_precision", "overall").value == pytest.approx(4 / 8 / 3)
    assert round(card.score("strs", "samm").value, 4) == 0.0062
    assert Scorecard.from_json(card.to_json()) == card


def test_by_hand():
    """Three events, one of another emotion.

    truth      |--neg--|      |--sur--|      |-others-|
    predicted  |--neg--|      |--pos--|      |--neg---|     |--neg--|
    """
    truth = Truth(
        rows(("1", "v", 1, 10, "disgust"), ("1", "v", 21, 30, "surprise"), ("1", "v", 41, 50, "others")),
        videos(("1", "v"), ("2", "w")),
        "x",
    )
    said = rows(
        ("1", "v", 1, 10, "negative"),
        ("1", "v", 21, 30, "positive"),
        ("1", "v", 41, 50, "negative"),
        ("2", "w", 61, 70, "negative"),
    )
    card = grade(said, truth)
    assert card.counts["overall"] == Counts(3, 1, 0)
    assert card.score("f1_spotting", "overall").value == pytest.approx(6 / 7)
    assert card.score("macro_precision", "overall").value == pytest.approx(1 / 3)
    assert card.score("uar", "overall").value == pytest.approx(1 / 3)
    assert card.score("strs", "overall").value == pytest.approx(6 / 7 / 3)
    assert card.counts["positive"] == Counts(0, 1, 0)
    assert [row.counts["overall"] for row in card.by_subject] == [Counts(3, 0, 0), Counts(0, 1, 0)]
    # the published code passes over the video without events
    legacy = grade(said, truth, PRESETS["strs_metric"])
    assert legacy.counts["overall"] == Counts(3, 0, 0)


def test_types_are_left_out():
    truth = Truth(rows(("1", "v", 1, 10, "negative")), videos(("1", "v")), "x")
    macro = rows(("1", "v", 1, 10, "negative")).replace(is_macro=[True])
    assert grade(macro, truth).score("f1_spotting", "overall").value == 1


def test_an_emotion_that_is_none_of_the_classes_is_a_miss():
    truth = Truth(rows(("1", "v", 1, 10, "negative")), videos(("1", "v")), "x")
    for said in ("", "others", "bored"):
        card = grade(rows(("1", "v", 1, 10, said)), truth)
        assert card.counts["negative"] == Counts(0, 0, 1)
        assert card.score("strs", "overall").value == 0
        assert card.score("strs", "overall").defined


def test_nothing_is_never_nan():
    table = videos(("1", "v"), ("2", "w"))
    some = rows(("1", "v", 1, 10, "negative"))
    for truth in (Intervals.empty(), some):
        for said in (Intervals.empty(), some):
            for preset in PRESETS.values():
                card = grade(said, Truth(truth, table, "x"), preset)
                assert all(np.isfinite(s.value) for s in card.scores)
    nothing = grade(Intervals.empty(), Truth(some, table, "x"))
    assert nothing.score("strs", "overall").defined
    assert not nothing.score("f1_analysis", "overall").defined


def legacy_scores(predicted, events):
    """Compute what the published code computes: prediction by prediction, truth by truth, in file order."""
    tp = fp = fn = 0
    pairs = []
    for subject in dict.fromkeys(row.subject for row in predicted):
        for video in dict.fromkeys(row.video for row in events if row.subject == subject):
            mine = [row for row in predicted if (row.subject, row.video) == (subject, video)]
            left = [row for row in events if (row.subject, row.video) == (subject, video)]
            for p in mine:
                hits = [t for t in left if overlap(p, t) >= 0.5]
                pairs += [(t.emotion, p.emotion) for t in hits]
                left = [t for t in left if t not in hits]
                tp, fp = tp + len(hits), fp + (not hits)
            fn += len(left)
    f1 = 2 * tp / (2 * tp + fp + fn) if tp else 0.0
    kept = [pair for pair in pairs if pair[0] in ("negative", "positive", "surprise")]
    if not kept:
        return (tp, fp, fn), f1, 0.0
    options = {"labels": ["negative", "positive", "surprise"], "average": "macro", "zero_division": 0}
    true, said = zip(*kept, strict=True)
    p, r = precision_score(true, said, **options), recall_score(true, said, **options)
    return (tp, fp, fn), f1, (2 * p * r / (p + r) if p + r else 0.0)


def overlap(one, other):
    a, b = set(range(one.onset, one.offset + 1)), set(range(other.onset, other.offset + 1))
    return len(a & b) / len(a | b)


@pytest.mark.parametrize("seed", range(25))
def test_the_preset_reproduces_the_published_code(seed):
    rng = np.random.default_rng(seed)
    names = [(f"s{i // 2}", f"v{i}") for i in range(8)]
    labels = ["negative", "positive", "surprise", "others"]

    def intervals(n):
        which = rng.choice(len(names), n)
        onset = rng.integers(1, 60, n)
        length = rng.integers(1, 25, n)
        found = [
            (*names[w], int(a), int(a + b), str(rng.choice(labels)))
            for w, a, b in zip(which, onset, length, strict=True)
        ]
        return rows(*dict.fromkeys(found))

    truth, said = Truth(intervals(rng.integers(1, 15)), videos(*names), "x"), intervals(rng.integers(1, 25))
    card = grade(said, truth, PRESETS["strs_metric"])
    counts, f1, analysis = legacy_scores(said.rows(), truth.events.rows())
    assert card.counts["overall"] == Counts(*counts)
    assert card.score("f1_spotting", "overall").value == pytest.approx(f1)
    assert card.score("f1_analysis", "overall").value == pytest.approx(analysis)
    assert card.score("strs", "overall").value == pytest.approx(f1 * analysis)


def test_what_cannot_be_graded_is_refused():
    truth = Truth(rows(("1", "v", 1, 10, "negative")), videos(("1", "v")), "x")
    with pytest.raises(InvalidTable, match="a video of the truth"):
        grade(rows(("1", "z", 1, 10, "negative")), truth)


def test_both_years_grade_alike_and_no_run_follows_them():
    (events, predicted), _ = BASELINE["samm"]
    truth = Truth(rows(*events), videos(("samm/1", "v")), "samm")
    older, newer = (p.score(Predicted(rows(*predicted)), truth) for p in (Megc2024Str(), Megc2025Str()))
    assert older.scores == newer.scores
    assert "is for spot_recognise" in Megc2025Str().supports(["synth_lv"], "spotting")
    assert "mebench grade" in Megc2025Str().supports(["synth_lv"], "spot_recognise")
    assert [split.test for split in Megc2024Str().splits(Cohort.of(map(Person.parse, ("b", "a"))))] == [
        (("", "a"), ("", "b"))
    ]
