"""What recognisers by a network on flow have in common; an architecture adds its network and its settings.

Conventions
-----------
Nothing is chosen on tested people: the last of a published number of epochs is kept, or, where a paper validates, the
epoch with the lowest loss on held-out people.
"""

from __future__ import annotations

import abc
import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from mebench.errors import UserError
from mebench.faces.clip_inputs.flows import apex_flow
from mebench.faces.clip_inputs.key_frames import apex_notes
from mebench.faces.clip_inputs.views import FlowView
from mebench.methods.base import RunContext
from mebench.methods.nets.best_tested import best_on_tested
from mebench.methods.nets.early_stopping import HeldOut
from mebench.methods.nets.optimisers import make_optimiser
from mebench.methods.nets.position import Loop
from mebench.methods.nets.reproducible import reproducible, seed_of
from mebench.methods.nets.supervised import single
from mebench.methods.nets.weights import arrays_of, restore, weights_in, with_other_last
from mebench.methods.recognition.base import Recogniser
from mebench.methods.recognition.flow_networks.config import StagedTraining, TrainingSettings
from mebench.methods.recognition.flow_networks.pictures import Floats, channels_first, scaled
from mebench.methods.recognition.flow_networks.training import Examples, PictureTrainer, logits_of
from mebench.methods.stages import Stage, stages
from mebench.schema.recordings import Clip

_STATE_SECONDS = 20.0


