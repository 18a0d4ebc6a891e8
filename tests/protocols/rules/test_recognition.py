"""UF1 and UAR of the composite database: pooled, per database, complete or not."""

from __future__ import annotations

import numpy as np
import pytest

from mebench.errors import UserError
from mebench.metrics.conventions.recognition import RecognitionConvention
from mebench.protocols.base import Predicted
from mebench.protocols.megc.megc2019_cde import Megc2019Cde
from mebench.protocols.splits import Cohort
from mebench.schema.clips import ClipRow, ClipTable
from mebench.schema.emotions import COMPOSITE_CLASSES
from mebench.schema.people import Person
from mebench.schema.problems import InvalidTable
from mebench.schema.recognition import Labels
from mebench.schema.scorecard import Counts, Scorecard

# clips of each class and subjects of each database (organisers' list)
OFFICIAL = {"smic": ((70, 51, 43), 16), "casme2": ((88, 32, 25), 24), "samm": ((92, 26, 15), 28)}


def composite():
    """Return a list with the official counts."""
    rows = []
    for database, (counts, subjects) in OFFICIAL.items():
        labels = np.repeat(COMPOSITE_CLASSES, counts)
        rows += [ClipRow(database, f"s{i % subjects:02d}", f"c{i:03d}", str(label)) for i, label in enumerate(labels)]
    return ClipTable.from_rows(rows, "megc2019")


def small():
    rows = [
        ClipRow("samm", "1", "a", "negative"),
        ClipRow("samm", "1", "b", "positive"),
        ClipRow("samm", "2", "c", "negative"),
        ClipRow("smic", "1", "d", "surprise"),
    ]
    return ClipTable.from_rows(rows, "small")


def grade(truth, labels, convention=None):
    keys = tuple(clip.key for clip in truth.clips)
    return Megc2019Cde().score(Predicted(Labels(keys, tuple(labels))), truth, convention=convention)


def test_the_official_counts():
    truth = composite()
    assert len(truth.clips) == 442
    assert len(Megc2019Cde().splits(Cohort.of(map(Person.parse, truth.subjects())))) == 68
    assert [sum(clip.emotion == c for clip in truth.clips) for c in COMPOSITE_CLASSES] == [250, 109, 83]
    assert Megc2019Cde().official_reason(truth) == ""
    fewer = ClipTable.from_rows(truth.clips[1:], "megc2019")
    assert Megc2019Cde().official_reason(fewer).startswith("casme2 has 87 negative, 32 positive, 25 surprise of 24")
    assert "has the databases samm, smic" in Megc2019Cde().official_reason(small())


def test_by_hand():
    # negative: one of two right, and one positive taken for it; positive: none; surprise: right
    card = grade(small(), ["negative", "negative", "surprise", "surprise"])
    f1 = {"negative": 1 / 2, "positive": 0, "surprise": 2 / 3}
    assert card.score("uf1", "full").value == pytest.approx(sum(f1.values()) / 3)
    assert card.score("uar", "full").value == pytest.approx((1 / 2 + 0 + 1) / 3)
    assert card.score("macro_precision", "full").value == pytest.approx((1 / 2 + 0 + 1 / 2) / 3)
    assert card.score("accuracy", "full").value == 1 / 2
    assert card.score("uf1", "smic").value == pytest.approx(1 / 3)
    assert {label: card.score("f1", label).value for label in f1} == pytest.approx(f1)
    assert card.counts["full"] == Counts(2, 2, 2)
    assert card.counts["negative"] == Counts(1, 1, 1)
    assert card.counts["samm"] == Counts(1, 2, 2)
    assert {row.subject: row.counts["full"] for row in card.by_subject} == {
        "samm/1": Counts(1, 1, 1),
        "samm/2": Counts(0, 1, 1),
        "smic/1": Counts(1, 0, 0),
    }
    assert [row.counts.get("surprise") for row in card.by_video] == [None, None, Counts(0, 1, 0), Counts(1, 0, 0)]


