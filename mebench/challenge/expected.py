"""What a challenge says in public: which videos, clips or questions there are, and which labels may be used."""

from __future__ import annotations

import dataclasses
from typing import Literal

from mebench.schema.truth import VideoTable

Task = Literal["spotting", "str", "recognition", "vqa"]
"""Spotting; spot-then-recognise; recognition of clips; visual question answering."""

TASKS: tuple[Task, ...] = ("spotting", "str", "recognition", "vqa")

Clip = tuple[str, str, str]
"""Database, subject, clip."""

Question = tuple[str, str]
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
    """

    videos: VideoTable | None = None
    clips: tuple[Clip, ...] | None = None
    questions: tuple[Question, ...] | None = None
    emotions: tuple[str, ...] | None = None
    untyped: Literal["micro", "duration"] = "duration"
