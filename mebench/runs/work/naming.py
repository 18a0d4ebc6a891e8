"""The emotion of a spotted interval: it is cut out as a clip, and recognisers are asked.

Conventions
-----------
The clip begins with the onset and ends with the offset; nobody has annotated its apex, so a recogniser that looks at
one spots it. Several models are averaged, see `ensembling`. An interval of fewer than `LEAST` frames, or one in which
no face is found, has no emotion, and why is said.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from mebench.errors import NoFace
from mebench.frames.parts import cut_clip
from mebench.methods.base import RunContext
from mebench.runs.work.ensembling import mean_probabilities
from mebench.runs.work.recognition import Recognises, checked_probabilities
from mebench.schema.recordings import Clip, Video

LEAST = 3
"""Frames of the shortest interval that is recognised: onset, apex and offset are three."""


@dataclasses.dataclass(frozen=True)
class Named:
    """What recognisers say of an interval.

    Attributes
    ----------
    probabilities : of each class; empty where nothing can be said.
    why : why nothing can be said, a few words; else empty.
    clip : what was looked at; None where nothing was.
    """

    probabilities: Mapping[str, float] = dataclasses.field(default_factory=dict)
    why: str = ""
    clip: Clip | None = None

    @property
    def emotion(self) -> str:
        """The most probable class, the first of equal ones; empty where nothing can be said."""
        return max(self.probabilities, key=self.probabilities.__getitem__, default="")


def name_interval(models: Sequence[Recognises], video: Video, onset: int, offset: int, context: RunContext) -> Named:
    """Let recognisers tell the emotion of an interval.

    Parameters
    ----------
    models : trained for `context.classes`; at least one.
    onset, offset : frame numbers of the video, from 1.

    Raises
    ------
    UserError : when frames cannot be read, or a recogniser does not keep what its base class promises.
    """
    frames = min(offset, video.n_frames) - max(onset, 1) + 1
    if frames < LEAST:
        return Named(why=f"shorter than {LEAST} frames")
    clip = cut_clip(video, onset, offset)
    try:
        answers = [
            checked_probabilities(model, clip, model.recognise(clip, context), context.classes) for model in models
        ]
    except NoFace:
        return Named(why="no face was found")
    return Named(mean_probabilities(answers), clip=clip)
