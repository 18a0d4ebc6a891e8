"""The frame scores of a run in one form: the raw ones where it keeps them, else the *processed* ones, which all keep.

Conventions
-----------
Of raw scores the frames with a face count, of processed ones every frame, as `raw_auc` and `auc` of a card do. Where a
method has one output for any movement, the same processed score stands in both columns, and one of them is taken.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from mebench.analysis.baselines import TRUTH
from mebench.errors import UserError
from mebench.protocols.base import Protocol
from mebench.protocols.catalogue import PROTOCOLS
from mebench.runs.plan import Fold
from mebench.runs.store import RunFolder
from mebench.runs.work.base import work_of
from mebench.schema.raw_scores import RawByVideo, RawScores
from mebench.schema.truth import Truth

Kind = Literal["raw", "processed"]


@dataclasses.dataclass(frozen=True, eq=False)
class RunScores:
    """The scores of all folds of a run that are done.

    Attributes
    ----------
    protocol, truth : the rules and the truth of the run.
    kind : which scores; raw ones where every fold that is done keeps some.
    by_video : the scores by (subject, video), as the truth names them.
    done : ids of the folds.
    """

    protocol: Protocol
    truth: Truth
    kind: Kind
    by_video: RawByVideo
    done: frozenset[str]


def scores_of_run(folder: RunFolder) -> RunScores:
    """Return the frame scores of a run of spotting.

    Raises
    ------
    UserError : when the folder is no run of spotting, or nothing of it is done.
    """
    config = folder.config()
    protocol = PROTOCOLS.get(config["protocol"]["id"])()
    truth = protocol.read_truth(folder.path / TRUTH)
    done = [one for one in folder.folds(plan_of(config)) if one.problem() is None]
    extras = work_of(protocol.task).extras(done, truth, config["method"]["id"])
    if "frame_scores" not in extras:
        raise UserError(f"{folder.path} is a run of {protocol.task}, which has no scores of frames.")
    if not extras["frame_scores"]:
        raise UserError(f"No fold of {folder.path} is done: give the same mebench run command again.")
    raw = extras["raw_scores"]
    ids = frozenset(one.fold.id for one in done)
    if raw:
        return RunScores(protocol, truth, "raw", raw, ids)
    return RunScores(protocol, truth, "processed", _as_raw(extras["frame_scores"]), ids)


def plan_of(config: Mapping[str, Any]) -> list[Fold]:
    """Return every planned fold of a run, done or not."""
    return [Fold.from_dict(plain) for plain in config["folds"]]


def _as_raw(scores: Mapping[tuple[str, str], NDArray[np.float32]]) -> RawByVideo:
    """Return processed scores in the form of raw ones: every frame counts, and what is one score is one column."""
    is_movement = all(np.array_equal(array[:, 0], array[:, 1]) for array in scores.values())
    columns = 1 if is_movement else 2
    return {key: RawScores(array[:, :columns], None, np.ones(len(array), bool)) for key, array in scores.items()}