class NetworkRecogniser(Recogniser):
    """A recogniser by a network.

    Class attributes
    ----------------
    side : size of the maps of flow, in px.
    channels : maps that it looks at: 2 for u and v, 3 with the strain.
    smallest_batch : a shorter last batch is left out; 2 for networks with batch normalisation.
    """

    side: ClassVar[int] = 28
    channels: ClassVar[int] = 3
    smallest_batch: ClassVar[int] = 1

    def __init__(self, config: TrainingSettings) -> None:
        super().__init__(config)
        self.config: TrainingSettings = config
        self.net: nn.Module | None = None
        self.count = 0

    # -- what an architecture defines -----------------------------------------------------------------------------

    @abc.abstractmethod
    def network(self, classes: int) -> nn.Module:
        """Return the network with fresh weights."""

    def begun(self, net: nn.Module) -> None:
        """Put weights into the network that it begins with, where it does not begin by chance."""

    def picture(self, clip: Clip, context: RunContext) -> NDArray[Any]:
        """Return what the network sees of a clip: by default its maps, (channels, side, side), scaled."""
        maps = self.maps(clip, context)
        return channels_first(scaled(maps) if self.config_for(clip).scale == "clip" else maps)

    def maps(self, clip: Clip, context: RunContext) -> Floats:
        """Return the maps of a clip in px of flow, (side, side, channels): those of `apex_flow`."""
        return apex_flow(clip, context.cache, self.view(clip))[..., : self.channels]

    def optimiser(self, net: nn.Module) -> tuple[Optimizer, LRScheduler | None]:
        """Return the optimiser and its schedule, Adam at a constant rate."""
        rate, decay = self.config.learning_rate, self.config.weight_decay
        return make_optimiser("adam", net.parameters(), rate, weight_decay=decay, fused=True), None

    def trainer_class(self, device: str) -> Callable[..., PictureTrainer]:
        """Return how the network is trained on a device."""
        return PictureTrainer

    # -- training -------------------------------------------------------------------------------------------------

    def view(self, clip: Clip) -> FlowView:
        """Return how the flow of a clip is shown."""
        return FlowView.of(self.config_for(clip), size=self.side)

    def loop(self) -> Loop:
        """Return how long the training is."""
        config = self.config
        return Loop(config.epochs, config.batch_size, self.smallest_batch, epoch_seconds=_STATE_SECONDS)

    def class_weights(self, examples: Examples) -> Floats | None:
        """Return the weights of the classes, where the settings ask for them."""
        return examples.weights(self.count) if self.config.class_weights == "balanced" else None

    def prepare(self, clip: Clip, context: RunContext) -> None:
        """Compute what the network sees of a clip."""
        self.picture(clip, context)

    def notes(self, recording: Clip) -> tuple[str, ...]:
        """Tell of an apex that is spotted."""
        return apex_notes(recording, self.config_for(recording))

    def fit(self, train: Sequence[Clip], validation: Sequence[Clip], context: RunContext) -> None:
        """Train the network on the clips of the protocol's classes, in two stages where the settings know them.

        Raises
        ------
        UserError : when there is nothing to train on, or the loss stops being a number.
        """
        net: nn.Module | None = None
        with reproducible(seed_of(context.rng(self.id, "torch"))):
            for number, stage in enumerate(parts := self.parts(train, context)):
                here = dataclasses.replace(context, classes=stage.classes)
                net = self._begin(net, len(stage.classes), afresh=number == 0 or parts[0].classes != stage.classes)
                is_last = number == len(parts) - 1 and getattr(self.config, "fine_tune", True)
                self._train(net.to(context.device), stage.recordings, validation, here, is_last=is_last)
        self.net = net

    def parts(self, train: Sequence[Clip], context: RunContext) -> tuple[Stage[Clip], ...]:
        """Return the stages of learning: one, unless the settings are `StagedTraining` and the run has a first one."""
        if isinstance(self.config, StagedTraining):
            return stages(train, context, self.config)
        return (Stage(tuple(train), context.classes),)

    def _begin(self, before: nn.Module | None, classes: int, *, afresh: bool) -> nn.Module:
        """Return the network of a stage: fresh, or that of the stage before, with a new last layer for other labels."""
        self.count = classes
        if before is not None and not afresh:
            return before
        net = self.network(classes)
        if before is None:
            self.begun(net)
            return net
        return with_other_last(net, before)

    def _train(
        self, net: nn.Module, train: Sequence[Clip], validation: Sequence[Clip], context: RunContext, *, is_last: bool
    ) -> None:
        """Train a network on the clips of one stage."""
        examples = self.examples(train, context)
        held_out = self.examples(validation, context) if self.validation == "held_out" else None
        loop, name, chosen = self.loop(), "training", self.chosen(net, context) if is_last else ()
        if isinstance(self.config, StagedTraining) and not is_last:
            loop, name = dataclasses.replace(loop, epochs=self.config.first_epochs), "first"
            context.log({"event": "first_stage", "clips": len(examples), "classes": list(context.classes)})
        trainer = self.trainer_class(context.device)(
            single(net, *self.optimiser(net)), examples, loop, context, self.id,
            shuffle=self.config.shuffle, weights=self.class_weights(examples), held_out=held_out, chosen=chosen,
            name=name,
        )  # fmt: skip
        trainer.run()
        if held_out is not None or chosen:
            what = "the highest accuracy on TESTED clips" if chosen else "the lowest validation loss"
            context.log({"event": "kept_epoch", "epoch": trainer.keep_best(), "of": what})

    def tuned_on_test(self) -> str:
        """Say that the epoch was chosen on tested clips, where the setting `legacy` asks for it."""
        return f"the epoch of {self.id} was chosen on the tested clips" if getattr(self.config, "legacy", False) else ""

    def chosen(self, net: nn.Module, context: RunContext) -> Sequence[HeldOut]:
        """Return the accuracy on the tested clips, which a run hands out under `legacy` alone; else nothing."""
        return best_on_tested(
            lambda clips: logits_of(net, np.stack([self.picture(clip, context) for clip in clips])), context
        )

    def examples(self, clips: Sequence[Clip], context: RunContext) -> Examples:
        """Return the pictures of the clips that have one of the classes, and say how many have not."""
        known = [clip for clip in clips if clip.emotion in context.classes]
        if not known:
            raise UserError(
                f"{self.id} has no training or validation clip with one of the classes "
                f"{', '.join(context.classes)}: give a dataset of at least three people with these emotions."
            )
        if len(known) < len(clips):
            context.log({"event": "other_emotions", "clips": len(clips) - len(known), "effect": "not learnt from"})
        classes = np.array([context.classes.index(clip.emotion) for clip in known], np.int64)
        return Examples(self.pictures(known, context), classes)

    def pictures(self, clips: Sequence[Clip], context: RunContext) -> NDArray[Any]:
        """Return what the network sees of clips in training, (n, ...)."""
        return np.stack([self.picture(clip, context) for clip in clips])

    # -- recognition ----------------------------------------------------------------------------------------------

    def recognise(self, clip: Clip, context: RunContext) -> Sequence[float]:
        """Return the probability of each class.

        Raises
        ------
        UserError : when the method has not been trained, or on other classes.
        """
        net = self.require_trained(context)
        with reproducible():
            logits = logits_of(net.to(context.device), self.picture(clip, context)[None])[0]
        return cast(list[float], torch.from_numpy(logits).double().softmax(0).tolist())

    def require_trained(self, context: RunContext) -> nn.Module:
        """Return the network.

        Raises
        ------
        UserError : when the method has not been trained, or on other classes.
        """
        if self.net is None:
            raise UserError(f"{self.id} has not been trained: run it on a dataset first, or give --run DIR.")
        if self.count != len(context.classes):
            raise UserError(
                f"{self.id} was trained on {self.count} classes and is asked for {len(context.classes)}: "
                "train it under the same protocol."
            )
        return self.net

    # -- state ----------------------------------------------------------------------------------------------------

    def state(self) -> dict[str, NDArray[Any]]:
        """Return the weights (`net.*`) and the number of classes."""
        weights = {} if self.net is None else arrays_of(self.net, "net.")
        return {**weights, "classes": np.array([self.count])}

    def load_state(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Load what `state` returned.

        Raises
        ------
        UserError : when the arrays are not those of this method.
        """
        try:
            (count,) = (int(number) for number in state["classes"])
            net = restore(self.network(count), weights_in(state, "net."))
        except (KeyError, RuntimeError, ValueError) as error:
            raise UserError(
                f"The checkpoint does not fit {self.id}: use one that {self.id} has written, of this version."
            ) from error
        self.net, self.count = net, count
