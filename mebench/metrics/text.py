"""Likeness of answers to reference answers: BLEU and ROUGE, each in one variant that its name tells.

Conventions
-----------
`corpus_bleu4` is the BLEU of a whole corpus by sacrebleu: n-grams of 1 to 4 words, brevity penalty, lower case, its
tokeniser `13a`, no smoothing; in 0-1. `rouge1_f1` is the F1 of single words by rouge-score, without stemming, averaged
over the answers. The organisers never published which variants they used, and peers differ (BLEU of sentences with
smoothing, ROUGE-1 recall), so these numbers are comparable among mebench's cards only. Both libraries belong to the
extra `vqa`: grading anything else needs neither.

Metrics
-------
`bleu_parts`, `bleu` : corpus BLEU from counts that add up over answers.
`rouge1_f1` : of each answer.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ORDER = 4
"""Longest n-gram of BLEU."""


def missing_libraries() -> str:
    """Return why BLEU and ROUGE cannot be computed, or an empty string when they can."""
    missing = [name for name in ("sacrebleu", "rouge_score") if importlib.util.find_spec(name) is None]
    if not missing:
        return ""
    return f"{' and '.join(missing)} not installed (pip install 'mebench[vqa]')"


def bleu_parts(answers: Sequence[str], references: Sequence[str]) -> Floats:
    """Return what `bleu` adds up: matching n-grams and all n-grams of order 1 to 4, both lengths in words.

    Parameters
    ----------
    answers, references : one text each, n of them.

    Returns
    -------
    Shape (n, 10).
    """
    from sacrebleu.metrics.bleu import BLEU

    metric = BLEU(lowercase=True, tokenize="13a", smooth_method="none", max_ngram_order=ORDER)
    scores = (metric.corpus_score([a], [[r]]) for a, r in zip(answers, references, strict=True))
    rows = [[*score.counts, *score.totals, score.sys_len, score.ref_len] for score in scores]
    return np.array(rows, np.float64).reshape(-1, 2 * ORDER + 2)


def bleu(parts: Floats) -> Floats:
    """Return corpus BLEU of added parts (Papineni et al. 2002).

    Parameters
    ----------
    parts : shape (..., 10), see `bleu_parts`.

    Returns
    -------
    Shape (...); 0 when an order has no match.
    """
    right, total = parts[..., :ORDER], parts[..., ORDER : 2 * ORDER]
    length, reference = parts[..., -2], parts[..., -1]
    matched = (right > 0).all(axis=-1)
    logs = np.log(np.divide(right, total, out=np.ones_like(total), where=right > 0)).mean(axis=-1)
    shortfall = np.minimum(1 - reference / np.maximum(length, 1), 0)
    return np.where(matched, np.exp(logs + shortfall), 0.0)


def rouge1_f1(answers: Sequence[str], references: Sequence[str]) -> Floats:
    """Return ROUGE-1 F1 of every answer (Lin 2004).

    Parameters
    ----------
    answers, references : one text each, n of them.

    Returns
    -------
    Shape (n,).
    """
    from rouge_score.rouge_scorer import RougeScorer

    scorer = RougeScorer(["rouge1"], use_stemmer=False)
    scores = [scorer.score(r, a)["rouge1"].fmeasure for a, r in zip(answers, references, strict=True)]
    return np.array(scores, np.float64)


def text_statistic() -> Callable[[Floats], Floats]:
    """Return BLEU and mean ROUGE-1 as a function of sums: the parts of `bleu`, the ROUGE-1 F1s, and their number."""
    return lambda sums: np.stack((bleu(sums[..., :-2]), sums[..., -2] / np.maximum(sums[..., -1], 1)), axis=-1)
