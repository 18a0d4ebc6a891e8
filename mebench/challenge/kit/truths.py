"""The truth of a challenge: read, split, and reduced to what participants may know.

Conventions
-----------
A video is written `subject/video`. Public and hidden videos are disjoint and together all videos of the truth.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection

import numpy as np

from mebench.challenge.expected import TASKS, Expected, Task
from mebench.challenge.kit.config import Challenge, Split
from mebench.challenge.kit.receipt import Rules
from mebench.errors import UserError, did_you_mean
from mebench.protocols.base import Protocol
from mebench.schema.intervals import Intervals
from mebench.schema.scorecard import ProtocolRef
from mebench.schema.truth import Truth, VideoTable
from mebench.settings import digest_of


def video_names(videos: VideoTable) -> list[str]:
    """Return the videos as `subject/video`."""
    return ["/".join(key) for key in videos.keys()]  # noqa: SIM118


def complete_split(split: Split, videos: VideoTable) -> Split:
    """Return a split whose lists hold every video once.

    Raises
    ------
    UserError : for an unknown video, one in both lists, or one in none of two full lists.
    """
    names = video_names(videos)
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


def restrict(truth: Truth, names: Collection[str]) -> Truth:
    """Return the truth of some videos."""
    rows = [i for i, name in enumerate(video_names(truth.videos)) if name in names]
    table = truth.videos
    videos = VideoTable(table.subject[rows], table.video[rows], table.fps[rows], table.n_frames[rows])
    return dataclasses.replace(truth, events=restrict_intervals(truth.events, names), videos=videos)


def restrict_intervals(intervals: Intervals, names: Collection[str]) -> Intervals:
    """Return the intervals of some videos."""
    pairs = zip(intervals.subject.tolist(), intervals.video.tolist(), strict=True)
    return intervals.select(np.array(["/".join(pair) in names for pair in pairs], dtype=bool))


def task_of(protocol: Protocol) -> Task:
    """Return how submissions to a protocol are read.

    Raises
    ------
    UserError : for a protocol whose truth is no folder of intervals.
    """
    for task in TASKS:
        if task == protocol.task and task in ("spotting", "str"):
            return task
    raise UserError(
        f"{protocol.id} is for {protocol.task}; the challenge kit grades spotted intervals: choose such a protocol."
    )


def expected(videos: VideoTable) -> Expected:
    """Return the public lists that submissions are held against."""
    return Expected(videos=videos)


def rules_of(challenge: Challenge, truth: Truth) -> Rules:
    """Return what a receipt says about the rules in force."""
    protocol = challenge.grader()
    split = complete_split(challenge.split, truth.videos)
    return Rules(
        protocol=ProtocolRef(protocol.id, protocol.version),
        convention=challenge.rules().fingerprint,
        truth=truth.digest(),
        # Teams get the receipt: without the secret events in it, this digest could be searched for the hidden videos.
        split=digest_of("split", truth.texts()[0], split.public, split.hidden),
    )
