"""From files to a scorecard: the grader behind `mebench grade`."""

from __future__ import annotations

from pathlib import Path

from mebench.metrics.conventions import Convention, preset
from mebench.protocols.base import Submission
from mebench.protocols.catalogue import PROTOCOLS
from mebench.schema.scorecard import MethodRef, Scorecard


def grade_files(
    predictions: Path,
    truth: Path,
    protocol: str,
    convention: str | Convention | None = None,
    method: MethodRef | None = None,
) -> Scorecard:
    """Grade a submission's file, or folder of files, against a truth folder.

    Parameters
    ----------
    predictions : what the protocol's task asks for: `predictions.csv` of intervals or of clips, JSON lines of answers,
        sheets of ratings.
    truth : the folder with `events.csv` and `videos.csv`, or `clips.csv`, or `*.jsonl`, or `items.csv`.
    protocol : id of the protocol.
    convention : a preset's name or rules, instead of the protocol's own.
    method : which method made the predictions, where that is known.

    Raises
    ------
    InvalidTable : with every problem of the tables.
    UserError : for an unknown protocol or preset, or a missing file.
    """
    rules = preset(convention) if isinstance(convention, str) else convention
    grader = PROTOCOLS.get(protocol)()
    answer = grader.read_truth(truth)
    found, lines = grader.read_predictions(predictions)
    submission = Submission(found, method=method or MethodRef(), source=predictions.name, lines=lines)
    return grader.score(submission, answer, convention=rules)
