"""Settings of spot3dcnn, and those published for each dataset.

Conventions
-----------
Frame skips are in frames; those that neither a setting nor a paper gives follow from the training events of each
dataset. A pair of
numbers such as a range is written `25/75` on the command line. Every value that no text gives has the source
`mebench's choice`; how those were chosen is said in the documentation of each setting.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from mebench.faces.alignment_settings import AlignmentSettings
from mebench.methods.spotting.postprocess.config import PostprocessConfig
from mebench.settings import check_limits, setting

LAYERS = (3, 6, 9, 10, 20)
"""Depths that the thesis reports: 3, 6, 10 and 20 in Table 5.9, 6 and 9 in Table 5.1."""


@dataclasses.dataclass(frozen=True)
class NetworkConfig(PostprocessConfig):
    """Settings of the network itself (thesis 5.4.2, 5.4.3, Table 5.9)."""

    layers: int = setting(
        3, "convolutional layers, shared out evenly over three stages", source="Figure 5.6, Table 5.9"
    )
    lcn: bool = setting(True, "normalise the local contrast of every frame first", source="5.4.1")
    lcn_sigma: float = setting(2.0, "Gaussian window of the local contrast normalisation", unit="px")
    lcn_divisor: Literal["max_std", "max_variance", "variance", "variance_above_one"] = setting(
        "max_std", "what the normalisation divides by; see `mebench.faces.lcn`", source="5.4.1"
    )
    pooling: Literal["average", "max"] = setting("average", "global pooling over space", source="5.4.3, Table 5.9")
    batch_norm: bool = setting(True, "batch normalisation after every convolution", source="Figure 5.6, Table 5.9")
    multiplier: int = setting(16, "filters of the first depthwise convolution over each pair of frames")
    filters: tuple[int, ...] = setting((16, 32, 64), "filters of the three stages")
    kernels: tuple[int, ...] = setting((7, 3, 3), "kernel sizes of the three stages", unit="px")
    strides: tuple[int, ...] = setting((4, 2, 2), "spatial strides of the three stages", unit="px")
    activation: Literal["relu", "leaky_relu", "elu"] = setting("relu", "activation after every block")
    dropout: float = setting(0.05, "share of feature maps dropped after every block in training")
    dense_dropout: float = setting(0.1, "share of features dropped before the residual dense layer in training")
    share_dense: bool = setting(True, "the two fully connected layers share their weights", source="Figure 5.6")
    difference_start: float = setting(
        0.5, "share of the first filters that start as differences of the two frames (their kernels opposite in sign)"
    )
    reference: Literal["past", "future", "around"] = setting(
        "around",
        "where a pair of frames lies: it ends at the scored frame, begins there, or has it in its middle (which "
        "spotted best on rendered videos of another seed than the one that is scored)",
    )


@dataclasses.dataclass(frozen=True)
class TrainingConfig(NetworkConfig):
    """Settings of the training (thesis 5.4.3, 5.4.4, Tables 5.4, 5.5, 5.10)."""

    target: Literal["types", "movement"] = setting(
        "types", "two outputs, micro and macro, or one for any movement (5.3)", source="5.4.3"
    )
    learning_rate: float = setting(0.007, "step size", source="Table 5.5 (SAMM-LV)")
    batch_size: int = setting(16, "four-frame stacks a step", source="Table 5.5")
    patience: int = setting(
        5, "epochs without a lower validation loss before training ends", unit="epochs", source="5.4.4"
    )
    optimiser: Literal["adam", "adamw", "sgd"] = setting("adam", "optimiser")
    weight_decay: float = setting(0.0, "weight decay of the optimiser")
    schedule: Literal["constant", "cosine"] = setting("constant", "step size over the epochs")
    max_epochs: int = setting(40, "epochs after which training ends in any case", unit="epochs")
    samples_per_epoch: int = setting(8192, "four-frame stacks drawn for one epoch")
    validation_samples: int = setting(1024, "four-frame stacks drawn once per validation subject to track the loss")
    sampling: Literal["balanced", "natural"] = setting(
        "balanced",
        "how scored frames are drawn; balanced: the types in the shares below, natural: every frame with a face as "
        "often as any other, which is what the published weights of the loss make up for",
        later=True,
    )
    micro_share: float = setting(
        0.2, "share of drawn stacks whose scored frame lies in a micro-expression, for sampling=balanced"
    )
    macro_share: float = setting(
        0.3, "share of drawn stacks whose scored frame lies in a macro-expression, for sampling=balanced"
    )
    weight_positive: float = setting(
        1.0,
        "W of eq. 5.3: weight of positive labels; the published 3 assumes sampling=natural, and comes on top of the "
        "shares of sampling=balanced; the thesis also tries 0.5, 1, 6 and 10",
        source="5.4.3, Table 5.10",
    )
    weight_micro: float = setting(
        1.0,
        "M_ME of eq. 5.3: weight of the micro output; the published .9 assumes sampling=natural",
        source="5.4.3, Table 5.10",
    )
    weight_macro: float = setting(
        1.0,
        "M_MaE of eq. 5.3: weight of the macro output; the published .1 assumes sampling=natural",
        source="5.4.3, Table 5.10",
    )
    weight_movement: float = setting(0.75, "W of eq. 5.1, for target=movement; negatives weigh 1 - W", source="5.3")
    short_range: tuple[int, ...] | None = setting(
        None, "lowest and highest random short skip in training; none: from the training events", unit="frames"
    )
    long_range: tuple[int, ...] | None = setting(
        None, "lowest and highest random long skip in training; none: from the training events", unit="frames"
    )
    short_skip: int | None = setting(
        None,
        "short skip when scoring; none: k-th frame rule on the training events; the thesis also tries one set by hand, "
        "30 on SAMM-LV and 10 on CAS(ME)^2",
        unit="frames",
        source="Table 5.5",
    )
    long_skip: int | None = setting(
        None,
        "long skip when scoring; none: k-th frame rule on the training events; the thesis also tries one set by hand, "
        "310 on SAMM-LV and 33 on CAS(ME)^2",
        unit="frames",
        source="Table 5.5",
    )
    k_from: Literal["dataset", "training"] = setting(
        "dataset",
        "where the skips of scoring come from: the whole dataset, as published, where there is such a number; or "
        "always the training events of the fold, which leave the published numbers out",
        source="5.4.2",
    )
    contrast: tuple[float, ...] = setting((0.5, 1.5), "lowest and highest contrast factor", source="Table 5.4")
    gamma: tuple[float, ...] = setting((0.5, 1.5), "lowest and highest gamma exponent", source="Table 5.4")
    gain: tuple[float, ...] = setting((0.8, 1.2), "lowest and highest factor after the gamma curve")
    rotation: float = setting(10.0, "largest rotation either way", unit="degrees", source="Table 5.4")
    flip: float = setting(0.5, "probability of a horizontal flip", source="5.4.4")
    bf16: bool = setting(False, "train and score in bfloat16 autocast; scores then differ in the third digit")


@dataclasses.dataclass(frozen=True)
class Spot3DConfig(TrainingConfig, AlignmentSettings):
    """All settings of spot3dcnn; a value that cannot work is refused with the reason."""

    stage_count: ClassVar[int] = 3
    profile: Literal["mebench", "thesis"] = setting(
        "mebench",
        "thesis: the recipe as published, without what mebench adds to it; settings given beside it win",
        later=True,
    )

    def __post_init__(self) -> None:
        """Check what a type cannot express.

        Raises
        ------
        ValueError : for values that do not fit together.
        """
        super().__post_init__()
        AlignmentSettings.__post_init__(self)
        if self.layers not in LAYERS:
            raise ValueError(f"layers={self.layers} is not one of {', '.join(map(str, LAYERS))}")
        for name in ("filters", "kernels", "strides"):
            if len(getattr(self, name)) != self.stage_count or min(getattr(self, name)) < 1:
                raise ValueError(f"{name} needs {self.stage_count} positive numbers such as 16/32/64")
        for name in ("short_range", "long_range", "contrast", "gamma", "gain"):
            pair = getattr(self, name)
            if pair is not None and (len(pair) != 2 or not 0 < pair[0] <= pair[1]):
                raise ValueError(f"{name} needs two positive numbers, the lower first, such as 3/9")
        for name in ("short_skip", "long_skip"):
            if getattr(self, name) is not None and getattr(self, name) < 1:
                raise ValueError(f"{name}={getattr(self, name)} must be at least 1 frame")
            if getattr(self, name) is not None and self.k_from == "training":
                raise ValueError(f"k_from=training takes the skips from the training events: leave {name} out")
        counts = ("batch_size", "max_epochs", "samples_per_epoch", "validation_samples", "patience", "multiplier")
        check_limits(self, *counts, least=1)
        check_limits(self, "micro_share", "macro_share", least=0)
        if self.micro_share + self.macro_share > 1:
            raise ValueError(
                f"micro_share={self.micro_share:g} and macro_share={self.macro_share:g} must sum to 1 at most"
            )
        shares = {f.name: f.default for f in dataclasses.fields(self) if f.name in ("micro_share", "macro_share")}
        if self.sampling == "natural" and any(getattr(self, name) != share for name, share in shares.items()):
            raise ValueError("micro_share and macro_share are those of sampling=balanced: set it, or leave them out")
        check_limits(self, "dropout", "dense_dropout", least=0, below=1)
        check_limits(self, "difference_start", "flip", least=0, most=1)
        check_limits(self, "learning_rate", "lcn_sigma", above=0)
        check_limits(self, "weight_decay", "rotation", least=0)


_SYNTHETIC = {
    "learning_rate": 0.005,
    "schedule": "cosine",
    "max_epochs": 8,
    "samples_per_epoch": 2048,
    "validation_samples": 256,
}
PRESETS: Mapping[str, Mapping[str, Any]] = {
    "samm_lv": {
        "learning_rate": 0.007,
        "short_skip": 37,
        "long_skip": 217,
        "short_range": (25, 75),
        "long_range": (200, 400),
        "weight_positive": 3.0,
        "weight_micro": 0.9,
        "weight_macro": 0.1,
    },
    "casme_sq": {
        "learning_rate": 0.005,
        "short_skip": 6,
        "long_skip": 19,
        "short_range": (3, 9),
        "long_range": (16, 50),
    },
    "synth_lv": _SYNTHETIC,
    "synth_lv_casme": _SYNTHETIC,
    "synth_lv_samm": _SYNTHETIC,
    "synth_lv_sparse": _SYNTHETIC,
}
"""Table 5.5 and section 5.4.4: what the thesis gives for each dataset.

Its k is "the average mid-point ... of the whole dataset" (5.4.2): one number for all folds. The training events of a
fold give others: 37 and about 201 to 228 on SAMM-LV, 7 and 18 on CAS(ME)^2, where the thesis counts offset - onset and
mirrors offsets of 0 about the apex (`casme_sq:offset_zero=mirror`).

How frames are drawn is not told, so that no preset says it: with the default `sampling=balanced` the published weights
of SAMM-LV come on top of the shares of types; `profile=thesis` draws them as often as they are, as the weights assume.

The settings for synthetic videos are mebench's choice: a training of under a minute on one core. They were found on
videos of other seeds than the one that is scored."""
