"""Micro-Expression Grand Challenge 2025, visual question answering: 24 unseen clips with 5 questions each.

7 clips of SAMM and 17 of CAS(ME)^3, each with its coarse class, its fine class, its action units, whether one unit is
shown, and an analysis in words. Scored were UF1 and UAR of both classes, BLEU and ROUGE; neither their variants nor how
they became one rank was published, so mebench ranks by the UF1 of the coarse class.
"""

from __future__ import annotations

from mebench.protocols.rules.questions import QuestionProtocol


class Megc2025Vqa(QuestionProtocol):
    """Answers about unseen clips: UF1 and UAR, coarse and fine, corpus BLEU-4, ROUGE-1 F1."""

    id = "megc2025-vqa"
    summary = "questions about unseen clips: UF1 and UAR of coarse and fine classes, corpus BLEU-4, ROUGE-1 F1"
    sources = (
        "arXiv:2506.15298 (MEGC2025: ME-VQA)",
        "Papineni et al. 2002 (BLEU, corpus, 4-grams; the variant is mebench's choice)",
        "Lin 2004 (ROUGE-1, F1; the variant is mebench's choice)",
    )
