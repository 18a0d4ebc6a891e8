"""Kinds of questions by the official wording, and right answers."""

from __future__ import annotations

import pytest

from mebench.metrics.questions import KINDS, is_right, question_kind


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("What is the coarse expression class?", "coarse"),
        ("what is  the fine-grained expression class ?", "fine"),
        ("What is the action unit?", "action_units"),
        ("What are the action units?", "action_units"),
        ("Is the action unit lip corner puller shown on the face?", "action_unit_shown"),
        (
            "What is the action unit present, and based on it, what is the fine-grained expression and the coarse "
            "expression class?",
            "analysis",
        ),
        (
            "What are the action units present, and based on them, what is the fine-grained expression and the coarse "
            "expression class?",
            "analysis",
        ),
        ("Please analyse the micro-expression shown in this video in detail.", "analysis"),
        ("Provide a comprehensive analysis of the facial micro-expression shown in this clip.", "analysis"),
        ("How many micro-expression events are in this video?", "count"),
        ("What is the expression type of the 3-th expression event?", "expression_type"),
        ("Who are you?", "other"),
        ("", "other"),
    ],
)
def test_the_wording_tells_the_kind(question, kind):
    assert question_kind(question) == kind
    assert kind in KINDS


def test_right_answers():
    assert is_right("coarse", " Negative.", "negative")
    assert not is_right("coarse", "it is negative", "negative")
    assert is_right("action_units", "lid tightener,  brow lowerer", "Brow lowerer, lid tightener.")
    assert not is_right("action_units", "lid tightener", "brow lowerer, lid tightener")
    assert not is_right("analysis", "lid tightener, brow lowerer", "brow lowerer, lid tightener")
    assert not is_right("count", "", "3")
