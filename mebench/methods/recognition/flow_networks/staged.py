"""Recognisers by a network that learn in two stages, see `methods.stages`: those of MiE-X.

Conventions
-----------
What `--train` and `--also` name is learnt from first, for fewer epochs; where it has other classes, the last layer
begins anew. The last epoch is kept; `legacy=true` keeps the first epoch with the highest accuracy on the tested clips,
and the card says so.
"""

from __future__ import annotations

import abc
import dataclasses
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from torch import nn

from mebench.methods.base import RunContext
from mebench.methods.nets.best_tested import best_on_tested
from mebench.methods.nets.reproducible import reproducible, seed_of
from mebench.methods.recognition.flow_networks.config import TrainingSettings
from mebench.methods.recognition.flow_networks.method import NetworkRecogniser
from mebench.methods.recognition.flow_networks.training import logits_of
from mebench.methods.stages import StageSettings, stages
from mebench.schema.recordings import Clip
from mebench.settings import setting

PAPER = "Liu 2022"
PROGRAM = "Liu 2022, program"


@dataclasses.dataclass(frozen=True)
class StagedTraining(StageSettings, TrainingSettings):
    """How a network is trained in two stages."""

    first_epochs: int = setting(30, "epochs on what is learnt from first", unit="epochs", source=PAPER)
    legacy: bool = setting(
        False, "whether the epoch is kept that is best on the tested clips, which nobody may do", source=PROGRAM
    )


class StagedRecogniser(NetworkRecogniser):
    """A recogniser by a network that learns in two stages; `config` is a `StagedTraining`."""

    config: StagedTraining

    @abc.abstractmethod
    def last_layer(self, net: nn.Module) -> tuple[nn.Module, str]:
        """Return the module that holds the dense layer which tells the classes apart, and that layer's name in it."""

    def tuned_on_test(self) -> str:
        """Say that the epoch was chosen on tested clips, where `legacy` asks for it."""
        return f"the epoch of {self.id} was chosen on the tested clips" if self.config.legacy else ""

    def fit(self, train: Sequence[Clip], validation: Sequence[Clip], context: RunContext) -> None:
        """Train in one stage or two; see the module's conventions.

        Raises
        ------
        UserError : when there is nothing to learn from, or the loss stops being a number.
        """
        self.count = len(context.classes)
        found = stages(train, context, self.config)
        with reproducible(seed_of(context.rng(self.id, "torch"))):
            net = self.network(len(found[0].classes) if found else self.count)
            self.begun(net)
            for stage in found[:-1]:
                examples = self.examples(stage.recordings, stage.classes, context)
                first = dataclasses.replace(self.loop(), epochs=self.config.first_epochs)
                context.log({"event": "stage", "stage": "first", "clips": len(examples), "classes": stage.classes})
                self.trained(net, examples, first, context, name="first")
                if stage.classes != context.classes:
                    self._renew(net)
            self._learn_last(net, found[-1].recordings if found else (), context)
        self.net = net

    def _renew(self, net: nn.Module) -> None:
        """Begin the last layer anew, for the protocol's classes."""
        holder, name = self.last_layer(net)
        before = getattr(holder, name)
        assert isinstance(before, nn.Linear)
        setattr(holder, name, nn.Linear(before.in_features, self.count).to(before.weight.device))

    def _learn_last(self, net: nn.Module, clips: Sequence[Clip], context: RunContext) -> None:
        """Train on the protocol's classes; keep the last epoch, or under `legacy` the best on the tested clips."""
        examples = self.examples(clips, context.classes, context)
        scored = tuple(clip for clip in context.scored if clip.emotion in context.classes)
        chosen = best_on_tested(lambda tested: self._said(net, tested, context), context) if scored else ()
        trainer = self.trained(net, examples, self.loop(), context, chosen=chosen)
        if chosen:
            context.log({"event": "kept_epoch", "epoch": trainer.keep_best(), "of": "the best on the TESTED clips"})

    def _said(self, net: nn.Module, clips: Sequence[Clip], context: RunContext) -> NDArray[np.float32]:
        return logits_of(net, np.stack([self.picture(clip, context) for clip in clips]))
