"""dtscnn: sequences of optical flow at two frame rates, two shallow 3D networks, and linear machines on their features.

Peng, Wang, Chen, Liu and Fu, "Dual temporal scale convolutional neural network for micro-expression recognition",
Frontiers in Psychology 8:1745 (2017), which MiE-X trained again (Liu et al., ECCV 2022, Table 2).

Conventions
-----------
Two shallow streams for two frame rates, sequences of flow and a support vector machine are the paper's. There is no
program of it, and MiE-X prints none of its layers: the numbers of frames, layers, widths, the flow and its scaling are
mebench's choice, and each is a setting or stands in `network`. Both streams see every clip, from onset to offset. The
network is trained with a softmax and its last epoch is kept, or under `legacy=true` the one in which it, without the
machines, was best on the tested clips, which the card then says; the machines then learn from what its first dense
layer makes of the same training clips. Flow of each clip is divided by its longest component and kept in half
precision.

MiE-X names a start with ImageNet weights, which two-dimensional networks have; here nothing but a first stage of
learning comes before, see `methods.stages`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
import torch
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.faces.clip_inputs.flows import flow_sequence
from mebench.faces.clip_inputs.views import FlowSettings
from mebench.methods.base import RunContext
from mebench.methods.nets.reproducible import reproducible
from mebench.methods.nets.weights import under
from mebench.methods.recognition.dtscnn.network import SIDE, DualScale
from mebench.methods.recognition.flow_networks.config import StagedTraining, check_training, rendered
from mebench.methods.recognition.flow_networks.method import NetworkRecogniser
from mebench.methods.recognition.linear import LinearMachines, SvmSettings
from mebench.schema.recordings import Clip
from mebench.settings import check_limits, setting

MIE_X = "Liu 2022, for its networks"
_TOGETHER = 32


@dataclasses.dataclass(frozen=True)
class DtscnnConfig(StagedTraining, SvmSettings, FlowSettings):
    """All settings of dtscnn."""

    learning_rate: float = setting(1e-4, "step size of Adam", source=MIE_X)
    weight_decay: float = setting(5e-4, "weight decay", source="Liu 2022, program")
    batch_size: int = setting(32, "clips a step", source=MIE_X)
    epochs: int = setting(80, "epochs; the last one is kept", unit="epochs", source=MIE_X)
    long: int = setting(128, "flows of the faster stream, evenly placed from onset to offset", unit="frames")
    short: int = setting(64, "flows of the slower stream, which are among those of the faster one", unit="frames")
    width: int = setting(128, "values that the machines see of a clip")

    def __post_init__(self) -> None:
        """Check what a type cannot express.

        Raises
        ------
        ValueError : for values out of range, or that do not fit together.
        """
        FlowSettings.__post_init__(self)
        SvmSettings.__post_init__(self)
        check_training(self)
        check_limits(self, "long", "short", "width", least=1)
        if self.long % self.short:
            raise ValueError(f"long={self.long} must be a multiple of short={self.short}.")


class Dtscnn(NetworkRecogniser):
    """Two streams on flow, and linear machines."""

    config: DtscnnConfig
    id: ClassVar[str] = "dtscnn"
    paper: ClassVar[str] = "10.3389/fpsyg.2017.01745"
    Config: ClassVar[type] = DtscnnConfig
    side: ClassVar[int] = SIDE
    smallest_batch: ClassVar[int] = 2
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = rendered(
        flow="farneback", long=16, short=8, batch_size=11, learning_rate=1e-3, epochs=30, first_epochs=10
    )

    def __init__(self, config: DtscnnConfig) -> None:
        super().__init__(config)
        self.machines: LinearMachines | None = None

    def network(self, classes: int) -> DualScale:
        """Return the network with fresh weights."""
        return DualScale(classes, self.config.long // self.config.short, self.config.width)

    def picture(self, clip: Clip, context: RunContext) -> NDArray[np.float16]:
        """Return the flows of a clip, (2, long, 28, 28), within -1..1; a clip without motion has zeros."""
        flows = flow_sequence(clip, context.cache, self.view(clip), self.config.long)
        highest = float(np.abs(flows).max(initial=0)) or 1.0
        return np.ascontiguousarray((flows / highest).transpose(3, 0, 1, 2), np.float16)

    def notes(self, recording: Clip) -> tuple[str, ...]:
        """Return none: the apex is not looked at."""
        return ()

    def fit(self, train: Sequence[Clip], validation: Sequence[Clip], context: RunContext) -> None:
        """Train the network, then the machines on the clips that it learnt from last.

        Raises
        ------
        UserError : when there is nothing to train on, or the loss stops being a number.
        """
        super().fit(train, validation, context)
        examples = self.examples(self.parts(train, context)[-1].recordings, context)
        settings = SvmSettings(c=self.config.c, class_weight=self.config.class_weight, scale=self.config.scale)
        features = self._features(examples.pictures, context)
        self.machines = LinearMachines.fit(features, examples.classes, settings)
        right = self.machines.probabilities(features, self.count).argmax(axis=1) == examples.classes
        context.log({"event": "machines", "clips": len(features), "training_accuracy": float(right.mean())})

    @torch.no_grad()
    def _features(self, pictures: NDArray[np.float16], context: RunContext) -> NDArray[np.float32]:
        """Return what the machines see of clips, (n, width)."""
        assert isinstance(self.net, DualScale)
        net = self.net.to(context.device).eval()
        with reproducible():
            parts = [
                net.features(torch.from_numpy(pictures[start : start + _TOGETHER]).to(context.device)).cpu().numpy()
                for start in range(0, len(pictures), _TOGETHER)
            ]
        return np.concatenate(parts)

    def recognise(self, clip: Clip, context: RunContext) -> Sequence[float]:
        """Return the probability of each class.

        Raises
        ------
        UserError : when the method has not been trained, or on other classes.
        """
        self.require_trained(context)
        assert self.machines is not None
        features = self._features(self.picture(clip, context)[None], context)
        found: list[float] = self.machines.probabilities(features, self.count)[0].tolist()
        return found

    def state(self) -> dict[str, NDArray[Any]]:
        """Return the weights (`net.*`), the machines (`machines.*`) and the number of classes."""
        machines = {} if self.machines is None else self.machines.state()
        return {**super().state(), **{f"machines.{name}": array for name, array in machines.items()}}

    def load_state(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Load what `state` returned.

        Raises
        ------
        UserError : when the arrays are not those of this method.
        """
        super().load_state(state)
        try:
            self.machines = LinearMachines.of_state(under(state, "machines."))
        except KeyError as error:
            raise UserError(
                f"The checkpoint does not fit {self.id}: use one that {self.id} has written, of this version."
            ) from error
