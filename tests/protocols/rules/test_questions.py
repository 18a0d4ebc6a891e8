"""Answers to questions: classes, texts, kinds of questions, and what is missing."""

from __future__ import annotations

import pytest
from sklearn.metrics import f1_score, recall_score

from mebench.metrics import text
from mebench.metrics.conventions.questions import QuestionConvention
from mebench.protocols.base import Predicted
from mebench.protocols.megc.megc2025_vqa import Megc2025Vqa
from mebench.protocols.megc.megc2026_vqa import Megc2026Vqa
from mebench.schema.answers import Answer, Answers
from mebench.schema.problems import InvalidTable
from mebench.schema.scorecard import Counts, Scorecard

COARSE, FINE = "What is the coarse expression class?", "What is the fine-grained expression class?"
UNITS, SHOWN = "What are the action units?", "Is the action unit dimpler shown on the face?"

# dataset, video, coarse, fine
CLIPS = [
    ("samm", "SAMM-1", "negative", "anger"),
    ("samm", "SAMM-2", "positive", "happiness"),
    ("casme3", "CAS-1", "negative", "disgust"),
    ("casme3", "CAS-2", "surprise", "surprise"),
    ("casme3", "CAS-3", "negative", "anger"),
]
SAID = [("negative", "anger"), ("negative", "anger"), ("Negative.", "disgust"), ("positive", "happy"), ("negative", "")]


def answers(pairs):
    found = []
    for (dataset, video, *_), (coarse, fine) in zip(CLIPS, pairs, strict=True):
        for i, (question, answer) in enumerate(
            ((COARSE, coarse), (FINE, fine), (UNITS, "brow lowerer, dimpler"), (SHOWN, "yes")), 1
        ):
            found.append(Answer(f"{video}_{i}", video, question, answer, dataset))
    return Answers(tuple(found), "vqa")


TRUTH = answers([clip[2:] for clip in CLIPS])


def grade(given, truth=TRUTH, protocol=Megc2025Vqa, **options):
    return protocol().score(Predicted(given), truth, **options)


def test_scikit_learn_agrees_on_both_classes():
    card = grade(answers(SAID))
    true, said = [clip[2] for clip in CLIPS], ["negative", "negative", "negative", "positive", "negative"]
    options = {"labels": ["negative", "positive", "surprise"], "average": "macro", "zero_division": 0}
    assert card.score("uf1_coarse", "overall").value == pytest.approx(f1_score(true, said, **options))
    assert card.score("uar_coarse", "overall").value == pytest.approx(recall_score(true, said, **options))
    true, said = [clip[3] for clip in CLIPS], ["anger", "anger", "disgust", "happy", ""]
    options["labels"] = sorted(set(true))
    assert card.score("uf1_fine", "overall").value == pytest.approx(f1_score(true, said, **options))
    assert card.score("uar_fine", "overall").value == pytest.approx(recall_score(true, said, **options))


def test_datasets_are_scopes_over_the_same_classes():
    card = grade(answers(SAID))
    assert card.score("uar_coarse", "samm").value == pytest.approx((1 + 0 + 0) / 3)
    assert card.score("uar_fine", "samm").value == pytest.approx((1 + 0 + 0 + 0) / 4)
    dropped = grade(answers(SAID), convention=QuestionConvention(absent_class="drop"))
    assert dropped.score("uar_coarse", "samm").value == pytest.approx(1 / 2)


def test_the_truth_is_right_about_everything():
    card = grade(TRUTH)
    for metric in ("uf1_coarse", "uar_coarse", "uf1_fine", "uar_fine"):
        assert card.score(metric, "overall").value == 1
    assert {s.scope: s.value for s in card.scores if s.metric == "accuracy"} == {
        "coarse": 1,
        "fine": 1,
        "action_units": 1,
        "action_unit_shown": 1,
    }
    assert card.complete
    assert Scorecard.from_json(card.to_json()) == card


def test_counts_by_kind_and_by_who_is_resampled():
    card = grade(answers(SAID))
    assert card.counts["coarse"] == Counts(3, 2, 2)
    assert card.counts["fine"] == Counts(2, 2, 3)
    assert [row.subject for row in card.by_subject] == [
        "casme3/CAS-1",
        "casme3/CAS-2",
        "casme3/CAS-3",
        "samm/SAMM-1",
        "samm/SAMM-2",
    ]
    low, high = card.score("accuracy", "coarse").ci95
    assert 0 <= low <= 3 / 5 <= high <= 1
    one = Answers(tuple(row._replace(subject="7") for row in TRUTH.rows if row.dataset == "samm"), "vqa")
    assert [row.subject for row in grade(one, one).by_subject] == ["samm/7"]


def test_missing_answers_are_misses_and_strange_ones_are_refused():
    card = grade(Answers(TRUTH.rows[:3]))
    assert not card.complete
    assert card.score("accuracy", "coarse").value == 1 / 5
    assert {score.value for score in grade(Answers(())).scores} == {0.0}
    with pytest.raises(InvalidTable, match="a video_id of the truth"):
        grade(Answers((Answer("x_1", "x", COARSE, "negative"),)))


@pytest.mark.skipif(bool(text.missing_libraries()), reason=text.missing_libraries() or "installed")
def test_bleu_and_rouge_are_of_all_answers():
    from sacrebleu.metrics import BLEU

    card = grade(answers(SAID))
    given = [row.answer for row in sorted(answers(SAID).rows)]
    expected = BLEU(lowercase=True, smooth_method="none").corpus_score(given, [[r.answer for r in sorted(TRUTH.rows)]])
    assert card.score("corpus_bleu4", "overall").value == pytest.approx(expected.score / 100)
    assert 0.5 < card.score("rouge1_f1", "overall").value < 1
    assert card.score("rouge1_f1", "casme3").ci95 is not None
    assert grade(TRUTH).score("rouge1_f1", "overall").value == 1


def test_without_the_libraries_the_card_says_what_is_left_out(monkeypatch):
    monkeypatch.setattr(text, "missing_libraries", lambda: "sacrebleu not installed (pip install 'mebench[vqa]')")
    card = grade(TRUTH)
    assert card.find("corpus_bleu4", "overall") is None
    assert "BLEU and ROUGE are left out, sacrebleu not installed (pip install 'mebench[vqa]')" in card.reason
    assert card.score("uf1_coarse", "overall").value == 1


def test_long_videos_are_graded_by_kind():
    asked = [
        ("How many micro-expression events are there?", "3"),
        ("What is the expression type of the 2-th expression event?", "micro"),
    ]
    truth = Answers(tuple(Answer(f"l_{i}", "L", q, a) for i, (q, a) in enumerate(asked)), "lvqa")
    said = Answers((truth.rows[0], truth.rows[1]._replace(answer="macro")))
    card = grade(said, truth, Megc2026Vqa)
    assert card.score("accuracy", "count").value == 1
    assert card.score("accuracy", "expression_type").value == 0
    assert not card.score("uf1_coarse", "overall").defined
    assert card.score("uf1_fine", "overall").value == 0


def test_order_changes_nothing():
    given = answers(SAID)
    backwards = Answers(given.rows[::-1])
    assert grade(backwards, Answers(TRUTH.rows[::-1], "vqa")).compared() == grade(given).compared()
