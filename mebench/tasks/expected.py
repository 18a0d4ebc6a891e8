"""The public side of a truth: which videos, clips or questions there are, and which labels may be used."""

from __future__ import annotations

import dataclasses
from typing import Literal

from mebench.schema.truth import VideoTable

ClipKey = tuple[str, str, str]
"""Database, subject, clip."""

QuestionKey = tuple[str, str]
"""Video id and question."""


@dataclasses.dataclass(frozen=True)
class Expected:
    """The public side of a truth; whatever is None is not checked.

    Attributes
    ----------
    videos : every scored video with its length.
    clips : every clip to be recognised.
    questions : every question to be answered.
    emotions : the labels of the protocol, in lower case.
    untyped : how a log file without types is read: `micro`, or `duration` (at most 0.5 s is micro).
    outside : what the rules do with intervals that reach outside their video, `keep` or `clip`; empty where no rules
        are known.
    """

    videos: VideoTable | None = None
    clips: tuple[ClipKey, ...] | None = None
    questions: tuple[QuestionKey, ...] | None = None
    emotions: tuple[str, ...] | None = None
    untyped: Literal["micro", "duration"] = "duration"
    outside: str = ""
