"""Questions about clips, and their answers.

*.jsonl            {"video_id": ..., "video": ..., "question": ..., "answer": ...}
questions.jsonl    the same without answers
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any, ClassVar

from mebench.errors import UserError
from mebench.metrics.conventions.base import Convention
from mebench.metrics.conventions.questions import QuestionConvention
from mebench.schema.answers import LONGEST_ANSWER, Answer, Answers, read_answers
from mebench.schema.files import PUBLIC, write_atomic
from mebench.schema.json_text import parse_object
from mebench.tasks.base import Rows, Task
from mebench.tasks.expected import Expected
from mebench.tasks.strict_form import list_of, row, text_up_to

_KEYS = ("video_id", "video", "question")


class Questions(Task[Answers, Answers]):
    """Answer questions about clips; truth and predictions are both answers."""

    id = "questions"
    title = "questions about clips"
    item = "clip with its questions"
    items = "clips with their questions"
    truth_files = ("*.jsonl",)
    item_form = "video_id"
    truth_words = "the answers in .jsonl files"
    truth_example = 'answers.jsonl: {"video_id": ..., "video": ..., "question": ..., "answer": ...}'
    predictions_file = "predictions.jsonl"
    suffixes = (".jsonl", ".ndjson", ".json")
    public_file = "questions.jsonl"
    requirements = ("sacrebleu>=2.4,<3", "rouge-score>=0.1.2")
    protocols = ("megc2026-vqa", "megc2026-vqa", "megc2026-vqa")
    convention: ClassVar[type[Convention]] = QuestionConvention

    def truth_of(self, recordings: Sequence[Any]) -> Answers:
        """Refuse: no dataset has questions.

        Raises
        ------
        UserError : always.
        """
        raise UserError("No dataset has questions and answers: grade answers with `mebench grade`.")

    def read_truth(self, folder: Path) -> Answers:
        """Read every `*.jsonl` of a folder; see `Task.read_truth`."""
        return Answers.read(folder)

    def read_predictions(self, path: Path, classes: Sequence[str] = ()) -> tuple[Answers, Sequence[int]]:
        """Read JSON lines from a file or every one of a folder; see `Task.read_predictions`."""
        return read_answers(path)

    def write_predictions(self, predictions: Answers, path: Path) -> None:
        """Write JSON lines; see `Task.write_predictions`."""
        write_atomic(path, predictions.text())

    def pool(self, parts: Iterable[Answers]) -> Answers:
        """Return all answers, sorted; see `Task.pool`."""
        return Answers(tuple(sorted(row for part in parts for row in part.rows)))

    def names(self, truth: Answers) -> list[str]:
        """Return the ids of the clips that are asked about; see `Task.names`."""
        return sorted({row.video_id for row in truth.rows})

    def restrict(self, truth: Answers, names: Collection[str]) -> Answers:
        """Return the answers about some clips."""
        return dataclasses.replace(truth, rows=tuple(row for row in truth.rows if row.video_id in names))

    def restrict_predictions(self, predictions: Answers, names: Collection[str]) -> Answers:
        """Return the answers about some clips."""
        return self.restrict(predictions, names)

    def text(self, truth: Answers) -> str:
        """Return the JSON lines."""
        return truth.text()

    def public_rows(self, truth: Answers) -> Rows:
        """Return every question with its clip."""
        return [[row.video_id, row.video, row.question] for row in sorted(truth.rows)]

    def expected(self, rows: Rows, classes: Sequence[str] = ()) -> Expected:
        """Return the questions; see `Task.expected`."""
        return Expected(questions=tuple((video_id, question) for video_id, _, question in rows))

    def write_rows(self, rows: Rows, folder: Path) -> None:
        """Write the questions as JSON lines; see `Task.write_rows`."""
        lines = (json.dumps(dict(zip(_KEYS, row, strict=True))) + "\n" for row in rows)
        write_atomic(folder / self.public_file, "".join(lines), PUBLIC)

    def read_rows(self, folder: Path) -> Rows:
        """Read what `write_rows` has written; see `Task.read_rows`."""
        path = folder / self.public_file
        try:
            # Not splitlines: a question may hold the other line breaks of Unicode.
            lines = path.read_text(encoding="utf-8").split("\n")
            rows = [[parse_object(line)[key] for key in _KEYS] for line in lines if line.strip()]
            if all(isinstance(value, str) for row in rows for value in row):
                return rows
        except (OSError, ValueError, KeyError):
            pass
        raise UserError(f"{path} cannot be read: take it from the folder that the organisers hand out.")

    def plain(self, predictions: Answers) -> list[list[str]]:
        """Return the fields of every answer; see `Task.plain`."""
        return [list(answer) for answer in predictions.rows]

    def from_plain(self, raw: Any) -> Answers:
        """Return the answers of such rows; see `Task.from_plain`."""
        checks = (text_up_to(LONGEST_ANSWER),) * len(Answer._fields)
        return Answers(tuple(Answer(*row(fields, checks)) for fields in list_of(raw)))

    def load_metrics(self) -> None:
        """Use BLEU and ROUGE once: their libraries load parts on first use; see `Task.load_metrics`."""
        from mebench.metrics.text import bleu_parts, missing_libraries, rouge1_f1

        super().load_metrics()
        if not missing_libraries():
            bleu_parts(["a"], ["a"])
            rouge1_f1(["a"], ["a"])
