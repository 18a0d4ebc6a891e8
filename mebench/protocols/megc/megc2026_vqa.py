"""Micro-Expression Grand Challenge 2026, visual question answering: clips as in 2025, and long videos.

The questions about long videos ask for numbers of events, action units, and the type of an event. Their official
metrics were never published: `accuracy` by kind of question stands for them here; BLEU and ROUGE are of all questions.
"""

from __future__ import annotations

from mebench.protocols.rules.questions import QuestionProtocol


class Megc2026Vqa(QuestionProtocol):
    """Answers about unseen clips and long videos: the scores of 2025, and accuracy by kind of question."""

    id = "megc2026-vqa"
    summary = "questions about unseen clips and long videos: the scores of 2025, accuracy by kind of question"
    sources = (
        "arXiv:2603.08927 (MEGC2026: ME-VQA and ME-LVQA)",
        "arXiv:2506.15298 (the metrics of 2025)",
    )
