"""Answers to questions about clips, as JSON lines.

    {"video_id": "samm_test_SAMM-1_1", "video": "SAMM-1", "question": "What is ...?", "answer": "negative"}

Conventions
-----------
One object a line, UTF-8; blank lines do not count. A question is told by `video_id` and its wording, in which case and
blanks do not count. A truth may add `dataset` and `subject`; without a subject, the video is the unit that is
resampled. Several files are read one after the other; without the key, `dataset` is what the name of the file says,
such as `casme3` in `me_vqa_casme3_test_pred.jsonl`.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from mebench.errors import UserError, did_you_mean
from mebench.schema.files import read_bounded, write_atomic
from mebench.schema.json_text import BadJson, parse_object
from mebench.schema.people import joined
from mebench.schema.problems import Problem, quoted, refuse
from mebench.schema.truth import read_name, write_name

LONGEST_ANSWER = 10_000
"""No answer has more characters; a longer one is a slip."""

_REQUIRED = ("video_id", "video", "question", "answer")
_OPTIONAL = ("dataset", "subject")
_DATASET = re.compile(r"me_l?vqa_([a-z0-9]+(?:_sq)?)(?:_v[0-9]+)?_test")


class Answer(NamedTuple):
    """One question and its answer; `dataset` and `subject` are empty where absent."""

    video_id: str
    video: str
    question: str
    answer: str
    dataset: str = ""
    subject: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What names the question: the id, and the wording in lower case."""
        return self.video_id, wording(self.question)

    @property
    def person(self) -> str:
        """Who is resampled: the subject, or else the video, qualified with the dataset."""
        return joined(self.dataset, self.subject or self.video)


@dataclasses.dataclass(frozen=True)
class Answers:
    """Answers in file order.

    Attributes
    ----------
    rows : each question is there once.
    dataset : id of the whole, for a truth.
    """

    rows: tuple[Answer, ...]
    dataset: str = ""

    def __len__(self) -> int:
        """Return the number of answers."""
        return len(self.rows)

    @classmethod
    def read(cls, directory: Path) -> Answers:
        """Read the truth: every `*.jsonl` of a folder.

        Raises
        ------
        UserError : when there is none.
        InvalidTable : with every problem of every file.
        """
        rows, _ = read_answers(directory)
        return cls(rows.rows, read_name(directory))

    def write(self, directory: Path) -> None:
        """Write `answers.jsonl` and `truth.json`, each whole or not at all.

        Raises
        ------
        UserError : when the folder cannot be written.
        """
        write_atomic(directory / "answers.jsonl", self.text())
        write_name(directory, self.dataset)

    def text(self) -> str:
        """Return the canonical JSON lines, sorted; empty optional keys are left out."""
        plain = ({k: v for k, v in row._asdict().items() if v or k in _REQUIRED} for row in sorted(self.rows))
        return "".join(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n" for row in plain)

    def digest(self) -> str:
        """Sha256 hex digest of the canonical text."""
        return hashlib.sha256(self.text().encode()).hexdigest()

    def datasets(self) -> tuple[str, ...]:
        """Return the datasets, sorted, each once."""
        return tuple(sorted({row.dataset for row in self.rows}))


def wording(question: str) -> str:
    """Return a question in lower case with single blanks."""
    return " ".join(question.lower().split())


def read_answers(path: Path) -> tuple[Answers, tuple[int, ...]]:
    """Read answers from a file, or from every `*.jsonl` of a folder.

    Returns
    -------
    The answers, and the line of its file in which each of them stands.

    Raises
    ------
    UserError : when a file cannot be opened or a folder holds none.
    InvalidTable : with every problem of every file.
    """
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    if not files:
        raise UserError(f"{path} holds no .jsonl file: give the file or folder with the answers.")
    rows: list[Answer] = []
    lines: list[int] = []
    problems: list[Problem] = []
    seen: set[tuple[str, str]] = set()
    for file in files:
        for number, raw in enumerate(_lines(file), 1):
            row = _row(raw, file.name, number, problems)
            if row is None:
                continue
            if row.key in seen:
                expected = "each question once"
                problems.append(Problem(file.name, number, "video_id", expected, quoted(row.video_id), "twice"))
            seen.add(row.key)
            rows.append(row)
            lines.append(number)
    refuse(problems)
    return Answers(tuple(rows)), tuple(lines)


def _lines(path: Path) -> list[str]:
    try:
        content = read_bounded(path)
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error.strerror}): check the name of the file.") from error
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n").split("\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        refuse([Problem(path.name, line, "", "text in UTF-8", f"the byte 0x{content[error.start]:02x}", "encoding")])
        return []


