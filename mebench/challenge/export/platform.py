"""The entry points that run on a platform.

Conventions
-----------
What a participant sees there (stdout, stderr, the message of an exception, `detailed_results.html`) holds the reader's
report and no more: any other failure is told in one sentence, for its message may quote the truth or a path. Files
appear whole or not at all; those of an earlier run are taken away first, so a scorer that fails in any way leaves no
score.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import Any

from mebench.challenge.checks.findings import InvalidSubmission
from mebench.challenge.desk.outputs import dump
from mebench.challenge.export import detailed
from mebench.challenge.export.common import Graded, score_on_platform
from mebench.challenge.safety.sandbox import LimitExceeded
from mebench.errors import UserError
from mebench.plain import plain_lines
from mebench.schema.files import write_atomic

FAULT = "The grading failed for a reason that is not in the submission; ask the organisers."


class Refused(Exception):
    """What a participant is told."""


def run_codabench(source: Path, out: Path, rules: Path) -> int:
    """Grade `source/res` against `source/ref`, write `out/scores.json` and return the exit code."""
    return _run(source / "res", source / "ref", out / "scores.json", rules)


def run_grand_challenge(source: Path, truth: Path, out: Path, rules: Path) -> int:
    """Grade what lies in `source`, write `out/metrics.json` and return the exit code."""
    return _run(source, truth, out / "metrics.json", rules)


def evaluate_evalai(annotations: str, submission: str, phase: str, rules: Path, **_: Any) -> dict[str, Any]:
    """Grade a file and return the scores the way EvalAI wants them; the page lies beside the file.

    Parameters
    ----------
    annotations : path of the zip archive of the truth.
    submission : path of the participant's file.
    phase : code name of the phase; every phase is graded alike.
    rules : `rules.json`.

    Raises
    ------
    Refused : with what the participant is told; EvalAI marks the submission as failed and ranks nothing.
    """
    page = Path(os.environ.get("MEBENCH_OUTPUT") or Path(submission).parent) / detailed.FILE
    try:
        graded = _score(Path(submission), Path(annotations), rules)
    except Refused as error:
        _write_page(page, detailed.failed_page(str(error)))
        raise
    _write_page(page, detailed.accepted_page(graded.scores, graded.notes, graded.part))
    return {"result": [{"public": graded.scores}], "submission_result": graded.scores}


def _run(submission: Path, truth: Path, out: Path, rules: Path) -> int:
    page = out.with_name(detailed.FILE)
    try:
        _take_away(out)
        _take_away(page)
        graded = _score(submission, truth, rules)
        _write_page(page, detailed.accepted_page(graded.scores, graded.notes, graded.part))
        _write_scores(out, graded)
    except Refused as error:
        print(plain_lines(str(error)), file=sys.stderr)
        _write_page(page, detailed.failed_page(str(error)))
        return 1
    return 0


def _take_away(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        raise Refused(FAULT) from None


def _write_scores(path: Path, graded: Graded) -> None:
    try:
        write_atomic(path, dump(graded.scores))
    except UserError:
        raise Refused(FAULT) from None


def _write_page(path: Path, page: str) -> None:
    """Write the page where that is possible: whether a submission is graded does not hang on it."""
    with contextlib.suppress(UserError, OSError):
        write_atomic(path, page)


def _score(submission: Path, truth: Path, rules: Path) -> Graded:
    try:
        return score_on_platform(submission, truth, rules)
    except (InvalidSubmission, LimitExceeded) as error:
        raise Refused(str(error)) from None
    except Exception:
        raise Refused(FAULT) from None
