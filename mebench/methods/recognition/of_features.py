"""A recogniser by fixed features of a clip and linear machines: what is common to those of that kind.

Conventions
-----------
The features of a clip depend on the clip and the settings alone, never on other clips, and are kept in the store of
prepared frames: folds, processes and later runs find them there. What is learnt, and the scaling, come from training
clips. In memory are the features of the training clips, some ten kB each, and never their frames.
"""

from __future__ import annotations

import abc
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.faces.clip_inputs import CropSettings, apex_notes
from mebench.methods.base import RunContext
from mebench.methods.recognition.base import Recogniser
from mebench.methods.recognition.linear import LinearMachines, SvmSettings
from mebench.schema.recordings import Clip


class FeatureRecogniser(Recogniser):
    """Features of a clip, and one linear machine for each pair of classes; `config` is a `SvmSettings`."""

    config: SvmSettings

    def __init__(self, config: SvmSettings) -> None:
        super().__init__(config)
        self.machines: LinearMachines | None = None

    @abc.abstractmethod
    def key(self, clip: Clip, context: RunContext) -> str:
        """Return the digest of all that the features of a clip depend on: its frames, settings, and their version."""

    @abc.abstractmethod
    def compute(self, clip: Clip, context: RunContext) -> NDArray[np.float32]:
        """Return the features of a clip, float32 (d,)."""

    def features(self, clip: Clip, context: RunContext) -> NDArray[np.float32]:
        """Return the features of a clip, float32 (d,), computed when they are not in the store."""
        return context.cache.array(self.key(clip, context), self.id, lambda: self.compute(clip, context))

    def prepare(self, recording: Clip, context: RunContext) -> None:
        """Compute the features of one clip."""
        self.features(recording, context)

    def fit(self, train: Sequence[Clip], validation: Sequence[Clip], context: RunContext) -> None:
        """Learn from the training clips; those of no class of the protocol are left out, and counted in the log.

        Raises
        ------
        UserError : when no training clip has a class of the protocol.
        """
        place = {label: i for i, label in enumerate(context.classes)}
        known = [clip for clip in train if clip.emotion in place]
        if not known:
            raise UserError(f"No training clip has one of the classes {', '.join(context.classes)}: check the dataset.")
        features = np.stack([self.features(clip, context) for clip in known])
        labels = np.array([place[clip.emotion] for clip in known], np.int64)
        self.machines = LinearMachines.fit(features, labels, self.config)
        right = self.machines.probabilities(features, len(place)).argmax(axis=1) == labels
        context.log(
            {
                "clips": len(known),
                "clips_without_class": len(train) - len(known),
                "clips_of_class": {label: int((labels == i).sum()) for label, i in place.items()},
                "features": features.shape[1],
                "training_accuracy": float(right.mean()),
            }
        )

    def recognise(self, clip: Clip, context: RunContext) -> list[float]:
        """Return the probability of each class.

        Raises
        ------
        UserError : when nothing was learnt before.
        """
        if self.machines is None:
            raise UserError(f"{self.id} has learnt nothing yet: run it on a dataset first.")
        features = self.features(clip, context)[None]
        found: list[float] = self.machines.probabilities(features, len(context.classes))[0].tolist()
        return found

    def state(self) -> dict[str, NDArray[Any]]:
        """Return weights, biases and scaling; see `LinearMachines`."""
        return {} if self.machines is None else self.machines.state()

    def load_state(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Load what `state` returned."""
        self.machines = LinearMachines.of_state(state)


def motion_notes(clip: Clip, settings: CropSettings) -> tuple[str, ...]:
    """Return what to know of a clip that is looked at from onset to apex: how the apex is found, that nothing moves."""
    if clip.n_frames == 1 or clip.apex == max(clip.onset, 1):
        return ("Its apex is its onset: nothing moves between them, and its features are all 0.",)
    return apex_notes(clip, settings)
