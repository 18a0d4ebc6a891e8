"""Expressions of whole videos by models that learnt from stills (thesis chapter 7, Tables 7.1 and 7.2).

A model learns from labelled stills (`--train fer2013 --train ckplus ...`) and is tested on videos, each of which is
negative or positive. It may also say neutral, which is wrong. The accuracy of a class is the share of its videos that
are named rightly, which is its recall; the overall accuracy is that of all videos. How a model that looks at frames
names a video is declared by the method, see `methods.recognition.video_label`.

Negative is anger, contempt, disgust, fear and sadness, positive is happiness; in training, neutral and surprise are
neutral. Of the tested videos those that are neutral or surprised are left out, for the thesis has none (10 negative and
10 positive ones of MUG and MMI; of generated ones 13 and 7 by a coder). Which videos of MUG and MMI these were is not
published, so no set is official.
"""

from __future__ import annotations

import dataclasses

from mebench.protocols.rules.recognition import RecognitionProtocol
from mebench.schema.clips import ClipTable
from mebench.schema.label_maps import FER_VALENCE
from mebench.schema.recordings import Clip, Recording

_NEVER_TRUE = "neutral"


class FerVideo(RecognitionProtocol):
    """Negative and positive videos, recognised by models that learnt elsewhere; accuracy in full and of each class."""

    id = "fer-video"
    summary = (
        "negative and positive videos by models trained on stills (--train): accuracy in full, recall of each class"
    )
    sources = (
        "thesis chapter 7, Tables 7.1 and 7.2",
        "what a video of neutral frames counts as: mebench's choice, wrong",
    )
    classes = FER_VALENCE.classes
    ranking = ("accuracy", "full")
    unseen = True

    def class_of(self, emotion: str) -> str | None:
        """Return negative or positive for the emotion of a tested video, or None for one that is neither."""
        label = FER_VALENCE.class_of(emotion) or (emotion if emotion in self.classes else None)
        return None if label == _NEVER_TRUE else label

    def admit_training(self, recording: Recording) -> Recording | None:
        """Return a still or clip to learn from with one of the three classes, or None for one without."""
        assert isinstance(recording, Clip)
        label = FER_VALENCE.class_of(recording.emotion) or recording.emotion
        return dataclasses.replace(recording, emotion=label) if label in self.classes else None

    def official_reason(self, truth: ClipTable) -> str:
        """Return why the videos are not those of the thesis: no list of them is published."""
        return f"it has {len(truth.clips)} videos; the thesis has 20 and does not list them"
