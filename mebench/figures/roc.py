"""ROC curves of one fold and of all folds pooled, from the frame scores that a run has kept.

Thesis Figures 5.2, 5.3 and 5.8.

Conventions
-----------
A frame is positive from onset to offset of an event, both inclusive. Where a method has one output for any movement,
the same score stands in both columns, and there is one curve for events of either type. Frames without a face have the
scores that the run has kept for them, as in the `auc` of its card.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError, did_you_mean
from mebench.figures.drawing import COLOURS, GREY, as_drawn, axes_at, new_figure, plain_axes, written
from mebench.methods.spotting.base import MACRO, MICRO
from mebench.metrics.frames import auc, roc_curve
from mebench.runs.damaged import damaged_folds
from mebench.runs.folds import FoldFolder
from mebench.runs.run import StoredRun, load_run
from mebench.runs.store import files_of
from mebench.runs.work.spotting import SCORES, scores_of
from mebench.schema.people import joined
from mebench.schema.truth import Truth

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

POINTS = 400
"""Points of a drawn curve; more would not be seen."""
MOVEMENT = "movement"
_COLUMNS = {"macro": MACRO, "micro": MICRO}


@dataclasses.dataclass(frozen=True)
class RocCurve:
    """One curve.

    Attributes
    ----------
    false_positive, true_positive : rates, shape (n,), rising from 0 to 1.
    area : area under it; None where one class is absent.
    """

    false_positive: NDArray[np.float64]
    true_positive: NDArray[np.float64]
    area: float | None


@dataclasses.dataclass(frozen=True)
class RocCurves:
    """The curves of one run.

    Attributes
    ----------
    run, method, fold : what they are of.
    of_fold, pooled : by `macro` and `micro`, or `movement` alone.
    folds, planned : folds that are pooled, and folds of the run.
    damaged : a sentence for each fold that was graded once and cannot be read.
    """

    run: str
    method: str
    fold: str
    of_fold: Mapping[str, RocCurve]
    pooled: Mapping[str, RocCurve]
    folds: int
    planned: int
    damaged: tuple[str, ...] = ()

    def arrays(self) -> dict[str, NDArray[np.float64]]:
        """Return every curve as (2, n): false and true positive rates."""
        sides = (("fold", self.of_fold), ("pooled", self.pooled))
        return {
            f"{side}/{scope}": np.stack([curve.false_positive, curve.true_positive])
            for side, curves in sides
            for scope, curve in curves.items()
        }


def roc_of(run: Path, fold: str = "") -> RocCurves:
    """Return the curves of a run.

    Parameters
    ----------
    run : folder of a run of a spotting method.
    fold : id of the fold; by default the first that is done.

    Raises
    ------
    UserError : when the folder is no run of spotting, the fold is not there or not done, or none is.
    """
    stored = load_run(run)
    folders = {folder.fold.id: folder for folder in stored.folds()}
    if fold and fold not in folders:
        raise UserError(f"There is no fold {fold!r} in {run}.{did_you_mean(fold, folders)}")
    truth = read_truth(stored)
    scored = {id: kept_scores(folder) for id, folder in folders.items() if folder.problem() is None}
    chosen = fold or next(iter(scored), "")
    if chosen not in scored:
        what = f"The fold {fold} of {run} is not done" if fold else f"No fold of {run} is done"
        reason = folders[fold].problem() if fold in folders else None
        why = f" ({reason})" if reason not in (None, "not done yet") else ""
        raise UserError(f"{what}{why}: give the same mebench run command again.")
    labels = labels_of(truth)
    every = {name: array for one in scored.values() for name, array in one.items()}
    scopes = (MOVEMENT,) if all(_is_movement(array) for array in every.values()) else tuple(_COLUMNS)
    of_fold, pooled = (_curves(scopes, scores, labels) for scores in (scored[chosen], every))
    method = stored.config["method"]["id"]
    damaged = damaged_folds(stored.folder) if len(scored) < len(folders) else ()
    return RocCurves(run.resolve().name, method, chosen, of_fold, pooled, len(scored), len(folders), damaged)


def kept_scores(folder: FoldFolder) -> dict[str, NDArray[np.float32]]:
    """Return the scores of every video of a fold that is done, (n_frames, 2) by `subject/video`."""
    return scores_of(folder)


def read_truth(stored: StoredRun) -> Truth:
    """Return the truth that a run of spotting was graded against.

    Raises
    ------
    UserError : when the run is of another task, or its truth is not there.
    """
    if SCORES not in files_of(stored.config["task"]):
        raise UserError(f"{stored.folder.path} is a run of {stored.config['task']}, which has no scores of frames.")
    return Truth.read(stored.folder.path / "truth")


def labels_of(truth: Truth) -> dict[str, NDArray[np.bool_]]:
    """Return which frames of every video lie in an event, (n_frames, 2) by `subject/video`."""
    videos, events = truth.videos, truth.events
    labels = {
        joined(*key): np.zeros((count, 2), bool)
        for key, count in zip(videos.keys(), videos.n_frames.tolist(), strict=True)
    }
    columns = (events.subject, events.video, events.onset, events.offset, events.is_macro)
    for subject, video, onset, offset, is_macro in zip(*(column.tolist() for column in columns), strict=True):
        labels[joined(subject, video)][max(onset, 1) - 1 : offset, MACRO if is_macro else MICRO] = True
    return labels


def _is_movement(scores: NDArray[np.float32]) -> bool:
    return np.array_equal(scores[:, MICRO], scores[:, MACRO])


def _curves(
    scopes: Sequence[str], scores: Mapping[str, NDArray[np.float32]], labels: Mapping[str, NDArray[np.bool_]]
) -> dict[str, RocCurve]:
    return {scope: _curve(scope, scores, labels) for scope in scopes}


def _curve(scope: str, scores: Mapping[str, NDArray[np.float32]], labels: Mapping[str, NDArray[np.bool_]]) -> RocCurve:
    column = _COLUMNS.get(scope, MACRO)
    values = np.concatenate([array[:, column] for array in scores.values()])
    true = np.concatenate([_labels(labels[name], scope) for name in scores])
    area, defined = auc(true, values)
    false_positive, true_positive, _ = roc_curve(true, values)
    kept = _thinned(false_positive, true_positive)
    return RocCurve(false_positive[kept], true_positive[kept], area if defined else None)


def _labels(labels: NDArray[np.bool_], scope: str) -> NDArray[np.bool_]:
    return np.asarray(labels.any(axis=1) if scope == MOVEMENT else labels[:, _COLUMNS[scope]])


def _thinned(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the positions of at most `POINTS` points, spread evenly along a curve, both ends included."""
    along = np.concatenate([[0.0], np.cumsum(np.abs(np.diff(x)) + np.abs(np.diff(y)))])
    return np.unique(np.searchsorted(along, np.linspace(0, along[-1], POINTS)).clip(0, len(x) - 1))


