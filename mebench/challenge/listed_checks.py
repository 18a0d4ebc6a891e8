"""Whether labels and answers fit the challenge: known clips and questions, nothing twice, nothing missing.

Conventions
-----------
Unlike a video without intervals, a missing clip or answer is an error: nobody can tell what it was meant to be.
"""

from __future__ import annotations

from collections.abc import Sequence

from mebench.challenge.findings import Findings
from mebench.challenge.formats.answers import AnswerRows
from mebench.challenge.formats.labels import LabelRows
from mebench.challenge.shared_checks import Place, Resolver, check_emotion, is_repeated
from mebench.errors import did_you_mean
from mebench.schema.answers import Answer, Answers, wording
from mebench.schema.recognition import Labels
from mebench.tasks.expected import Expected

_WHOLE = "submission"


def check_labels(rows: LabelRows, expected: Expected, findings: Findings) -> tuple[Labels, tuple[Place, ...]]:
    """Add the problems of labels; return those without problems and the place of each."""
    clips = expected.clips
    known = [(f"{base}/{subject}" if base else subject, clip) for base, subject, clip in clips or ()]
    resolver = Resolver(known if clips is not None else None, "clip", findings)
    seen: dict[tuple[object, ...], Place] = {}
    kept, keys = [], []
    for i in range(len(rows)):
        place = (rows.file[i], rows.line[i])
        fits = check_emotion(place, rows.emotion[i], expected, findings)
        written = (rows.database[i], rows.subject[i], rows.clip[i])
        base, subject, clip = written
        if base is None or subject is None or clip is None:
            continue
        row = resolver.row(place, base, subject, clip) if resolver.index else -1
        key = clips[row] if clips is not None and row >= 0 else (base, subject, clip)
        found = row >= 0 or clips is None
        if found and not is_repeated(key, place, seen, "clip", findings) and fits:
            kept.append(i)
            keys.append(key)
    _check_missing(clips, set(seen), "clip", findings)
    emotions = tuple(str(rows.emotion[i]) for i in kept)
    probabilities = tuple({name: values[i] or 0.0 for name, values in rows.probabilities.items()} for i in kept)
    places = tuple((rows.file[i], rows.line[i]) for i in kept)
    return Labels(tuple(keys), emotions, probabilities if rows.probabilities else ()), places


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
            _check_missing(self._questions, answered, "question", self._findings)
        return Answers(tuple(self._kept)), tuple(self._places)


def _unknown_question(place: Place, rows: AnswerRows, i: int, videos: set[str], findings: Findings) -> None:
    if rows.video_id[i] in videos:
        findings.problem(*place, "question", "a question of the challenge", rows.question[i], "unknown_question")
        return
    findings.problem(*place, "video_id", "a video of the challenge", rows.video_id[i], "unknown_video")
    hint = did_you_mean(rows.video_id[i][:100], videos) if findings.shows("unknown_video") else ""
    findings.hint(hint if "Did you mean" in hint else "")


def _check_missing(
    known: Sequence[tuple[str, ...]] | None, seen: set[tuple[object, ...]], what: str, findings: Findings
) -> None:
    for key in known or ():
        if key not in seen:
            findings.problem(_WHOLE, 0, what, f"{'/'.join(filter(None, key))}", "nothing", "missing")
