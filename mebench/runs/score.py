"""From the folds that are done to the run's predictions and its scorecard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mebench.protocols.base import Predicted, Protocol
from mebench.protocols.cards import unscored_card
from mebench.runs.mended import stamped
from mebench.runs.plan import Fold
from mebench.runs.provenance import SEED, environment
from mebench.runs.store import RunFolder
from mebench.runs.work.base import work_of
from mebench.schema.scorecard import DatasetRef, MethodRef, Scorecard
from mebench.tasks.catalogue import task_of


def score_run(
    folder: RunFolder,
    plan: Sequence[Fold],
    rules: Protocol,
    truth: Any,
    method: MethodRef,
    trained_on: tuple[DatasetRef, ...] = (),
    *,
    seed: int | None = None,
    tuned: Sequence[str] = (),
    measured: Mapping[str, Any] | None = None,
) -> Scorecard:
    """Pool the predictions of all folds, grade them against the whole truth, and write both.

    What folds that are missing would have tested counts as not found, and the card says that it is not complete; folds
    that a plug-in has done before and after it was mended make it unofficial. Where every fold is missing there is
    nothing to grade: the card has no score.

    Parameters
    ----------
    folder, plan, rules, truth, method, trained_on : the run.
    seed : with which the method learnt.
    tuned : what of the method's settings was chosen on tested data; makes the card unofficial.
    measured : what the card says of time, such as the seconds of training and the date; never compared.

    Raises
    ------
    UserError : when predictions do not fit the truth, or the files cannot be written.
    """
    task = task_of(rules.task)
    done = [found for found in folder.folds(plan) if found.problem() is None]
    pooled = task.pool(task.read_predictions(found.predictions, rules.classes)[0] for found in done)
    task.write_predictions(pooled, folder.predictions)
    submission = Predicted(
        pooled,
        method=method,
        trained_on=trained_on,
        complete=len(done) == len(plan),
        environment=environment() | ({} if seed is None else {SEED: seed}),
        timing={"folds": len(plan), **task.size(truth), **(measured or {})},
        source=str(folder.predictions),
        **work_of(rules.task).extras(done, truth, method.id),
    )
    if done or not plan:
        card = stamped(rules.score(submission, truth), done)
    else:
        graded_on = DatasetRef(truth.dataset, task.digest(truth))
        card = unscored_card(rules, submission, graded_on, "no fold is done, so there is nothing to grade")
    if tuned:
        card = card.replace(official=False, reason="; ".join(filter(None, (card.reason, *tuned))))
    card.write(folder.scorecard)
    return card