def draw_roc(found: RocCurves) -> dict[str, bytes]:
    """Return the curves as the bytes of a `svg` and a `png`: one fold on the left, all pooled on the right."""
    pooled = f"{found.folds} of {found.planned} folds" if found.folds < found.planned else f"all {found.folds} folds"
    with new_figure(7.2, 3.9) as figure:
        figure.suptitle(as_drawn(f"{found.method}: ROC of frame scores"), y=0.98)
        _draw_side(figure, 0.6, f"fold {found.fold}", found.of_fold)
        _draw_side(figure, 4.1, f"{pooled}, frames pooled", found.pooled)
        return written(figure)


def _draw_side(figure: Figure, left: float, title: str, curves: Mapping[str, RocCurve]) -> None:
    axes: Axes = axes_at(figure, left, 0.55, 2.85, 2.85)
    axes.plot([0, 1], [0, 1], color=GREY, linewidth=0.8, linestyle=(0, (4, 3)))
    for scope, curve in curves.items():
        area = "one class is absent" if curve.area is None else f"AUC {curve.area:.3f}"
        label = f"{scope}, {area}"
        axes.plot(curve.false_positive, curve.true_positive, color=COLOURS[scope], linewidth=1.4, label=label)
    axes.set(xlim=(0, 1), ylim=(0, 1.01), xlabel="false positive rate", ylabel="true positive rate", aspect="equal")
    axes.legend(loc="lower right", frameon=False)
    plain_axes(axes, as_drawn(title))


def areas(curves: Mapping[str, RocCurve]) -> Iterable[str]:
    """Yield `macro .812` of each curve."""
    for scope, curve in curves.items():
        yield f"{scope} {'not defined' if curve.area is None else f'{curve.area:.4f}'}"
