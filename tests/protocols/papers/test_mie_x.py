"""MiE-X: k folds by subject, scores averaged over them, two label spaces, and who is in the first stage."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from mebench.analysis.card_forms import wrong_forms
from mebench.analysis.card_parts import contradicting_parts
from mebench.analysis.card_scores import wrong_scores
from mebench.protocols.base import Predicted
from mebench.protocols.papers.mie_x import MieX, MieXMmew, MieXSamm
from mebench.protocols.splits import Cohort
from mebench.schema.clips import ClipRow, ClipTable
from mebench.schema.people import Person
from mebench.schema.recognition import Labels
from mebench.schema.recordings import Clip

OFFICIAL = {"smic": ((70, 51, 43), 16), "casme2": ((88, 32, 25), 24), "samm": ((92, 26, 15), 28)}


def composite():
    rows = []
    for database, (counts, subjects) in OFFICIAL.items():
        labels = np.repeat(MieX.classes, counts)
        rows += [ClipRow(database, f"s{i % subjects:02d}", f"c{i:03d}", str(label)) for i, label in enumerate(labels)]
    return ClipTable.from_rows(rows, "megc2019")


def people_of(truth):
    return [Person.parse(name) for name in truth.subjects()]


def graded(protocol, truth, said, convention=None):
    labels = Labels(tuple(clip.key for clip in truth.clips), tuple(said))
    return protocol.score(Predicted(labels), truth, convention=convention)


@pytest.fixture(scope="module")
def mixed():
    """The composite with predictions that are right half the time."""
    truth, random = composite(), np.random.default_rng(0)
    said = [c.emotion if random.random() < 0.5 else str(random.choice(MieX.classes)) for c in truth.clips]
    return truth, said, graded(MieX(), truth, said)


def test_the_composite_is_divided_into_three_and_a_person_is_tested_once():
    people = people_of(composite())
    splits = MieX().splits(Cohort.of(people))
    assert sorted(len(split.test) for split in splits) == [22, 23, 23]
    assert sorted(person for split in splits for person in split.test) == people
    assert all(sorted((*split.test, *split.train)) == people for split in splits)
    assert [len(MieXMmew().splits(Cohort.of(people))), len(MieXSamm().splits(Cohort.of(people)))] == [5, 5]
    assert len(MieXSamm().splits(Cohort.of(people[:3]))) == 3


def test_scores_are_means_over_the_folds_as_scikit_learn_computes_them(mixed):
    from sklearn.metrics import accuracy_score, f1_score, recall_score

    truth, said, card = mixed
    folds = [{str(p) for p in split.test} for split in MieX().splits(Cohort.of(people_of(truth)))]
    for scope in ("full", *OFFICIAL):
        expected = []
        for fold in folds:
            rows = [i for i, c in enumerate(truth.clips) if c.person in fold and scope in ("full", c.database)]
            true, predicted = [truth.clips[i].emotion for i in rows], [said[i] for i in rows]
            options = {"average": "macro", "labels": list(MieX.classes), "zero_division": 0}
            pair = f1_score(true, predicted, **options), recall_score(true, predicted, **options)
            expected.append((*pair, accuracy_score(true, predicted)))
        found = [card.score(metric, scope).value for metric in ("uf1", "uar", "accuracy")]
        assert found == pytest.approx(np.mean(expected, axis=0).tolist())
    pooled = graded(MieX(), truth, said, MieX.preset("strict"))
    assert pooled.score("uf1", "full").value != pytest.approx(card.score("uf1", "full").value, abs=1e-6)
    assert pooled.fingerprint != card.fingerprint


def test_the_card_is_official_and_says_how_it_was_made(mixed):
    card = mixed[2]
    assert card.official
    low, high = card.score("uf1", "full").ci95
    assert low < card.score("uf1", "full").value < high
    assert not [*wrong_forms(card), *wrong_scores(card), *contradicting_parts(card)]


def test_a_subject_that_adds_to_two_folds_is_told(mixed):
    card = mixed[2]
    row = card.by_subject[0]
    part = np.array(row.parts["fold_confusion/full"]).reshape(3, -1)
    twice = tuple(np.tile(part.sum(axis=0), 3).tolist())
    forged = dataclasses.replace(row, parts={**row.parts, "fold_confusion/full": twice})
    faults = list(contradicting_parts(card.replace(by_subject=(forged, *card.by_subject[1:]))))
    assert any("fold_confusion/full" in fault for fault in faults)


def test_by_hand():
    """Two people, two folds: one all right, one all wrong. UF1 of the folds 1/3 and 0, so their mean is 1/6."""
    truth = ClipTable.from_rows([ClipRow("d", "1", "a", "negative"), ClipRow("d", "2", "b", "negative")])
    card = graded(MieX(), truth, ["negative", "surprise"])
    assert card.score("uf1", "full").value == pytest.approx(1 / 6)
    assert card.score("accuracy", "full").value == pytest.approx(1 / 2)
    # Pooled, negative has F1 2/3 and the others 0.
    pooled = graded(MieX(), truth, ["negative", "surprise"], MieX.preset("strict"))
    assert pooled.score("uf1", "full").value == pytest.approx(2 / 9)


def test_who_is_tested_leaves_the_first_stage_under_any_dataset():
    tested = [Person("smic", f"s{i}") for i in range(6)]
    others = [Person("ck", "c1"), Person("ck", "c2")]
    splits = MieX().splits(Cohort.of(tested, [*tested[:4], *others], overlapping=True))
    for split in splits:
        assert not set(split.test) & {*split.first, *split.train}
        assert set(others) < set(split.first)
        assert set(split.first) == {*tested[:4], *others} - set(split.test)


@pytest.mark.parametrize(
    ("protocol", "emotion", "tested", "first"),
    [
        (MieX, "happiness", "positive", "positive"),
        (MieX, "others", None, None),
        (MieXMmew, "sadness", "sadness", "negative"),
        (MieXSamm, "sadness", None, "negative"),
        (MieXSamm, "positive", None, "positive"),
        (MieXSamm, "surprise", "surprise", "surprise"),
    ],
)
def test_two_label_spaces(protocol, emotion, tested, first):
    clip = Clip("d", "s", "c", 30.0, (), emotion)
    found = [protocol().admit(clip), protocol().admit_training(clip)]
    assert [one and one.emotion for one in found] == [tested, first]


@pytest.mark.parametrize(("protocol", "reason"), [(MieXMmew, "234"), (MieXSamm, "72")])
def test_sets_that_no_list_is_published_of_are_not_official(protocol, reason):
    truth = ClipTable.from_rows([ClipRow("d", "1", "a", "fear"), ClipRow("d", "2", "b", "surprise")])
    assert reason in graded(protocol(), truth, ["fear", "fear"]).reason
