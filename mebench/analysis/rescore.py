"""The predictions that a run has kept, graded again under other rules and without any training."""

from __future__ import annotations

from pathlib import Path

from mebench.analysis.baselines import TRUTH
from mebench.errors import UserError
from mebench.protocols.base import Predicted
from mebench.protocols.catalogue import PROTOCOLS
from mebench.runs.folds import DONE
from mebench.runs.plan import Fold
from mebench.runs.provenance import environment
from mebench.runs.store import RunFolder
from mebench.runs.work.base import work_of
from mebench.schema.scorecard import Scorecard


def rescore(run: Path, protocol: str | None = None, convention: str | None = None) -> Scorecard:
    """Grade a run's predictions and frame scores against the truth in its folder; nothing of the run is changed.

    Parameters
    ----------
    run : the run's folder.
    protocol : id; by default the run's own.
    convention : a preset's name, instead of the protocol's own.

    Raises
    ------
    UserError : when the folder is not that of a graded run, or the protocol or preset is unknown.
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
    submission = Predicted(
        predictions,
        method=graded.method,
        trained_on=graded.trained_on,
        complete=graded.complete if old else len(done) == len(folds),
        environment=environment(),
        timing=graded.timing,
        source=str(folder.predictions),
        lines=lines,
        **work_of(grader.task).extras(done, truth),
    )
    return grader.score(submission, truth, convention=rules)
