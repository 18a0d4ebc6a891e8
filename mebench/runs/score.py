"""From the folds that are done to the run's predictions and its scorecard."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mebench.protocols.base import Predicted, Protocol
from mebench.runs.folds import PREDICTIONS, FoldFolder
from mebench.runs.plan import Fold
from mebench.runs.provenance import environment
from mebench.runs.store import RunFolder
from mebench.schema.intervals import Intervals
from mebench.schema.predictions import read_predictions, write_predictions
from mebench.schema.scorecard import MethodRef, Scorecard
from mebench.schema.truth import Truth


def score_run(folder: RunFolder, plan: Sequence[Fold], rules: Protocol, truth: Truth, method: MethodRef) -> Scorecard:
    """Pool the predictions of all folds, grade them against the whole truth, and write both.

    The events of folds that are missing count as not found, and the card says that it is not complete.

    Raises
    ------
    UserError : when predictions do not fit the videos, or the files cannot be written.
    """
    done = [found for found in map(folder.fold, plan) if found.problem() is None]
    pooled = Intervals.concat([read_predictions(found.path / PREDICTIONS)[0] for found in done]).sorted()
    write_predictions(pooled, folder.predictions)
    frames = int(truth.videos.n_frames.sum())
    submission = Predicted(
        pooled,
        frame_scores=pooled_frame_scores(done, truth),
        method=method,
        complete=len(done) == len(plan),
        environment=environment(),
        timing={"folds": len(plan), "videos": len(truth.videos), "frames": frames},
        source=str(folder.predictions),
    )
    card = rules.score(submission, truth)
    card.write(folder.scorecard)
    return card


def pooled_frame_scores(done: Sequence[FoldFolder], truth: Truth) -> dict[tuple[str, str], NDArray[np.float32]]:
    """Return the frame scores of every video of some folds that are done, by (subject, video)."""
    keys = {f"{subject}/{video}": (subject, video) for subject, video in truth.videos.keys()}  # noqa: SIM118  no mapping
    return {keys[name]: array for found in done for name, array in found.scores().items()}
