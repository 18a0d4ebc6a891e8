"""What a question about a facial expression asks for, by its official wording, and when its answer is right.

Conventions
-----------
Case, blanks, and a full stop at the end do not count. A class must be the whole answer: `negative` is one, `I think it
is negative` is none. Action units are compared as a set of names, their order does not count.

Metrics
-------
`question_kind` : which kind a question is of.
`is_right` : whether an answer says what the reference says.
"""

from __future__ import annotations

import re

from mebench.schema.emotions import COMPOSITE_CLASSES

COARSE, FINE = "coarse", "fine"
"""Kinds whose UF1 and UAR are scored."""

COARSE_CLASSES = COMPOSITE_CLASSES

_KINDS = (
    (COARSE, r"what is the coarse expression class"),
    (FINE, r"what is the fine-grained expression class"),
    ("action_units", r"what (is the action unit|are the action units)"),
    ("action_unit_shown", r"is the action unit .+ shown on the face"),
    ("analysis", r"what (is the action unit|are the action units) present, and based on .+"),
    ("analysis", r".*\banaly(s|z)(e|is)\b.*"),
    ("count", r"how many .+|what is the number of .+"),
    ("expression_type", r"what is the expression type of the [0-9]+(st|nd|rd|th|-th) expression event.*"),
)
_PATTERNS = tuple((kind, re.compile(pattern)) for kind, pattern in _KINDS)

KINDS = (*dict.fromkeys(kind for kind, _ in _KINDS), "other")
"""Every kind; the last two before `other` are those of long videos (MEGC2026)."""


def question_kind(question: str) -> str:
    """Return the kind of a question, `other` for a wording that is not known."""
    plain = plain_answer(question).removesuffix("?").rstrip()
    return next((kind for kind, pattern in _PATTERNS if pattern.fullmatch(plain)), "other")


def plain_answer(text: str) -> str:
    """Return a text in lower case with single blanks and without a full stop at its end."""
    return " ".join(text.lower().split()).removesuffix(".").rstrip()


def is_right(kind: str, answer: str, reference: str) -> bool:
    """Tell whether an answer is the reference, action units in any order."""
    if kind == "action_units":
        return _names(answer) == _names(reference)
    return plain_answer(answer) == plain_answer(reference)


def _names(text: str) -> set[str]:
    return {name.strip() for name in plain_answer(text).split(",")} - {""}