_BAD_JSON = {"json_text": ("whole characters", "surrogate"), "json_key": ("each key once", "json_key")}


def _row(raw: str, file: str, line: int, problems: list[Problem]) -> Answer | None:
    """Read one line; None for a blank one and for one with problems, which are added to the others."""
    if not raw.strip():
        return None
    try:
        value = parse_object(raw)
    except BadJson as error:
        expected, kind = _BAD_JSON.get(error.kind, ("a JSON object", "json"))
        problems.append(Problem(file, line, "", expected, quoted(raw), kind))
        return None
    found = [*_key_problems(value, file, line), *_value_problems(value, file, line)]
    problems += found
    if found:
        return None
    strings = {key: text.strip() for key, text in value.items()}
    strings.setdefault("dataset", _dataset_of(file))
    return Answer(**strings)


def _key_problems(value: dict[str, Any], file: str, line: int) -> list[Problem]:
    problems = [
        Problem(file, line, key, f"a key {key}", "none", "missing_key") for key in _REQUIRED if key not in value
    ]
    for key in sorted(set(value) - {*_REQUIRED, *_OPTIONAL}):
        hint = did_you_mean(key[:100], (*_REQUIRED, *_OPTIONAL)).split(" Known")[0]
        expected = f"the keys {', '.join(_REQUIRED)}"
        problems.append(Problem(file, line, "", expected, quoted(key) + hint, "unknown_key"))
    return problems


def _value_problems(value: dict[str, Any], file: str, line: int) -> list[Problem]:
    problems = []
    for key in (*_REQUIRED, *_OPTIONAL):
        text = value.get(key, "filled")
        if not isinstance(text, str):
            problems.append(Problem(file, line, key, "text in quotes", quoted(text), "not_text"))
        elif len(text) > LONGEST_ANSWER:
            problems.append(Problem(file, line, key, f"at most {LONGEST_ANSWER} characters", quoted(text), "too_long"))
        elif key in ("video_id", "question") and not text.strip():
            problems.append(Problem(file, line, key, "text", quoted(text), "empty"))
    return problems


def _dataset_of(file: str) -> str:
    found = _DATASET.match(file.lower())
    return found.group(1) if found else ""


def match_answers(
    answers: Answers, truth: Answers, source: str, lines: Sequence[int] = ()
) -> dict[tuple[str, str], str]:
    """Return the answer by the key of the question.

    Parameters
    ----------
    answers, truth : the two sides.
    source : name of the file, for messages.
    lines : line of each answer in that file; without it, the row number stands in for it.

    Raises
    ------
    InvalidTable : with every answer to a question that was not asked.
    """
    asked = {row.key for row in truth.rows}
    ids = {row.video_id for row in truth.rows}
    problems = []
    for i, row in enumerate(answers.rows):
        if row.key not in asked:
            line = lines[i] if len(lines) else i + 1
            column, value = ("question", row.question) if row.video_id in ids else ("video_id", row.video_id)
            expected = f"a {'question of this video_id' if column == 'question' else 'video_id'} of the truth"
            problems.append(Problem(source, line, column, expected, quoted(value), "unknown_question"))
    refuse(problems)
    return {row.key: row.answer for row in answers.rows}
