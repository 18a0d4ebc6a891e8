"""ROC curves of a run, of one fold or pooled, from the raw scores that it keeps (thesis Figures 5.2, 5.3 and 5.8).

Conventions
-----------
A fold is one tested person, whose frames one model has scored (see `metrics.statistics.folds`). Pooled are the frames
of all people, as they are: scores of several models are laid into one order. Frames without a face are left out.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mebench.analysis.baselines import TRUTH
from mebench.errors import UserError, did_you_mean
from mebench.metrics.frames import auc, roc_curve
from mebench.protocols.catalogue import PROTOCOLS
from mebench.protocols.rules.raw_scores import ScopeFrames, scope_frames, scopes_of
from mebench.runs.damaged import damaged_folds
from mebench.runs.plan import Fold
from mebench.runs.store import RunFolder
from mebench.runs.work.base import work_of

Floats = NDArray[np.float64]


def raw_frames_of_run(run: Path, scope: str) -> ScopeFrames:
    """Return the frames with a face of a run, each with its raw score and whether it lies in an expression.

    Parameters
    ----------
    run : folder of a run of spotting.
    scope : `macro`, `micro`, or `movement` of a method that knows movement alone.

    Raises
    ------
    UserError : when the folder is not that of a run, it keeps no raw scores of the scope, or folds are
        damaged, whose people would be missing.
    """
    folder = RunFolder(run)
    config = folder.config()
    protocol = PROTOCOLS.get(config["protocol"]["id"])()
    truth = protocol.read_truth(run / TRUTH)
    folds = [folder.fold(Fold.from_dict(plain)) for plain in config["folds"]]
    done = [fold for fold in folds if fold.problem() is None]
    if len(done) < len(folds) and (damaged := damaged_folds(folder)):
        raise UserError(" ".join(damaged))
    raw = work_of(protocol.task).extras(done, truth, config["method"]["id"]).get("raw_scores")
    if not raw:
        raise UserError(f"{run} keeps no raw scores: run a method that has some, such as spot3dcnn, anew.")
    if scope not in scopes_of(raw):
        raise UserError(f"{run} has no raw scores of {scope!r}.{did_you_mean(scope, scopes_of(raw))}")
    return scope_frames(raw, truth, scope, protocol.convention)


def roc_of_run(run: Path, scope: str, fold: str | None = None) -> tuple[Floats, Floats, float]:
    """Return false positive rates, true positive rates and the area under the ROC curve of raw scores.

    Parameters
    ----------
    run, scope : see `raw_frames_of_run`.
    fold : the tested person, as the truth writes the subject; None pools all.

    Raises
    ------
    UserError : as `raw_frames_of_run`, for a person who is not tested, and where all frames are of one class.
    """
    frames = raw_frames_of_run(run, scope)
    if fold is not None:
        frames = _of_person(frames, fold)
    value, is_defined = auc(frames.labels, frames.scores)
    if not is_defined:
        whose = f"of {fold} " if fold is not None else ""
        raise UserError(f"The frames {whose}in {run} are all inside, or all outside, {scope}: there is no ROC curve.")
    fpr, tpr, _ = roc_curve(frames.labels, frames.scores)
    return fpr, tpr, value


def _of_person(frames: ScopeFrames, person: str) -> ScopeFrames:
    if person not in frames.people:
        raise UserError(f"Nobody of the name {person!r} is tested.{did_you_mean(person, frames.people)}")
    which = frames.person == frames.people.index(person)
    predicted = None if frames.predicted is None else frames.predicted[which]
    return dataclasses.replace(
        frames,
        labels=frames.labels[which],
        scores=frames.scores[which],
        person=frames.person[which],
        predicted=predicted,
    )
