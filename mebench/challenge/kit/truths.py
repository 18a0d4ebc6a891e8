"""The truth of a challenge: read, split, and reduced to what participants may know.

Conventions
-----------
An item is what a split is made of: a video, `subject/video`; a clip, `database/subject/clip`; or the `video_id` of
questions. Public and hidden items are disjoint and together all items of the truth.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection

import numpy as np

from mebench.challenge.kit.config import Challenge, Split
from mebench.challenge.kit.receipt import Rules
from mebench.errors import UserError, did_you_mean
from mebench.protocols.base import Protocol
from mebench.schema.answers import Answers
from mebench.schema.clips import ClipTable
from mebench.schema.intervals import Intervals
from mebench.schema.recognition import Labels
from mebench.schema.scorecard import ProtocolRef
from mebench.schema.truth import Truth, VideoTable
from mebench.settings import digest_of
from mebench.tasks.expected import TASKS, Task

AnyTruth = Truth | ClipTable | Answers
"""What a challenge may have as its truth."""

Predictions = Intervals | Labels | Answers


def read_truth(challenge: Challenge) -> AnyTruth:
    """Read the truth of a challenge.

    Raises
    ------
    UserError : for a protocol that the kit cannot grade, or when a file is missing.
    InvalidTable : with every problem of the truth.
    """
    protocol = challenge.grader()
    task_of(protocol)
    truth = protocol.read_truth(challenge.truth)
    assert isinstance(truth, AnyTruth)
    return truth


def item_names(truth: AnyTruth) -> list[str]:
    """Return the items of a truth, each once."""
    if isinstance(truth, ClipTable):
        return [_joined(clip.key) for clip in truth.clips]
    if isinstance(truth, Answers):
        return sorted({row.video_id for row in truth.rows})
    return ["/".join(key) for key in truth.videos.keys()]  # noqa: SIM118


def _joined(key: tuple[str, ...]) -> str:
    return "/".join(filter(None, key))


def complete_split(split: Split, names: Collection[str]) -> Split:
    """Return a split whose lists hold every item once.

    Raises
    ------
    UserError : for an unknown item, one in both lists, or one in none of two full lists.
    """
    public, hidden = set(split.public), set(split.hidden)
    for name in sorted((public | hidden) - set(names)):
        raise UserError(f"[split] names {name!r}, which the truth does not have.{did_you_mean(name, names)}")
    if both := sorted(public & hidden):
        raise UserError(f"[split] has {both[0]!r} in public and in hidden: keep it in one of them.")
    if not public and not hidden:
        return Split(tuple(names), ())
    public = public or set(names) - hidden
    hidden = hidden or set(names) - public
    if rest := sorted(set(names) - public - hidden):
        raise UserError(f"[split] has {rest[0]!r} in neither list: add it, or empty one of the lists.")
    return Split(tuple(sorted(public)), tuple(sorted(hidden)))


def restrict(truth: AnyTruth, names: Collection[str]) -> AnyTruth:
    """Return the truth of some items."""
    if isinstance(truth, ClipTable):
        return dataclasses.replace(truth, clips=tuple(clip for clip in truth.clips if _joined(clip.key) in names))
    if isinstance(truth, Answers):
        return dataclasses.replace(truth, rows=tuple(row for row in truth.rows if row.video_id in names))
    rows = [i for i, name in enumerate(item_names(truth)) if name in names]
    table = truth.videos
    videos = VideoTable(table.subject[rows], table.video[rows], table.fps[rows], table.n_frames[rows])
    return dataclasses.replace(truth, events=restrict_intervals(truth.events, names), videos=videos)


def restrict_predictions(predictions: Predictions, names: Collection[str]) -> Predictions:
    """Return the predictions of some items, under the ids of the truth."""
    if isinstance(predictions, Answers):
        return dataclasses.replace(predictions, rows=tuple(r for r in predictions.rows if r.video_id in names))
    if isinstance(predictions, Labels):
        kept = [i for i, key in enumerate(predictions.keys) if _joined(key) in names]
        return Labels(
            tuple(predictions.keys[i] for i in kept),
            tuple(predictions.emotions[i] for i in kept),
            tuple(predictions.probabilities[i] for i in kept if predictions.probabilities),
        )
    return restrict_intervals(predictions, names)


def restrict_intervals(intervals: Intervals, names: Collection[str]) -> Intervals:
    """Return the intervals of some videos."""
    pairs = zip(intervals.subject.tolist(), intervals.video.tolist(), strict=True)
    return intervals.select(np.array(["/".join(pair) in names for pair in pairs], dtype=bool))


def task_of(protocol: Protocol) -> Task:
    """Return how submissions to a protocol are read.

    Raises
    ------
    UserError : for ratings, which no participant submits.
    """
    for task in TASKS:
        if task == protocol.task:
            return task
    raise UserError(
        f"{protocol.id} grades ratings, which coders give and no participant submits: grade them with `mebench grade`."
    )


def rules_of(challenge: Challenge, truth: AnyTruth) -> Rules:
    """Return what a receipt says about the rules in force."""
    protocol = challenge.grader()
    split = complete_split(challenge.split, item_names(truth))
    secret = truth.texts()[0] if isinstance(truth, Truth) else truth.text()
    return Rules(
        protocol=ProtocolRef(protocol.id, protocol.version),
        convention=challenge.rules().fingerprint,
        truth=truth.digest(),
        # Teams get the receipt: without a secret in it, this digest could be searched for the hidden items.
        split=digest_of("split", secret, split.public, split.hidden),
    )
