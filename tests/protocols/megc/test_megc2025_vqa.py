"""Questions of 2025: 24 clips with 5 questions each."""

from __future__ import annotations

import pytest

from mebench.protocols.base import Predicted
from mebench.protocols.megc.megc2025_vqa import Megc2025Vqa
from mebench.schema.answers import Answer, Answers

QUESTIONS = {
    "What is the coarse expression class?": ("negative", "positive", "surprise"),
    "What is the fine-grained expression class?": ("disgust", "happiness", "surprise"),
    "What are the action units shown on the face?": ("4", "12", "1, 2"),
    "Is the action unit lip corner puller shown on the face?": ("no", "yes", "no"),
    "Analyse the expression in detail.": ("a frown of the brows is seen", "the lip corners are pulled", "brows rise"),
}


def rows(change=lambda i, text: text):
    """Return answers to all questions about 7 clips of SAMM and 17 of CAS(ME)^3."""
    given = [
        (f"v{i}_{j}", f"v{i}", question, said[i % 3], "samm" if i < 7 else "casme3")
        for i in range(24)
        for j, (question, said) in enumerate(QUESTIONS.items())
    ]
    return Answers(tuple(Answer(id, video, q, change(i, a), d) for i, (id, video, q, a, d) in enumerate(given)), "vqa")


def score(said):
    return Megc2025Vqa().score(Predicted(said), rows())


def test_the_true_answers_score_one_everywhere():
    card = score(rows())
    assert len(rows().rows) == 24 * 5
    for metric in ("uf1_coarse", "uar_coarse", "uf1_fine", "uar_fine", "rouge1_f1", "corpus_bleu4"):
        assert card.score(metric, "overall").value == pytest.approx(1), metric


def test_a_wrong_coarse_class_moves_the_coarse_scores_alone():
    """Every 15th answer is of the coarse class of a negative clip; 8 of 24 are negative, all now said to be positive."""
    card = score(rows(lambda i, text: "positive" if i % 15 == 0 else text))
    assert card.score("uar_coarse", "overall").value == pytest.approx(2 / 3)
    assert card.score("uf1_coarse", "overall").value == pytest.approx((0 + 2 * 8 / (2 * 8 + 8) + 1) / 3)
    assert card.score("uf1_fine", "overall").value == 1


def test_ranked_by_the_coarse_class():
    assert Megc2025Vqa.ranking == ("uf1_coarse", "overall")
