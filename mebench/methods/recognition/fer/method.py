"""fer_classification and fer_regression: is the expression of a frame negative, neutral or positive (thesis chapter 7)?

Both learn from labelled stills, or from the apex of clips, and are asked about every frame of a video. Negative is
anger, contempt, disgust, fear and sadness, neutral is neutral and surprise, positive is happiness.

    fer_classification   3 outputs, softmax, cross-entropy; a negative still counts 3, a neutral 2, a positive 1
    fer_regression       1 output, linear, mean squared error from 0 (negative), .5 (neutral) and 1 (positive)

Conventions
-----------
Raw outputs are used as they are. How they make the label of a video is declared in `video_label`. The probabilities of
the classification say how sure it is, not how strong an expression is: two faces of one class, a weak and a strong one,
may have the same. The output of the regression lies between the classes and moves from one to the other; it was not
taught an intensity either, and how far it follows one is to be measured. The text neither says when training ends nor
what is validated on; here people are held out of those who are learnt from, and the epoch with the lowest loss on them
is kept.
"""

from __future__ import annotations

import abc
import functools
import tempfile
from collections.abc import Callable, Sequence
from typing import ClassVar, Literal, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from mebench.errors import UserError
from mebench.faces.clip_inputs.crops import clip_faces
from mebench.faces.clip_inputs.key_frames import apex_face
from mebench.faces.clip_inputs.views import FaceView
from mebench.methods.base import RunContext
from mebench.methods.nets.position import Loop
from mebench.methods.nets.reproducible import reproducible
from mebench.methods.recognition.fer.config import FerClassificationConfig, FerConfig
from mebench.methods.recognition.fer.network import FerNetwork
from mebench.methods.recognition.fer.training import FerTrainer, RegressionTrainer
from mebench.methods.recognition.flow_networks.method import NetworkRecogniser
from mebench.methods.recognition.flow_networks.pictures import Floats
from mebench.methods.recognition.flow_networks.training import Examples, PictureTrainer, logits_of
from mebench.methods.recognition.frame_recogniser import FrameRecogniser
from mebench.methods.recognition.video_label import label_of_frames, label_of_outputs
from mebench.schema.label_maps import FER_VALENCE
from mebench.schema.recordings import Clip

_CHUNK = 1024
_STATE_SECONDS = 20.0
_CROPS = {id: {"crop": "whole"} for id in ("fer2013", "affectnet", "ffhq")}
"""Sets of pictures that are cut to the face already."""


