"""The predictions that a run has kept, graded again under other rules and without any training."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from mebench.analysis.baselines import TRUTH
from mebench.errors import UserError
from mebench.protocols.base import Predicted, Protocol
from mebench.protocols.catalogue import PROTOCOLS
from mebench.runs.damaged import damaged_folds
from mebench.runs.folds import DONE
from mebench.runs.mended import stamped
from mebench.runs.plan import Fold
from mebench.runs.provenance import SEED, environment
from mebench.runs.store import RunFolder
from mebench.runs.work.base import work_of
from mebench.schema.files import read_bounded
from mebench.schema.scorecard import Scorecard


def rescore(run: Path, protocol: str | None = None, convention: str | None = None) -> Scorecard:
    """Grade a run's predictions and frame scores against the truth in its folder; nothing of the run is changed.

    Where folds are damaged (`runs.damaged`), the card has the scores of predictions alone, and says so.

    Parameters
    ----------
    run : the run's folder.
    protocol : id; by default the run's own.
    convention : a preset's name, instead of the protocol's own.

    Raises
    ------
    UserError : when the folder is not that of a graded run, its predictions are no longer those of its folds, or the
        protocol or preset is unknown.
    """
    folder = RunFolder(run)
    config = folder.config()
    grader = PROTOCOLS.get(protocol or config["protocol"]["id"])()
    rules = grader.preset(convention) if convention is not None else None
    if not folder.scorecard.exists():
        raise UserError(f"{run} has not been graded yet: finish it with the same mebench run.")
    graded = Scorecard.read(folder.scorecard)
    truth = grader.read_truth(run / TRUTH)
    predictions, lines = grader.read_predictions(folder.predictions)
    folds = [folder.fold(Fold.from_dict(plain)) for plain in config["folds"]]
    # The receipts of runs of schema 1 are of another form: what their card said of them holds.
    old = config.get("schema") == 1
    done = [fold for fold in folds if fold.problem() is None or (old and (fold.path / DONE).is_file())]
    # Predictions of a damaged fold are in the run's own, frame scores are not: no two scores may be of other people.
    damaged = damaged_folds(folder) if len(done) < len(folds) else ()
    if not old and len(done) == len(folds):
        _require_pooled(folder, [fold.predictions for fold in done], grader)
    submission = Predicted(
        predictions,
        method=graded.method,
        trained_on=graded.trained_on,
        complete=graded.complete if old else len(done) == len(folds),
        environment=environment() | ({SEED: config[SEED]} if SEED in config else {}),
        timing=graded.timing,
        source=str(folder.predictions),
        lines=lines,
        **({} if damaged else work_of(grader.task).extras(done, truth, graded.method.id)),
    )
    card = stamped(grader.score(submission, truth, convention=rules), done)
    return card.replace(reason="; ".join(filter(None, (card.reason, _LEFT_OUT)))) if damaged else card


_LEFT_OUT = "folds are damaged, so what needs their files (auc and raw_* of spotting) is left out"


def _require_pooled(folder: RunFolder, parts: Sequence[Path], grader: Protocol) -> None:
    """Refuse predictions that were altered since the folds, whose files have their digests, were pooled."""
    task = folder.task()
    pooled = task.pool(task.read_predictions(part, grader.classes)[0] for part in parts)
    with tempfile.TemporaryDirectory() as scratch:
        again = Path(scratch) / task.predictions_file
        task.write_predictions(pooled, again)
        kept = _files(folder.predictions)
        if _files(again) != {name: kept.get(name) for name in _files(again)}:
            raise UserError(
                f"{folder.predictions} is not what the folds of the run have found: give the same mebench run command "
                "again, which puts it back."
            )


def _files(place: Path) -> dict[str, bytes]:
    """Return the content of a file, or of the tables of a folder."""
    paths = [place] if place.is_file() else sorted(place.glob("*.csv"))
    return {path.name: read_bounded(path) for path in paths}
