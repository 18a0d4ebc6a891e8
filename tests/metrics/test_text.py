"""BLEU and ROUGE: the libraries' own numbers, from parts that add up."""

from __future__ import annotations

import numpy as np
import pytest

from mebench.metrics import text

needs_libraries = pytest.mark.skipif(bool(text.missing_libraries()), reason=text.missing_libraries() or "installed")

REFERENCES = ["the action units present are brow lowerer and lid tightener", "negative", "no", "brow lowerer, dimpler"]
ANSWERS = ["the action unit present is brow lowerer and lid tightener", "negative", "yes", ""]


def test_bleu_by_hand():
    # 3 of 4 words, 2 of 3 pairs, 1 of 2 triples, 1 of 1 quadruple; as long as the reference
    parts = np.array([3, 2, 1, 1, 4, 3, 2, 1, 4, 4], float)
    assert text.bleu(parts) == pytest.approx((3 / 4 * 2 / 3 * 1 / 2) ** 0.25)
    shorter = parts.copy()
    shorter[-1] = 6
    assert text.bleu(shorter) == pytest.approx(np.exp(1 - 6 / 4) * text.bleu(parts))


def test_bleu_of_nothing_is_zero():
    assert text.bleu(np.zeros(10)) == 0
    assert text.bleu(np.array([1, 0, 0, 0, 1, 0, 0, 0, 1, 1], float)) == 0
    assert text.bleu(np.zeros((3, 10))).tolist() == [0, 0, 0]


@needs_libraries
def test_bleu_is_that_of_the_library_on_the_whole_corpus():
    from sacrebleu.metrics import BLEU

    metric = BLEU(lowercase=True, smooth_method="none")
    expected = metric.corpus_score(ANSWERS, [REFERENCES]).score / 100
    assert expected > 0.2
    assert text.bleu(text.bleu_parts(ANSWERS, REFERENCES).sum(axis=0)) == pytest.approx(expected)
    assert "tok:13a" in str(metric.get_signature())


@needs_libraries
def test_rouge_by_hand():
    # 2 of 3 words each way
    assert text.rouge1_f1(["Brow lowerer shown"], ["brow lowerer, dimpler"])[0] == pytest.approx(2 / 3)
    assert text.rouge1_f1(["negative", ""], ["negative", "yes"]).tolist() == [1, 0]
    assert text.rouge1_f1([], []).tolist() == []


def test_what_is_missing_comes_with_the_fix(monkeypatch):
    monkeypatch.setattr(text.importlib.util, "find_spec", lambda name: None)
    assert text.missing_libraries() == "sacrebleu and rouge_score not installed (pip install 'mebench[vqa]')"
