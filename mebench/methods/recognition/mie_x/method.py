"""apex_me and branches: what MiE-X was tried with (Liu, Wang, Gedeon and Zheng, ECCV 2022, arXiv 2112.01730).

    apex_me:  apex          -> ResNet-18 -> 512  -> dense 128 -> ReLU -> dropout -> dense 32 -> ReLU -> dropout -> dense
    branches: onset -> ResNet-18, apex -> ResNet-18, together 1024 -> the same; the two bodies share nothing

Conventions
-----------
The published bodies begin with ImageNet weights. Those come from a file that the user gives, `weights=FILE`; without
one the network is *trained from scratch*, which is said of every clip. The last epoch is kept. The published program
changes tested pictures at random as it does in training; here their middle is looked at. Under `mie-x` clips of
`--train` and `--also` are learnt from first, for `first_epochs`. `legacy=true` keeps the first epoch with the highest
accuracy on the tested clips, which the published program prints beside the last one; the card then says so.
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

from mebench.faces.clip_inputs.key_frames import apex_face, onset_face
from mebench.faces.clip_inputs.views import CropSettings, FaceView
from mebench.methods.base import RunContext
from mebench.methods.recognition.flow_networks.config import StagedTraining, check_training, rendered
from mebench.methods.recognition.flow_networks.method import NetworkRecogniser
from mebench.methods.recognition.flow_networks.training import PictureTrainer, Rows
from mebench.methods.recognition.mie_x.faces import centre, changed
from mebench.methods.recognition.mie_x.resnet import FEATURES, ResNet18, read_weights
from mebench.schema.recordings import Clip
from mebench.settings import check_limits, setting

PAPER = "Liu 2022"
PROGRAM = "Liu 2022, program"


@dataclasses.dataclass(frozen=True)
class MieXConfig(StagedTraining, CropSettings):
    """All settings of apex_me and branches."""

    learning_rate: float = setting(1e-4, "step size of Adam", source=PAPER)
    weight_decay: float = setting(5e-4, "weight decay", source=PROGRAM)
    batch_size: int = setting(32, "clips a step", source=PAPER)
    epochs: int = setting(80, "epochs; the last one is kept", unit="epochs", source=PAPER)
    weights: str = setting(
        "", "file with the weights of torchvision's resnet18 after ImageNet; none: trained from scratch", source=PAPER
    )
    size: int = setting(256, "side of the faces, of which 7/8 are looked at", unit="px", source=PAPER)

    def __post_init__(self) -> None:
        """Check what a type cannot express.

        Raises
        ------
        ValueError : for values out of range.
        """
        super().__post_init__()
        check_training(self)
        check_limits(self, "size", least=40, most=1024)


class FaceNetwork(nn.Module):
    """A ResNet-18 for each face of a clip, and three dense layers."""

    def __init__(self, classes: int, faces: int) -> None:
        super().__init__()
        self.bodies = nn.ModuleList(ResNet18() for _ in range(faces))
        self.head = nn.Sequential(
            nn.Linear(FEATURES * faces, 128), nn.ReLU(), nn.Dropout(0.5),
            nn.Linear(128, 32), nn.ReLU(), nn.Dropout(0.5), nn.Linear(32, classes),
        )  # fmt: skip

    def forward(self, faces: torch.Tensor) -> torch.Tensor:
        """Return (n, classes) of uint8 faces (n, faces, side, side, 3), by their middle."""
        return self.said_of(torch.from_numpy(centre(faces.cpu().numpy())).to(faces.device))

    def said_of(self, pictures: torch.Tensor) -> torch.Tensor:
        """Return (n, classes) of float pictures (n, faces, 3, h, w)."""
        said: torch.Tensor = self.head(torch.cat([body(pictures[:, i]) for i, body in enumerate(self.bodies)], dim=1))
        return said


class FaceTrainer(PictureTrainer):
    """Trains on changed faces; gradients are scaled down to a norm of 1, as in the published program."""

    longest_gradient = 1.0

    def logits(self, batch: Rows, random: np.random.Generator) -> torch.Tensor:
        """Return what the network says of clips in training, (n, classes)."""
        assert isinstance(self.net, FaceNetwork)
        faces = changed(self.pictures[torch.from_numpy(batch)].cpu().numpy(), random)
        return self.net.said_of(torch.from_numpy(faces).to(self.pictures.device))


class FaceRecogniser(NetworkRecogniser):
    """A recogniser by ResNet-18 on faces."""

    config: MieXConfig
    paper: ClassVar[str] = "arXiv:2112.01730"
    Config: ClassVar[type] = MieXConfig
    smallest_batch: ClassVar[int] = 2
    faces: ClassVar[int]
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = rendered(size=64, epochs=10, first_epochs=10, batch_size=11)

    def require_parts(self) -> None:
        """See that the file of weights is there and fits.

        Raises
        ------
        UserError : when it does not.
        """
        super().require_parts()
        if self.config.weights:
            read_weights(Path(self.config.weights).expanduser())

    def network(self, classes: int) -> FaceNetwork:
        """Return the network with fresh weights."""
        return FaceNetwork(classes, self.faces)

    def begun(self, net: nn.Module) -> None:
        """Put ImageNet weights into the bodies, where a file is given."""
        assert isinstance(net, FaceNetwork)
        if self.config.weights:
            weights = read_weights(Path(self.config.weights).expanduser())
            for body in net.bodies:
                body.load_state_dict(weights)

    def trainer_class(self, device: str) -> type[PictureTrainer]:
        """Return the training on changed faces."""
        return FaceTrainer

    def picture(self, clip: Clip, context: RunContext) -> NDArray[np.uint8]:
        """Return the faces of a clip, (faces, side, side, 3) BGR."""
        config: MieXConfig = self.config_for(clip)
        view = FaceView.of(config, size=config.size, colour=True)
        shown: Sequence[NDArray[np.uint8]] = [apex_face(clip, context.cache, view)]
        if self.faces == 2:
            shown = [onset_face(clip, context.cache, view), *shown]
        return np.stack(shown)

    def notes(self, recording: Clip) -> tuple[str, ...]:
        """Tell of an apex that is spotted, and of a network without ImageNet weights."""
        scratch = () if self.config.weights else (f"{self.id} was trained from scratch, without ImageNet weights.",)
        return (*super().notes(recording), *scratch)


class ApexMe(FaceRecogniser):
    """One body, on the apex."""

    id: ClassVar[str] = "apex_me"
    faces: ClassVar[int] = 1


class Branches(FaceRecogniser):
    """Two bodies, on onset and apex."""

    id: ClassVar[str] = "branches"
    faces: ClassVar[int] = 2
