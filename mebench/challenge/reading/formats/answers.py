r"""Answers to questions about videos, one JSON object per line: ME-VQA and ME-LVQA of MEGC2025 and 2026.

    {"video_id": "...", "video": "...", "question": "...", "answer": "..."}

Conventions
-----------
All four keys must be there, and no other but `dataset` and `subject`, which mebench writes beside them and a note says
are passed over; all values are text (a whole number as `video_id` is read as text, with a note). The answer may hold
line breaks, written `\n`, and no other control characters.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mebench.challenge.checks.findings import Findings
from mebench.challenge.checks.rows import AnswerRows
from mebench.challenge.reading.formats.files import DataFile
from mebench.challenge.safety.limits import SubmissionLimits
from mebench.challenge.safety.plain import plain_text
from mebench.errors import did_you_mean
from mebench.schema.json_text import BadJson, kind_word, parse_json
from mebench.schema.tables import LONGEST_TEXT

KEYS = ("video_id", "video", "question", "answer")
PASSED_OVER = ("dataset", "subject")
"""Keys that say nothing of an answer: the question tells them."""


def read_answers(file: DataFile, lines: Sequence[str], findings: Findings, limits: SubmissionLimits) -> AnswerRows:
    """Read a file of answers."""
    rows = AnswerRows()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            raw = parse_json(line, limits.json)
        except BadJson as error:
            findings.problem(file.name, number, "", error.expected, error.found, error.kind)
            continue
        if not isinstance(raw, dict):
            findings.problem(file.name, number, "", f"an object with the keys {', '.join(KEYS)}", line, "json")
            continue
        values = _texts(file, number, raw, findings, limits)
        if values is not None:
            rows.extend(AnswerRows([file.name], [number], *([value] for value in values)))
    return rows


def _texts(
    file: DataFile, number: int, raw: dict[str, Any], findings: Findings, limits: SubmissionLimits
) -> list[str] | None:
    """Return the four texts, or None after adding every problem of the object."""
    before = findings.counts
    for key in raw:
        if key in PASSED_OVER:
            findings.note("keys that say nothing of an answer were passed over", key)
        elif key not in KEYS:
            findings.problem(file.name, number, "", f"only the keys {', '.join(KEYS)}", key, "json_key")
            hint = did_you_mean(key[:100], KEYS) if findings.shows("json_key") else ""
            findings.hint(hint if "Did you mean" in hint else "")
    for key in KEYS:
        if key not in raw:
            findings.problem(file.name, number, key, f"the key {key}", "none", "json_key")
    values = [_text(file, number, key, raw[key], findings, limits) for key in KEYS if key in raw]
    return None if findings.counts != before else [value for value in values if value is not None]


def _text(
    file: DataFile, number: int, key: str, value: Any, findings: Findings, limits: SubmissionLimits
) -> str | None:
    if key == "video_id" and type(value) is int:
        findings.note("video ids that are numbers were read as text")
        value = str(value)
    if not isinstance(value, str):
        findings.problem(file.name, number, key, "text", kind_word(value), "json_type")
        return None
    longest = limits.answer_chars if key == "answer" else LONGEST_TEXT
    text = value.strip()
    if not 0 < len(text) <= longest:
        findings.problem(file.name, number, key, f"1 to {longest} characters", f"{len(text)}", "text_length")
        return None
    if any(plain_text(part, longest) != " ".join(part.split()) for part in text.splitlines()):
        findings.problem(file.name, number, key, "printable text", text, "control")
        return None
    return text
