"""The entry points that run on a platform.

Conventions
-----------
What a participant sees there (stdout, stderr, the message of an exception) holds the reader's report and no more: any
other failure is told in one sentence, for its message may quote the truth. Files appear whole or not at all.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from mebench.challenge.checks.findings import InvalidSubmission
from mebench.challenge.desk.outputs import dump
from mebench.challenge.export.common import score_on_platform
from mebench.plain import plain_lines
from mebench.schema.files import write_atomic

_FAULT = "The grading failed for a reason that is not in the submission; ask the organisers."


class Refused(Exception):
    """What a participant is told."""


def run_codabench(source: Path, out: Path, rules: Path) -> int:
    """Grade `source/res` against `source/ref`, write `out/scores.json` and return the exit code."""
    return _run(source / "res", source / "ref", out / "scores.json", rules)


def run_grand_challenge(source: Path, truth: Path, out: Path, rules: Path) -> int:
    """Grade what lies in `source`, write `out/metrics.json` and return the exit code."""
    return _run(source, truth, out / "metrics.json", rules)


def evaluate_evalai(annotations: str, submission: str, phase: str, rules: Path, **_: Any) -> dict[str, Any]:
    """Grade a file and return the scores the way EvalAI wants them.

    Parameters
    ----------
    annotations : path of the zip archive of the truth.
    submission : path of the participant's file.
    phase : code name of the phase; every phase is graded alike.
    rules : `rules.json`.

    Raises
    ------
    Refused : with what the participant is told.
    """
    scores = _score(Path(submission), Path(annotations), rules)
    return {"result": [{"public": scores}], "submission_result": scores}


def _run(submission: Path, truth: Path, out: Path, rules: Path) -> int:
    try:
        write_atomic(out, dump(_score(submission, truth, rules)))
    except Refused as error:
        print(plain_lines(str(error)), file=sys.stderr)
        return 1
    return 0


def _score(submission: Path, truth: Path, rules: Path) -> dict[str, float]:
    try:
        return score_on_platform(submission, truth, rules)
    except InvalidSubmission as error:
        raise Refused(str(error)) from None
    except Exception:
        raise Refused(_FAULT) from None
