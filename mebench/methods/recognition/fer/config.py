"""Settings of `fer_classification` and `fer_regression`.

Conventions
-----------
The thesis gives the kind of network, the losses, the class weights and the augmentation. Size of the faces, depth and
width of the network, optimiser, batches and epochs it leaves open: these are mebench's choice and stand without a
source.
"""

from __future__ import annotations

import dataclasses

from mebench.faces.clip_inputs.views import ApexSettings
from mebench.methods.recognition.flow_networks.config import TrainingSettings, check_training
from mebench.methods.recognition.video_label import VideoLabelSettings
from mebench.schema.label_maps import FER_VALENCE
from mebench.settings import check_limits, setting

THESIS = "thesis section 7.2"


@dataclasses.dataclass(frozen=True)
class FerConfig(VideoLabelSettings, TrainingSettings, ApexSettings):
    """All settings of `fer_regression`."""

    size: int = setting(96, "side of the faces; all are grey, as three of the five published training sets", unit="px")
    margin: float = setting(
        0.1,
        "width added on each side of the aligned face, which is 2.5 eye distances wide, as a share of it: so that the "
        "faces of clips are as wide as the pictures of FER2013",
    )
    layers: int = setting(5, "convolutions 3x3, each of which halves the size, before the mean over places")
    filters: int = setting(32, "filters of the first convolution; each next one has twice as many, 256 at most")
    learning_rate: float = setting(1e-3, "step size of Adam")
    batch_size: int = setting(64, "stills a step")
    epochs: int = setting(60, "epochs at most; the one with the lowest validation loss is kept", unit="epochs")
    patience: int = setting(15, "epochs without a lower validation loss before training ends", unit="epochs")
    brightness: float = setting(
        0.1, "largest change of brightness in training, as a share of the range of grey levels", source=THESIS
    )
    contrast_low: float = setting(
        0.2, "lowest factor on the distance of grey levels from their mean in training", source=THESIS
    )
    contrast_high: float = setting(0.4, "highest such factor", source=THESIS)
    flip: float = setting(0.5, "probability that a face is mirrored in training", source=THESIS)
    contrast_tested: float = setting(
        0.3,
        "such factor on faces that are validated or tested on: the middle of those in training, since a network that "
        "has seen none but pale faces is not asked about others; 1 leaves them as they are",
    )

    def __post_init__(self) -> None:
        """Check what a type cannot express.

        Raises
        ------
        ValueError : for values that do not fit together.
        """
        super().__post_init__()
        check_training(self)
        check_limits(self, "size", least=16, most=512)
        check_limits(self, "layers", least=1, most=9)
        check_limits(self, "filters", least=1, most=256)
        check_limits(self, "patience", least=1)
        check_limits(self, "brightness", "flip", least=0, most=1)
        check_limits(self, "contrast_low", "contrast_high", "contrast_tested", above=0, most=5)
        if self.contrast_low > self.contrast_high:
            raise ValueError("contrast_low must not be above contrast_high.")


@dataclasses.dataclass(frozen=True)
class FerClassificationConfig(FerConfig):
    """All settings of `fer_classification`."""

    weights: tuple[float, ...] = setting(
        FER_VALENCE.weights,
        "how much a negative, a neutral and a positive still count in the loss; class_weights=balanced sets others",
        source=THESIS,
    )

    def __post_init__(self) -> None:
        """Refuse weights that are none.

        Raises
        ------
        ValueError : for another number of weights than classes, and for negative ones.
        """
        super().__post_init__()
        if len(self.weights) != len(FER_VALENCE.classes) or min(self.weights) <= 0:
            raise ValueError(f"weights must be {len(FER_VALENCE.classes)} numbers above 0.")
