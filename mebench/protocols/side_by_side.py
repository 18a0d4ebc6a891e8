"""The same predictions under every preset: how much of a published difference is a difference of rules."""

from __future__ import annotations

from pathlib import Path

from mebench.metrics.conventions import PRESETS
from mebench.protocols.base import Submission
from mebench.protocols.catalogue import PROTOCOLS
from mebench.schema.scorecard import MethodRef, Scorecard


def grade_under_all(
    predictions: Path, truth: Path, protocol: str, method: MethodRef | None = None
) -> dict[str, Scorecard]:
    """Grade a submission under every preset.

    Parameters
    ----------
    predictions, truth, protocol, method : see `grading.grade_files`.

    Returns
    -------
    A card for each preset, by its name, `strict` first.

    Raises
    ------
    InvalidTable : with every problem of the tables.
    UserError : for an unknown protocol, or a missing file.
    """
    grader = PROTOCOLS.get(protocol)()
    answer = grader.read_truth(truth)
    found, lines = grader.read_predictions(predictions)
    submission = Submission(found, method=method or MethodRef(), source=predictions.name, lines=lines)
    return {name: grader.score(submission, answer, convention=rules) for name, rules in PRESETS.items()}
