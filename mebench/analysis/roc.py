"""ROC curves of a run, of one fold and pooled: of raw scores where it keeps them (thesis Figures 5.2, 5.3 and 5.8).

Conventions
-----------
A fold is one tested person, whose frames one model has scored (see `metrics.statistics.folds`); a fold of the run's
plan that tests several people may be asked for by its id, and is then the frames of them all. Pooled are the frames of
all people, as they are: scores of several models are laid into one order.

Raw scores are graded as `raw_auc` grades them, on frames with a face; *processed* scores, which every run keeps, as
`auc` does, on every frame. Where a method has one output for any movement, the same processed score stands in both
columns, and there is one curve for events of either type.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from mebench.analysis.baselines import TRUTH
from mebench.errors import UserError, did_you_mean
from mebench.metrics.frames import auc, roc_curve
from mebench.protocols.base import Protocol
from mebench.protocols.catalogue import PROTOCOLS
from mebench.protocols.rules.raw_scores import ScopeFrames, scope_frames, scopes_of
from mebench.runs.plan import Fold
from mebench.runs.store import RunFolder
from mebench.runs.work.base import work_of
from mebench.schema.raw_scores import RawByVideo, RawScores
from mebench.schema.truth import Truth

Floats = NDArray[np.float64]
Kind = Literal["raw", "processed"]


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
    UserError : when the folder is not that of a run, or it keeps no raw scores of the scope.
    """
    protocol, truth, extras, _ = _extras(RunFolder(run))
    raw = extras.get("raw_scores")
    if not raw:
        raise UserError(f"{run} keeps no raw scores: run a method that has some, such as spot3dcnn, anew.")
    if scope not in scopes_of(raw):
        raise UserError(f"{run} has no raw scores of {scope!r}.{did_you_mean(scope, scopes_of(raw))}")
    return scope_frames(raw, truth, scope, protocol.convention)


def _extras(folder: RunFolder) -> tuple[Protocol, Truth, Mapping[str, Any], set[str]]:
    """Return the rules and the truth of a run, the scores of its folds that are done, and the ids of these."""
    config = folder.config()
    protocol = PROTOCOLS.get(config["protocol"]["id"])()
    truth = protocol.read_truth(folder.path / TRUTH)
    done = [one for one in folder.folds(_plan(config)) if one.problem() is None]
    return protocol, truth, work_of(protocol.task).extras(done, truth), {one.fold.id for one in done}


def _plan(config: Mapping[str, Any]) -> list[Fold]:
    return [Fold.from_dict(plain) for plain in config["folds"]]


def _kept_of(folder: RunFolder) -> _Kept:
    """Return the frames of a run, with their raw scores where every fold that is done keeps some."""
    path = folder.path
    protocol, truth, extras, done = _extras(folder)
    if "frame_scores" not in extras:
        raise UserError(f"{path} is a run of {protocol.task}, which has no scores of frames.")
    if not extras["frame_scores"]:
        raise UserError(f"No fold of {path} is done: give the same mebench run command again.")
    raw = extras["raw_scores"]
    by_video: RawByVideo = raw or _as_raw(extras["frame_scores"])
    frames = {scope: scope_frames(by_video, truth, scope, protocol.convention) for scope in scopes_of(by_video)}
    planned = _people_by_fold(folder.config())
    return _Kept(
        "raw" if raw else "processed", frames, {id: planned[id] for id in planned if id in done}, planned
    )  # fmt: skip


def _as_raw(scores: Mapping[tuple[str, str], NDArray[np.float32]]) -> RawByVideo:
    """Return processed scores in the form of raw ones: every frame counts, and what is one score is one column."""
    is_movement = all(np.array_equal(array[:, 0], array[:, 1]) for array in scores.values())
    columns = 1 if is_movement else 2
    return {key: RawScores(array[:, :columns], None, np.ones(len(array), bool)) for key, array in scores.items()}


def _people_by_fold(config: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return whom each fold of a run tests, as its truth names them."""
    several = len(config["datasets"]) > 1
    return {fold.id: tuple(sorted(str(one) if several else one.subject for one in fold.test)) for fold in _plan(config)}


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
