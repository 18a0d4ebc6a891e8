"""emr: a flow image, two parts of the face, and macro-expressions to learn from (Liu, Du, Zheng and Gedeon, FG 2019).

"A neural micro-expression recognizer", first of MEGC2019, which learnt from CK+ as well. Under a protocol that adds
other datasets to the people who are not tested (`mie-x --train ckplus`, or rendered `--train synth_macro`) all is
learnt together, and an adversary sees to it that features do not tell the datasets apart. Where all clips are of one
dataset it has nothing to tell and is left out, which the log says.

Conventions
-----------
Step sizes, epochs, the flow and the size of the picture are those of the published program. It keeps, in every fold,
the epoch with the best F1 on the *tested* clips; here the last epoch is kept, so that its printed scores are no target.
What nobody prints, or what was not read, is mebench's choice: batches, the adversary and its strength, that both heads
weigh the same. Expressions are not magnified or reduced, which gave the method its name: pictures are as bright for
weak motion as for strong, see `flow_image`. The published body begins with weights of VGGFace; ours takes a file of
ResNet-18 weights under torchvision's names, `weights=FILE`, and is *trained from scratch* without one, which is said of
every clip.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler, StepLR

from mebench.faces.clip_inputs.views import ApexSettings, FaceView
from mebench.methods.base import RunContext
from mebench.methods.recognition.emr.flow_image import flow_image
from mebench.methods.recognition.emr.network import PartNetwork
from mebench.methods.recognition.emr.training import DomainExamples, PartTrainer
from mebench.methods.recognition.flow_networks.config import TrainingSettings, check_training, rendered
from mebench.methods.recognition.flow_networks.method import NetworkRecogniser
from mebench.methods.recognition.flow_networks.training import PictureTrainer
from mebench.methods.recognition.mie_x.resnet import read_weights
from mebench.schema.recordings import Clip
from mebench.settings import check_limits, setting

PROGRAM = "Liu 2019, program"


@dataclasses.dataclass(frozen=True)
class EmrConfig(TrainingSettings, ApexSettings):
    """All settings of emr."""

    learning_rate: float = setting(1e-3, "step size of Adam for the heads and the adversary", source=PROGRAM)
    body_rate: float = setting(1e-5, "step size of Adam for the ResNet-18", source=PROGRAM)
    halve_every: int = setting(10, "epochs after which both step sizes are halved", unit="epochs", source=PROGRAM)
    epochs: int = setting(100, "epochs; the last one is kept, not the best on the tested clips", source=PROGRAM)
    batch_size: int = setting(32, "clips a step")
    adversary: float = setting(1.0, "strength of the adversary at the end of the training, which begins without it")
    weights: str = setting(
        "", "file with weights of torchvision's resnet18; none: trained from scratch", source="Liu 2019: VGGFace"
    )
    size: int = setting(224, "side of the flow image", unit="px", source=PROGRAM)

    def __post_init__(self) -> None:
        """Check what a type cannot express.

        Raises
        ------
        ValueError : for values out of range.
        """
        super().__post_init__()
        check_training(self)
        check_limits(self, "halve_every", least=1)
        check_limits(self, "body_rate", above=0)
        check_limits(self, "adversary", least=0)
        check_limits(self, "size", least=33, most=1024)  # two rows of the last maps


class Emr(NetworkRecogniser):
    """ResNet-18 on flow images, with heads for two parts and an adversary."""

    config: EmrConfig
    id: ClassVar[str] = "emr"
    paper: ClassVar[str] = "Liu et al., FG 2019, A neural micro-expression recognizer"
    Config: ClassVar[type] = EmrConfig
    smallest_batch: ClassVar[int] = 2
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = rendered(size=48, epochs=12, batch_size=11, body_rate=1e-3)

    def __init__(self, config: EmrConfig) -> None:
        super().__init__(config)
        self.domains = 1

    def require_parts(self) -> None:
        """See that the file of weights is there and fits.

        Raises
        ------
        UserError : when it does not.
        """
        super().require_parts()
        if self.config.weights:
            read_weights(Path(self.config.weights).expanduser())

    def network(self, classes: int) -> PartNetwork:
        """Return the network with fresh weights."""
        return PartNetwork(classes, self.domains, self.config.adversary)

    def begun(self, net: nn.Module) -> None:
        """Put weights into the body, where a file is given."""
        assert isinstance(net, PartNetwork)
        if self.config.weights:
            net.body.load_state_dict(read_weights(Path(self.config.weights).expanduser()))

    def optimiser(self, net: nn.Module) -> tuple[Optimizer, LRScheduler]:
        """Return Adam with a step size for the heads and one for the body, and the schedule that halves both."""
        assert isinstance(net, PartNetwork)
        heads = [*net.heads.parameters(), *net.domain.parameters()]
        body: dict[str, Any] = {"params": [*net.body.parameters()], "lr": self.config.body_rate}
        groups: list[dict[str, Any]] = [{"params": heads}, body]
        adam = torch.optim.Adam(groups, self.config.learning_rate, weight_decay=self.config.weight_decay, fused=True)
        return adam, StepLR(adam, self.config.halve_every, 0.5)

    def trainer_class(self, device: str) -> type[PictureTrainer]:
        """Return the training with two heads and an adversary."""
        return PartTrainer

    def picture(self, clip: Clip, context: RunContext) -> NDArray[np.uint8]:
        """Return the flow image of a clip, (3, size, size), RGB."""
        config: EmrConfig = self.config_for(clip)
        image = flow_image(clip, context.cache, FaceView.of(config, size=config.size))
        return np.ascontiguousarray(image.transpose(2, 0, 1))

    def fit(self, train: Sequence[Clip], validation: Sequence[Clip], context: RunContext) -> None:
        """Train on the clips of the protocol's classes of all datasets together; the log names the datasets.

        Raises
        ------
        UserError : when there is nothing to train on, or the loss stops being a number.
        """
        datasets = sorted({clip.dataset for clip in train if clip.emotion in context.classes})
        self.domains = max(len(datasets), 1)
        context.log({"event": "domains", "datasets": datasets, "adversary": len(datasets) > 1})
        super().fit(train, validation, context)

    def examples(self, clips: Sequence[Clip], context: RunContext) -> DomainExamples:
        """Return the pictures of the clips with one of the classes, and of which dataset each is."""
        found = super().examples(clips, context)
        datasets = [clip.dataset for clip in clips if clip.emotion in context.classes]
        return DomainExamples(found.pictures, found.classes, np.unique(datasets, return_inverse=True)[1])

    def notes(self, recording: Clip) -> tuple[str, ...]:
        """Tell of an apex that is spotted, and of a network that did not begin with weights from a file."""
        scratch = () if self.config.weights else (f"{self.id} was trained from scratch, without VGGFace weights.",)
        return (*super().notes(recording), *scratch)

    def load_state(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Load what `state` returned.

        Raises
        ------
        UserError : when the arrays are not those of this method.
        """
        self.domains = len(state.get("net.domain.2.bias", (0,)))
        super().load_state(state)
