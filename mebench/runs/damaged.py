"""The folds of a run that were graded once and cannot be read any more.

Conventions
-----------
A fold is *damaged* when it has a receipt that its files do not keep to, or when it is not done and the card of the run
says that all were. A fold that failed or was never begun is none: the card of the run has left it out, and says so.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator

from mebench.errors import UserError
from mebench.runs.folds import DONE, FoldFolder
from mebench.runs.plan import Fold
from mebench.runs.store import RunFolder
from mebench.schema.scorecard import Scorecard

_FIX = "Give the same mebench run command again, which does that fold anew."


def damaged_folds(run: RunFolder) -> tuple[str, ...]:
    """Return a sentence for each damaged fold of a run: which it is, what is wrong, and the fix.

    Parameters
    ----------
    run : the run; its card may be missing.

    Raises
    ------
    UserError : when the folder is not that of a run.
    """
    config = run.config()
    if config.get("schema") == 1:
        return ()  # whose receipts are of another form
    folds = run.folds([Fold.from_dict(plain) for plain in config["folds"]])
    card: Scorecard | None = None
    with contextlib.suppress(UserError):
        card = Scorecard.read(run.scorecard)
    return tuple(_sentences(folds, whole=card is not None and card.complete))


def _sentences(folds: Iterable[FoldFolder], *, whole: bool) -> Iterator[str]:
    for fold in folds:
        problem = fold.problem()
        begun = os.path.lexists(fold.path / DONE)
        if problem is not None and (begun or whole):
            said = problem if begun else f"{DONE} is missing"
            yield f"The fold {fold.path} cannot be read: {said}. {_FIX}"
