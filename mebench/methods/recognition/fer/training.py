"""Training of the body with either head."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from mebench.methods.recognition.fer.config import FerConfig
from mebench.methods.recognition.fer.network import Changes, FerNetwork, changed
from mebench.methods.recognition.flow_networks.training import Examples, PictureTrainer, Rows, logits_of
from mebench.schema.label_maps import FER_VALENCE


class FerTrainer(PictureTrainer):
    """Trains on changed faces by cross-entropy: `fer_classification`.

    Parameters
    ----------
    config : settings of the changes.
    arguments, more : those of `PictureTrainer`.
    """

    def __init__(self, config: FerConfig, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.config = config

    def logits(self, batch: Rows, random: np.random.Generator) -> torch.Tensor:
        """Return what the network says of changed faces, (n, outputs)."""
        assert isinstance(self.net, FerNetwork)
        changes = Changes.drawn(len(batch), self.config, random)
        return self.net.said_of(changed(self.pictures[torch.from_numpy(batch)], changes))


class RegressionTrainer(FerTrainer):
    """Trains by the squared error from the targets of the classes: `fer_regression`."""

    def costs(self, logits: torch.Tensor, batch: Rows) -> torch.Tensor:
        """Return the squared error of each still, (n,); with weights its mean is the weighted mean."""
        return _errors(logits, self.classes[torch.from_numpy(batch)], self.weights)

    def held_out_loss(self, examples: Examples) -> float:
        """Return the mean squared error on stills that nobody learns from."""
        said = torch.from_numpy(logits_of(self.net, examples.pictures))
        weights = None if self.weights is None else self.weights.cpu()
        return float(_errors(said, torch.from_numpy(examples.classes), weights).mean())


def targets_of(classes: Sequence[int] | torch.Tensor) -> torch.Tensor:
    """Return 0, .5 and 1 for negative, neutral and positive, float32 (n,)."""
    rows = torch.as_tensor(classes)
    return torch.tensor(FER_VALENCE.targets, dtype=torch.float32, device=rows.device)[rows]


def _errors(said: torch.Tensor, classes: torch.Tensor, weights: torch.Tensor | None) -> torch.Tensor:
    errors = (said[:, 0] - targets_of(classes)).square()
    if weights is None:
        return errors
    each = weights[classes]
    return errors * each / each.mean()
