"""Histograms of oriented gradients of the apex and a linear machine: what a still face tells, and its change.

No paper defines this recogniser: it is the plain descriptor of Dalal and Triggs (CVPR 2005) as `mebench.faces.hog` has
it, on the one frame that the field looks at first. A still face is mostly the person, not the expression, so that by
default the descriptor of the onset is taken off; `of=apex` shows what is left without that. C was chosen on rendered
faces of another seed than those that are scored.
"""

from __future__ import annotations

import dataclasses
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mebench.faces.clip_inputs import ApexSettings, FaceView, apex_notes, face_at, key_frames
from mebench.faces.clip_inputs.crops import faces_key
from mebench.faces.geometry import SIZE
from mebench.faces.hog import hog
from mebench.methods.base import RunContext
from mebench.methods.recognition.linear import SCALE, SvmSettings
from mebench.methods.recognition.of_features import FeatureRecogniser, motion_notes
from mebench.schema.recordings import Clip
from mebench.settings import digest_of, setting

_VERSION = "1"


@dataclasses.dataclass(frozen=True)
class ApexHogConfig(SvmSettings, ApexSettings):
    """Settings of `apex_hog_svm`; all are mebench's choice."""

    c: float = setting(0.1, "penalty of clips on the wrong side of the margin, C")
    scale: Literal["none", "standard"] = setting("none", SCALE)
    of: Literal["change", "apex"] = setting(
        "change", "whose gradients: those of the apex without those of the onset, or those of the apex"
    )

    def __post_init__(self) -> None:
        """Refuse settings that are refused elsewhere."""
        ApexSettings.__post_init__(self)
        SvmSettings.__post_init__(self)


class ApexHogSvm(FeatureRecogniser):
    """Oriented gradients of the apex, without those of the onset, and a linear machine.

    No paper defines it: a plain descriptor on the frame that the field looks at first. `of=apex` leaves the onset in.
    """

    id = "apex_hog_svm"
    Config = ApexHogConfig

    def key(self, clip: Clip, context: RunContext) -> str:
        """Return the digest of what the features depend on."""
        config: ApexHogConfig = self.config_for(clip)
        found = key_frames(clip, context.cache, config)
        faces = faces_key(clip, context.cache, _view(config))
        return digest_of(self.id, _VERSION, faces, found.onset, found.apex, config.of)

    def compute(self, clip: Clip, context: RunContext) -> NDArray[np.float32]:
        """Return the gradients of one clip."""
        config: ApexHogConfig = self.config_for(clip)
        found = key_frames(clip, context.cache, config)
        indices = [found.apex, found.onset] if config.of == "change" else [found.apex]
        gradients = hog(np.stack([face_at(clip, context.cache, _view(config), i) for i in indices]))
        return gradients[0] - gradients[1] if config.of == "change" else gradients[0]

    def notes(self, recording: Clip) -> tuple[str, ...]:
        """Say how the apex is found where it is not annotated, and where nothing changes."""
        config: ApexHogConfig = self.config_for(recording)
        return (motion_notes if config.of == "change" else apex_notes)(recording, config)


def _view(config: ApexHogConfig) -> FaceView:
    return FaceView.of(config, size=SIZE)
