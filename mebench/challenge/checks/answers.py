"""Whether answers fit the challenge: known questions, nothing twice, nothing missing.

Conventions
-----------
A missing answer is an error: nobody can tell what it was meant to be.
"""

from __future__ import annotations

from mebench.challenge.checks.findings import Findings
from mebench.challenge.checks.resolver import Place, check_missing, is_repeated
from mebench.challenge.checks.rows import AnswerRows
from mebench.errors import did_you_mean
from mebench.schema.answers import Answer, Answers, wording
from mebench.tasks.expected import Expected


class AnswerChecks:
    """Holds the answers of one file after the other against the questions.

    Parameters
    ----------
    expected : the public lists.
    findings : gets the problems.
    """

    def __init__(self, expected: Expected, findings: Findings) -> None:
        self._questions, self._findings = expected.questions, findings
        self._known = {(asked[0], wording(asked[1])): asked for asked in expected.questions or ()}
        self._videos = {video for video, _ in expected.questions or ()}
        self._seen: dict[tuple[object, ...], Place] = {}
        self._kept: list[Answer] = []
        self._places: list[Place] = []

    def add(self, rows: AnswerRows) -> None:
        """Add the problems of more answers, and keep those that have none."""
        for i in range(len(rows)):
            place = (rows.file[i], rows.line[i])
            key = (rows.video_id[i], wording(rows.question[i]))
            if self._questions is not None and key not in self._known:
                _unknown_question(place, rows, i, self._videos, self._findings)
            elif not is_repeated(key, place, self._seen, "question", self._findings):
                video_id, question = self._known.get(key, (rows.video_id[i], rows.question[i]))
                self._kept.append(Answer(video_id, rows.video[i], question, rows.answer[i]))
                self._places.append(place)

    def result(self) -> tuple[Answers, tuple[Place, ...]]:
        """Add the questions without an answer; return the answers without problems, and the place of each."""
        if self._questions is not None:
            answered: set[tuple[object, ...]] = {asked for key, asked in self._known.items() if key in self._seen}
            check_missing(self._questions, answered, "question", self._findings)
        return Answers(tuple(self._kept)), tuple(self._places)


def _unknown_question(place: Place, rows: AnswerRows, i: int, videos: set[str], findings: Findings) -> None:
    if rows.video_id[i] in videos:
        findings.problem(*place, "question", "a known question", rows.question[i], "unknown_question")
        return
    findings.problem(*place, "video_id", "a known video", rows.video_id[i], "unknown_video")
    hint = did_you_mean(rows.video_id[i][:100], videos) if findings.shows("unknown_video") else ""
    findings.hint(hint if "Did you mean" in hint else "")
