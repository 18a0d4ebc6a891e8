"""Settings that all recognisers by a network on flow share.

Conventions
-----------
The defaults of each method are those that its authors published, or those of a rewrite that is named; a value that no
text names is mebench's choice, and stands without a source.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Literal

from mebench.faces.clip_inputs.views import FlowSettings
from mebench.methods.stages import StageSettings
from mebench.settings import check_limits, setting

MEB = "meb (Varanka 2022)"
"""The rewrite whose numbers are of the last epoch."""


@dataclasses.dataclass(frozen=True)
class TrainingSettings:
    """How a network is trained; together with settings of what it sees."""

    learning_rate: float = setting(1e-4, "step size")
    weight_decay: float = setting(0.0, "weight decay")
    batch_size: int = setting(256, "clips a step")
    epochs: int = setting(100, "epochs", unit="epochs")
    shuffle: bool = setting(True, "mix the clips in every epoch; else they are learnt in the order of the dataset")
    class_weights: Literal["none", "balanced"] = setting(
        "none", "balanced: the loss of a clip is divided by the share of its class among the training clips"
    )


@dataclasses.dataclass(frozen=True)
class StagedTraining(StageSettings, TrainingSettings):
    """How a network is trained in two stages, see `methods.stages`; the second begins with the weights of the first."""

    first_epochs: int = setting(30, "epochs of a first stage", unit="epochs", source="Liu 2022, on MiE-X")
    legacy: bool = setting(
        False,
        "whether the epoch is kept that is best on the tested clips, which nobody may do",
        source="Liu 2022, program",
    )


def check_training(config: TrainingSettings) -> None:
    """See that a network can be trained so.

    Raises
    ------
    ValueError : for values out of range.
    """
    check_limits(
        config, "batch_size", "epochs", *(["first_epochs"] if hasattr(config, "first_epochs") else []), least=1
    )
    check_limits(config, "learning_rate", above=0)
    check_limits(config, "weight_decay", least=0)


@dataclasses.dataclass(frozen=True)
class NetworkConfig(TrainingSettings, FlowSettings):
    """How a network is trained on the flow of clips."""

    scale: Literal["clip", "none"] = setting(
        "clip",
        "flow of each clip is divided by its longest component, strain by its highest value, so that they lie in "
        "-1..1; or is taken in px",
    )

    def __post_init__(self) -> None:
        """Check what a type cannot express.

        Raises
        ------
        ValueError : for values that do not fit together.
        """
        super().__post_init__()
        check_training(self)


def rendered(**settings: Any) -> Mapping[str, Mapping[str, Any]]:
    """Return presets for rendered clips, mebench's choice and not tuned.

    `synth_cde` has a third of the clips of MEGC2019, so a batch is a third of the published one: an epoch has as many
    steps. Epochs, and filters where given, are fewer than published, so that a run ends in minutes on two cores.
    """
    return dict.fromkeys(("synth_cde", "synth_fer", "synth_macro", "synth_mmew"), settings)
