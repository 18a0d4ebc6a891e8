"""ROC curves of a run, of one fold and pooled: of raw scores where it keeps them (thesis Figures 5.2, 5.3 and 5.8).

Conventions
-----------
A fold is one tested person, whose frames one model has scored (see `metrics.statistics.folds`); a fold of the run's
plan that tests several people may be asked for by its id, and is then the frames of them all. Pooled are the frames of
all people, as they are: scores of several models are laid into one order.

Raw scores are graded as `raw_auc` grades them, on frames with a face; *processed* scores, which every run keeps, as
`auc` does, on every frame (see `analysis.frame_scores`). A method with one output for any movement has one curve, for
events of either type.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mebench.analysis.frame_scores import Kind, plan_of, scores_of_run
from mebench.errors import UserError, did_you_mean
from mebench.metrics.frames import auc, roc_curve
from mebench.protocols.rules.raw_scores import ScopeFrames, scope_frames, scopes_of
from mebench.runs.damaged import damaged_folds
from mebench.runs.store import RunFolder

Floats = NDArray[np.float64]


@dataclasses.dataclass(frozen=True, eq=False)
class RocCurve:
    """One curve.

    Attributes
    ----------
    false_positive, true_positive : rates, shape (n,), rising from 0 to 1.
    area : area under it; None where one class is absent.
    """

    false_positive: Floats
    true_positive: Floats
    area: float | None

    def thinned(self, points: int) -> Floats:
        """Return at most so many points, spread evenly along the curve, both ends included; shape (2, n)."""
        x, y = self.false_positive, self.true_positive
        along = np.concatenate([[0.0], np.cumsum(np.abs(np.diff(x)) + np.abs(np.diff(y)))])
        kept = np.unique(np.searchsorted(along, np.linspace(0, along[-1], points)).clip(0, len(x) - 1))
        return np.stack([x[kept], y[kept]])


@dataclasses.dataclass(frozen=True, eq=False)
class RunCurves:
    """The curves of one run.

    Attributes
    ----------
    run, method : what they are of.
    kind : which scores.
    fold, people : what is drawn alone, and whom it tests.
    of_fold, pooled : by `macro` and `micro`, or `movement` alone.
    tested, planned : people whose frames are pooled, and people whom the run tests once it is done.
    """

    run: str
    method: str
    kind: Kind
    fold: str
    people: tuple[str, ...]
    of_fold: Mapping[str, RocCurve]
    pooled: Mapping[str, RocCurve]
    tested: int
    planned: int


@dataclasses.dataclass(frozen=True, eq=False)
class _Kept:
    """The frames of a run: those of all folds that are done, by scope, and who is tested in which fold."""

    kind: Kind
    by_scope: Mapping[str, ScopeFrames]
    done: Mapping[str, tuple[str, ...]]
    planned: Mapping[str, tuple[str, ...]]


def roc_of_run(run: Path, fold: str = "") -> RunCurves:
    """Return the ROC curves of a run of spotting.

    Parameters
    ----------
    run : its folder.
    fold : the tested person, as the truth writes the subject, or the id of a fold of the run; by default the first
        person of whom every curve is defined, or the first of all.

    Raises
    ------
    UserError : when the folder is no run of spotting, nothing of it is done, or there is no such fold, or it is not
        done.
    """
    folder = RunFolder(run)
    kept = _kept_of(folder)
    tested = [person for people in kept.done.values() for person in people]
    people = (fold,) if fold in tested else kept.done.get(fold, ())
    if not people:
        people = (_first(kept.by_scope, tested),) if not fold else _refuse(run, fold, kept)
    return RunCurves(
        run.resolve().name, folder.config()["method"]["id"], kept.kind, fold or people[0], people,
        {scope: curve_of(frames, people) for scope, frames in kept.by_scope.items()},
        {scope: curve_of(frames) for scope, frames in kept.by_scope.items()},
        len(tested), sum(map(len, kept.planned.values())),
    )  # fmt: skip


def curve_of(frames: ScopeFrames, people: Collection[str] | None = None) -> RocCurve:
    """Return the ROC curve of frames, or of those of some people alone."""
    labels, scores = frames.labels, frames.scores
    if people is not None:
        which = np.isin(frames.person, [i for i, person in enumerate(frames.people) if person in people])
        labels, scores = labels[which], scores[which]
    area, is_defined = auc(labels, scores)
    false_positive, true_positive, _ = roc_curve(labels, scores)
    return RocCurve(false_positive, true_positive, area if is_defined else None)


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
    found = scores_of_run(folder)
    if len(found.done) < len(plan_of(folder.config())) and (damaged := damaged_folds(folder)):
        raise UserError(" ".join(damaged))
    if found.kind != "raw":
        raise UserError(f"{run} keeps no raw scores: run a method that has some, such as spot3dcnn, anew.")
    if scope not in scopes_of(found.by_video):
        raise UserError(f"{run} has no raw scores of {scope!r}.{did_you_mean(scope, scopes_of(found.by_video))}")
    return scope_frames(found.by_video, found.truth, scope, found.protocol.convention)


def _kept_of(folder: RunFolder) -> _Kept:
    found = scores_of_run(folder)
    rules = found.protocol.convention
    frames = {scope: scope_frames(found.by_video, found.truth, scope, rules) for scope in scopes_of(found.by_video)}
    planned = _people_by_fold(folder.config())
    return _Kept(found.kind, frames, {id: planned[id] for id in planned if id in found.done}, planned)


def _people_by_fold(config: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return whom each fold of a run tests, as its truth names them."""
    several = len(config["datasets"]) > 1
    return {
        fold.id: tuple(sorted(str(one) if several else one.subject for one in fold.test)) for fold in plan_of(config)
    }


def _first(by_scope: Mapping[str, ScopeFrames], tested: Sequence[str]) -> str:
    """Return the first person whose frames are inside and outside of events of every scope, or the first of all."""
    return next((one for one in tested if all(_has_both(frames, one) for frames in by_scope.values())), tested[0])


def _has_both(frames: ScopeFrames, person: str) -> bool:
    labels = frames.labels[frames.person == frames.people.index(person)]
    return bool(labels.any() and not labels.all())


def _refuse(run: Path, fold: str, kept: _Kept) -> tuple[str, ...]:
    """Say why there is no such fold.

    Raises
    ------
    UserError : always.
    """
    known = [*kept.planned, *(person for people in kept.planned.values() for person in people)]
    if fold in known:
        raise UserError(f"The fold {fold} of {run} is not done: give the same mebench run command again.")
    raise UserError(f"{run} tests nobody and has no fold of the name {fold!r}.{did_you_mean(fold, known)}")
