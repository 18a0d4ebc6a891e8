"""What reading a submission gives: predictions under the challenge's own ids, or everything that is wrong with it.

Conventions
-----------
`Reading.submission` raises, `Reading.report` reports. Problems and notes quote the submission and the public lists
only.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from mebench.challenge.checks.findings import Findings
from mebench.challenge.checks.resolver import Place
from mebench.challenge.checks.rows import LogAssertion
from mebench.challenge.reading.manifest import Manifest
from mebench.challenge.reading.normal import Normal
from mebench.challenge.reading.report import Report
from mebench.challenge.safety.plain import shown_name
from mebench.protocols import base
from mebench.tasks.base import AnyTruth, Task


@dataclasses.dataclass(frozen=True, eq=False)
class Submission:
    """A submission without problems.

    Attributes
    ----------
    task : what it was read as.
    manifest : who submits what.
    predictions : intervals, labels of clips, or answers, under the challenge's ids.
    notes : what was read other than it was written.
    digest : sha256 of the archive or file, or of the folder's names and contents.
    format : name of the format that was found, such as `megc2022`.
    places : file and line of every prediction.
    assertions : what a log file says about the truth; never scored.
    """

    task: Task[Any, Any]
    manifest: Manifest
    predictions: Any
    notes: tuple[str, ...]
    digest: str
    format: str
    places: tuple[Place, ...]
    assertions: tuple[LogAssertion, ...] = ()

    def graded(self) -> base.Predicted[Any]:
        """Return the predictions the way a protocol takes them."""
        return self.normal().graded()

    def normal(self) -> Normal:
        """Return what is scored: predictions without the files that they stood in."""
        return _normal(self.task, self.predictions, self.manifest, self.places, self.assertions)


@dataclasses.dataclass
class Reading:
    """A submission as far as it could be read.

    Attributes
    ----------
    name : of the file or folder.
    task : what it was read as.
    findings : problems and notes.
    digest : sha256 of the archive or file, or of the folder's names and contents.
    predictions : those without problems.
    manifest : who submits what, or None where that has problems.
    format : name of the format that was found, or empty.
    places : file and line of every prediction.
    assertions : what a log file says about the truth.
    lines : lines read so far, of all files.
    first_frame : number that the tables give to the first frame, 0 or 1.
    """

    name: str
    task: Task[Any, Any]
    findings: Findings
    digest: str
    predictions: Any
    manifest: Manifest | None = None
    format: str = ""
    places: tuple[Place, ...] = ()
    assertions: tuple[LogAssertion, ...] = ()
    lines: int = 0
    first_frame: int = 1

    def submission(self) -> Submission:
        """Return the submission.

        Raises
        ------
        InvalidSubmission : an `InvalidTable` with every problem.
        """
        self.findings.refuse()
        assert self.manifest is not None
        return Submission(
            self.task,
            self.manifest,
            self.predictions,
            self.findings.notes,
            self.digest,
            self.format,
            self.places,
            self.assertions,
        )

    def normal(self) -> Normal:
        """Return the predictions without problems, without the files that they stood in."""
        return _normal(self.task, self.predictions, self.manifest, self.places, self.assertions)

    def report(self, truth: AnyTruth | None = None) -> Report:
        """Return a report, whatever is wrong.

        Parameters
        ----------
        truth : for the organiser's channel of the report only; participants have none.
        """
        return Report(
            submission=shown_name(self.name),
            digest=self.digest,
            task=self.task.id,
            format=self.format,
            manifest=self.manifest,
            rows=len(self.places),
            problems=self.findings.problems,
            counts=self.findings.counts,
            notes=self.findings.notes,
            organiser=() if truth is None else self.normal().observations(truth),
        )


def _normal(
    task: Task[Any, Any],
    predictions: Any,
    manifest: Manifest | None,
    places: Sequence[Place],
    assertions: tuple[LogAssertion, ...],
) -> Normal:
    source = ", ".join(dict.fromkeys(file for file, _ in places)) or "submission"
    lines = tuple(line for _, line in places)
    return Normal(task, predictions, manifest.method if manifest else "", source, lines, assertions)