@pytest.mark.parametrize("seed", range(8))
def test_scikit_learn_agrees_on_pooled_predictions_of_every_database(seed):
    from sklearn.metrics import f1_score, precision_score, recall_score

    rng = np.random.default_rng(seed)
    truth = composite()
    # some classes are never said
    said = rng.choice(COMPOSITE_CLASSES[: rng.integers(1, 4)], len(truth.clips)).tolist()
    card = grade(truth, said)
    true = [clip.emotion for clip in truth.clips]
    for scope in ("full", *OFFICIAL):
        rows = [i for i, clip in enumerate(truth.clips) if scope in ("full", clip.database)]
        y, p = [true[i] for i in rows], [said[i] for i in rows]
        options = {"labels": COMPOSITE_CLASSES, "average": "macro", "zero_division": 0}
        assert card.score("uf1", scope).value == pytest.approx(f1_score(y, p, **options))
        assert card.score("uar", scope).value == pytest.approx(recall_score(y, p, **options))
        assert card.score("macro_precision", scope).value == pytest.approx(precision_score(y, p, **options))
        low, high = card.score("uf1", scope).ci95
        assert low <= high
    assert card.official
    assert card.complete
    assert Scorecard.from_json(card.to_json()) == card


def test_a_database_without_a_class_keeps_its_place_unless_dropped():
    truth, said = small(), ["negative", "positive", "negative", "surprise"]
    card = grade(truth, said)
    assert card.score("uf1", "samm").value == pytest.approx(2 / 3)
    assert card.score("uf1", "full").value == 1
    legacy = grade(truth, said, RecognitionConvention(absent_class="drop"))
    assert legacy.score("uf1", "samm").value == 1
    assert legacy.fingerprint != card.fingerprint


def test_the_mean_of_folds_is_another_number_and_another_fingerprint():
    said = ["negative", "negative", "negative", "surprise"]
    pooled, mean = grade(small(), said), grade(small(), said, RecognitionConvention(pooling="mean"))
    # folds: negative 2/3; negative 1; surprise 1; each over three classes
    assert mean.score("uf1", "full").value == pytest.approx((2 / 3 + 1 + 1) / 3 / 3)
    assert pooled.score("uf1", "full").value == pytest.approx((4 / 5 + 0 + 1) / 3)
    assert pooled.fingerprint != mean.fingerprint


def test_missing_clips_are_misses_of_a_card_that_is_not_complete():
    truth = small()
    labels = Labels((("samm", "1", "a"), ("smic", "1", "d")), ("negative", "negative"))
    card = Megc2019Cde().score(Predicted(labels), truth)
    assert not card.complete
    assert card.counts["full"] == Counts(1, 1, 3)
    nothing = Megc2019Cde().score(Predicted(Labels((), ())), truth)
    assert {s.value for s in nothing.scores} == {0.0}
    assert not nothing.score("macro_precision", "full").defined
    assert nothing.score("uar", "full").defined


def test_no_clips_at_all():
    card = grade(ClipTable.from_rows([], "empty"), [])
    assert all(score.value == 0 and not score.defined for score in card.scores)


def test_what_does_not_fit_is_refused():
    with pytest.raises(UserError, match=r"but the clips have happiness: give the official list\."):
        grade(ClipTable.from_rows([ClipRow("samm", "1", "a", "happiness")]), ["positive"])
    with pytest.raises(InvalidTable, match="a clip of the truth"):
        Megc2019Cde().score(Predicted(Labels((("samm", "9", "z"),), ("negative",))), small())


def test_order_changes_nothing():
    truth = composite()
    said = np.random.default_rng(0).choice(COMPOSITE_CLASSES, 442).tolist()
    keys = [clip.key for clip in truth.clips]
    one = Predicted(Labels(tuple(keys), tuple(said)))
    other = Predicted(Labels(tuple(keys[::-1]), tuple(said[::-1])))
    assert Megc2019Cde().score(one, truth).compared() == Megc2019Cde().score(other, truth).compared()