class FerRecogniser(NetworkRecogniser, FrameRecogniser):
    """One body; a subclass is a head."""

    config: FerConfig
    paper: ClassVar[str] = "thesis chapter 7"
    validation: ClassVar[Literal["none", "pair", "held_out"]] = "held_out"
    presets = {**_CROPS, "synth_fer": {"crop": "whole", "size": 48}, "synth_macro": {"size": 48}}
    outputs: ClassVar[int]
    trainer: ClassVar[type[FerTrainer]]

    @abc.abstractmethod
    def outputs_of(self, said: Floats) -> NDArray[np.float64]:
        """Return the outputs of frames as `frame_outputs` promises them, of what the network says, (n, outputs)."""

    # -- training -------------------------------------------------------------------------------------------------

    def network(self, classes: int) -> nn.Module:
        """Return the network with fresh weights."""
        return FerNetwork(self.outputs, self.config)

    def loop(self) -> Loop:
        """Return how long the training is."""
        config = self.config
        return Loop(config.epochs, config.batch_size, patience=config.patience, epoch_seconds=_STATE_SECONDS)

    def trainer_class(self, device: str) -> Callable[..., PictureTrainer]:
        """Return the training on changed faces."""
        return functools.partial(self.trainer, self.config)

    def fit(self, train: Sequence[Clip], validation: Sequence[Clip], context: RunContext) -> None:
        """Train the network on labelled stills, and on the apex of clips.

        Raises
        ------
        UserError : when the classes are not negative, neutral and positive, or there is nothing to train on.
        """
        self._require_classes(context)
        super().fit(train, validation, context)

    def _require_classes(self, context: RunContext) -> None:
        if context.classes != FER_VALENCE.classes:
            raise UserError(
                f"{self.id} tells {', '.join(FER_VALENCE.classes)} apart, not {', '.join(context.classes)}: "
                "give --protocol fer-video."
            )

    def view_of(self, clip: Clip) -> FaceView:
        """Return how the faces of a clip are shown: cut out as its dataset asks, all of one size."""
        return FaceView.of(self.config_for(clip), size=self.config.size)

    def picture(self, clip: Clip, context: RunContext) -> NDArray[np.uint8]:
        """Return what is learnt of a clip: the still, or its apex, (side, side)."""
        return apex_face(clip, context.cache, self.view_of(clip))

    def pictures(self, clips: Sequence[Clip], context: RunContext) -> NDArray[np.uint8]:
        """Return what is learnt of clips, (n, side, side), in a file without a name: AffectNet does not fit memory."""
        shape = (len(clips), self.config.size, self.config.size)
        with tempfile.TemporaryFile() as file:
            made = np.memmap(file, np.uint8, "w+", shape=shape)
        for row, clip in enumerate(clips):
            made[row] = self.picture(clip, context)
        return made

    def prepare(self, clip: Clip, context: RunContext) -> None:
        """Cut out what is learnt from a clip, or all faces of one that is tested."""
        if clip.n_frames == 1 or context.only_learnt_from(clip):
            self.picture(clip, context)
        else:
            clip_faces(clip, context.cache, self.view_of(clip))

    # -- recognition ----------------------------------------------------------------------------------------------

    def frame_outputs(self, clip: Clip, context: RunContext) -> NDArray[np.float64]:
        """Return the raw outputs of every frame; see `FrameRecogniser.frame_outputs`.

        Raises
        ------
        UserError : when the method has not been trained, or on other classes.
        """
        if self.net is None:
            raise UserError(f"{self.id} has not been trained: run it with --train ID first.")
        self._require_classes(context)
        net = self.net.to(context.device)
        with reproducible():
            said = [logits_of(net, faces) for faces in self._tested(clip, context)]
        return self.outputs_of(np.concatenate(said))

    def _tested(self, clip: Clip, context: RunContext) -> Sequence[NDArray[np.uint8]]:
        """Return the faces of a clip, some frames at a time."""
        if clip.n_frames == 1:
            return [self.picture(clip, context)[None]]
        faces = clip_faces(clip, context.cache, self.view_of(clip))
        return [faces.read(i, min(i + _CHUNK, len(faces))) for i in range(0, len(faces), _CHUNK)]

    def notes(self, recording: Clip) -> tuple[str, ...]:
        """Return nothing: every frame is looked at, and no apex is needed."""
        return ()


class FerClassification(FerRecogniser):
    """Three outputs and a softmax."""

    id: ClassVar[str] = "fer_classification"
    Config: ClassVar[type] = FerClassificationConfig
    config: FerClassificationConfig
    outputs: ClassVar[int] = len(FER_VALENCE.classes)
    trainer: ClassVar[type[FerTrainer]] = FerTrainer

    def class_weights(self, examples: Examples) -> Floats:
        """Return the published weights of the classes, or those that the settings ask for."""
        balanced = super().class_weights(examples)
        return np.array(self.config.weights, np.float32) if balanced is None else balanced

    def outputs_of(self, said: Floats) -> NDArray[np.float64]:
        """Return the probability of each class, (n, 3)."""
        return np.asarray(torch.from_numpy(said).double().softmax(1).numpy(), np.float64)

    def recognise(self, clip: Clip, context: RunContext) -> Sequence[float]:
        """Return the probability of each class, from those of the frames by `video_rule`."""
        rule = self.config_for(clip).video_rule
        return cast(list[float], label_of_frames(self.frame_outputs(clip, context), rule).tolist())


class FerRegression(FerRecogniser):
    """One linear output."""

    id: ClassVar[str] = "fer_regression"
    Config: ClassVar[type] = FerConfig
    outputs: ClassVar[int] = 1
    trainer: ClassVar[type[FerTrainer]] = RegressionTrainer

    def outputs_of(self, said: Floats) -> NDArray[np.float64]:
        """Return the output of each frame, (n,); nothing holds it between 0 and 1."""
        return said[:, 0].astype(np.float64)

    def recognise(self, clip: Clip, context: RunContext) -> Sequence[float]:
        """Return 1 for the class of the mean output, or the shares of frames, by `video_rule`."""
        rule = self.config_for(clip).video_rule
        return cast(list[float], label_of_outputs(self.frame_outputs(clip, context), rule).tolist())
