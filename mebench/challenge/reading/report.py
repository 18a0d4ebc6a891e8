"""The report on a submission, in two channels.

Conventions
-----------
The *participant's* channel holds problems and notes that quote the submission and the public lists; no onset, offset,
label or count of the truth is ever in it. The *organiser's* channel adds what only a look at the truth can tell. A
report is asked for the second one by name, so that it cannot slip out.
"""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from mebench.challenge.checks.findings import InvalidSubmission, headline, is_cut_short, problem_lines, times_of
from mebench.challenge.reading.manifest import Manifest
from mebench.schema.problems import Problem

SCHEMA = 1


@dataclasses.dataclass(frozen=True)
class Report:
    """What checking a submission came to.

    Attributes
    ----------
    submission : its name.
    digest : sha256 of it.
    task, format : what it was read as.
    manifest : who submits, or None where that has problems.
    rows : predictions without problems.
    problems : at most 50 of each kind.
    counts : problems by kind, all of them.
    notes : what was read other than it was written.
    organiser : lines for the organiser's eyes only.
    """

    submission: str
    digest: str
    task: str
    format: str
    manifest: Manifest | None
    rows: int
    problems: tuple[Problem, ...]
    counts: Mapping[str, int]
    notes: tuple[str, ...]
    organiser: tuple[str, ...] = dataclasses.field(default=(), repr=False)

    @property
    def accepted(self) -> bool:
        """Whether there is no problem."""
        return not self.counts

    def to_text(self) -> str:
        """Return the participant's report, one line per problem and note."""
        if self.accepted:
            what = f" in the format {self.format}" if self.format else ""
            number = "1 prediction" if self.rows == 1 else f"{self.rows} predictions"
            lines = [f"{self.submission} is accepted: {number}{what}."]
        else:
            lines = [headline(self.counts), *(f"  {line}" for line in problem_lines(self.problems, self.counts))]
        return "\n".join([*lines, *(f"  note: {note}" for note in self.notes)]) + "\n"

    def to_dict(self) -> dict[str, Any]:
        """Return the participant's report as plain JSON types."""
        shown = times_of(self.problems)
        return {
            "schema": SCHEMA,
            "accepted": self.accepted,
            "submission": self.submission,
            "sha256": self.digest,
            "task": self.task,
            "format": self.format,
            "manifest": dataclasses.asdict(self.manifest) if self.manifest else None,
            "rows": self.rows,
            "problems": [_plain(problem) for problem in self.problems],
            "not_shown": {kind: n - shown[kind] for kind, n in self.counts.items() if n > shown[kind]},
            "reading_stopped": is_cut_short(self.counts),
            "notes": list(self.notes),
        }

    def to_json(self) -> str:
        """Return the participant's report as JSON in ASCII, which no terminal can be steered by."""
        return json.dumps(self.to_dict(), indent=1, sort_keys=True) + "\n"

    def organiser_text(self) -> str:
        """Return both channels; not for participants."""
        return self.to_text() + "".join(f"  organiser: {line}\n" for line in self.organiser)

    def organiser_json(self) -> str:
        """Return both channels as JSON; not for participants."""
        return json.dumps({**self.to_dict(), "organiser": list(self.organiser)}, indent=1, sort_keys=True) + "\n"


def _plain(problem: Problem) -> dict[str, Any]:
    """Return a problem as plain JSON types; `also` and `more` stand there where other lines have it too."""
    fields = dataclasses.asdict(problem)
    others = {"also": list(problem.also), "more": fields["more"]} if problem.also else {}
    return {name: value for name, value in fields.items() if name not in ("also", "more")} | others


def refusal(report: Mapping[str, Any]) -> InvalidSubmission:
    """Return the error that a participant's report on a refused submission stands for.

    Parameters
    ----------
    report : as `Report.to_dict` gives it.
    """
    problems = [Problem(**{**problem, "also": tuple(problem.get("also", ()))}) for problem in report["problems"]]
    counts = times_of(problems) + Counter(report["not_shown"])
    return InvalidSubmission(problems, dict(sorted(counts.items())))
