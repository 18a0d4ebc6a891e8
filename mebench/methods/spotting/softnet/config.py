"""Settings of softnet, and those published for each dataset.

Conventions
-----------
Lags are in frames. What the source calls `program` is the program that the authors published with the paper.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Literal

from mebench.faces.alignment_settings import AlignmentSettings
from mebench.settings import check_limits, setting

PAPER = "Liong 2021"
PROGRAM = "Liong 2021, program"
LEGACY_P = 0.55
"""The published threshold, which gave the highest F1 on the very videos that were scored with it."""
_WARPS = 5


@dataclasses.dataclass(frozen=True)
class SoftnetConfig(AlignmentSettings):
    """All settings of softnet; a value that cannot work is refused with the reason."""

    micro_k: int | None = setting(
        None, "lag of the flow for micro-expressions; none: half the mean training event", unit="frames", source=PAPER
    )
    macro_k: int | None = setting(
        None, "lag of the flow for macro-expressions; none: half the mean training event", unit="frames", source=PAPER
    )
    k_from: Literal["dataset", "training"] = setting(
        "dataset",
        "where the lags come from: the whole dataset, as published, where there is such a number; or always the "
        "training events of the fold, which leave the published numbers out",
        source=PAPER,
    )
    flow: Literal["tvl1", "farneback"] = setting(
        "tvl1", "optical flow: TV-L1, 0.3 s a frame on one core, or Farneback's, sixty times as fast", source=PAPER
    )
    warps: int = setting(_WARPS, "warps of the TV-L1 flow on each level; 1 is five times as fast", source=PROGRAM)
    samples_per_k: int = setting(
        0, "scores computed within k frames, interpolated between; 0 computes every frame, as published", source=PROGRAM
    )
    learning_rate: float = setting(0.0005, "step size of plain gradient descent", source=PAPER)
    batch_size: int = setting(12, "pictures of flow a step", source=PROGRAM)
    epochs: int = setting(10, "epochs; the last one is kept", unit="epochs", source=PROGRAM)
    keep_negatives: float = setting(0.5, "share of the frames without an expression that is learnt from", source=PAPER)
    augment: bool = setting(
        True, "micro-expressions are learnt four times: as they are, mirrored, blurred, with noise", source=PAPER
    )
    noise: float = setting(0.1, "standard deviation of that noise; 1 is the range of a picture of flow", source=PROGRAM)
    p: float | None = setting(
        None, "threshold mean + p (max - mean) of a video; none: the p of the best F1 on the training videos"
    )
    legacy: bool = setting(
        False, "take the published p = 0.55, which was chosen on the scored videos; the card says so", source=PAPER
    )
    ends: Literal["published", "full"] = setting(
        "published",
        "published: no peak in the first k and the last 2k frames, where the average over 2k scores is not full; "
        "full: it is taken over the scores that there are",
        source=PROGRAM,
    )
    least_score: float = setting(
        0.0,
        "peaks of lower scores are dropped; 0 drops none, as published, so that every video in which scores vary has "
        "an interval; the network is trained towards 1 in expressions and 0 elsewhere",
        source=PAPER,
    )
    tracking: bool = setting(
        False, "follow the head; false crops the same box from the whole video, as published", source=PROGRAM
    )

    def __post_init__(self) -> None:
        """Check what a type cannot express.

        Raises
        ------
        ValueError : for values that do not fit together.
        """
        super().__post_init__()
        for name in ("micro_k", "macro_k"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise ValueError(f"{name}={value} must be at least 1 frame")
            if value is not None and self.k_from == "training":
                raise ValueError(f"k_from=training takes the lags from the training events: leave {name} out")
        check_limits(self, "batch_size", "epochs", "warps", least=1)
        check_limits(self, "samples_per_k", "noise", "least_score", least=0)
        check_limits(self, "learning_rate", above=0)
        check_limits(self, "keep_negatives", above=0, most=1)
        check_limits(self, "p", least=0, below=1)
        if self.flow != "tvl1" and self.warps != _WARPS:
            raise ValueError(f"warps={self.warps} is of flow=tvl1: set flow=tvl1, or leave warps out")
        if self.legacy and self.p is not None:
            raise ValueError(f"legacy=true is p={LEGACY_P:g}: leave p out")

    @property
    def lags(self) -> tuple[int | None, int | None]:
        """The lags (micro, macro) that are named."""
        return self.micro_k, self.macro_k


_SYNTHETIC = {"flow": "farneback", "samples_per_k": 3, "learning_rate": 0.005}
PRESETS: Mapping[str, Mapping[str, Any]] = {
    "samm_lv": {"micro_k": 37, "macro_k": 174},
    "casme_sq": {"micro_k": 6, "macro_k": 18},
    "synth_lv": _SYNTHETIC,
    "synth_lv_casme": _SYNTHETIC,
    "synth_lv_samm": _SYNTHETIC,
    "synth_lv_sparse": _SYNTHETIC,
}
"""The lags that the authors' rule gives for each whole dataset: (N + 1) / 2 of the mean of offset - onset, offsets of 0
at the apex, and on SAMM-LV without the macro-expressions that begin before the video (333 of 343 remain).
Their program prints means of 73 and 348 frames on SAMM-LV, and of 12 and 35 on CAS(ME)^2.

Three settings for rendered videos are mebench's choice, so that a run ends in a quarter of an hour on two cores: with
TV-L1 the flow alone takes two hours on one core, with Farneback's two minutes; a third of the windows that the lag
allows are learnt from and scored; and the step size is ten times the published one, for there are 9,600 frames and not
hundreds of thousands. They were not tuned."""
