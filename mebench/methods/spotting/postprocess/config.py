"""Settings shared by every spotter that turns per-frame scores into intervals (thesis 5.4.5)."""

from __future__ import annotations

import dataclasses
from typing import Literal

from mebench.settings import check_limits, setting


@dataclasses.dataclass(frozen=True)
class PostprocessConfig:
    """Settings of smoothing, threshold and intervals.

    The thesis publishes the steps and none of their numbers, except that an expression of at most 0.5 s is a
    micro-expression. It normalises the scores without saying how, and it drops no interval: `normalise=centre`, the
    shortest and longest durations and `micro_overlap` below 1 are steps that mebench adds. `profile=thesis` of the
    methods switches them off.
    """

    postprocess: Literal["automated_iou", "multi_scale"] = setting(
        "automated_iou",
        "automated_iou: Butterworth filter and runs above the ROC threshold; multi_scale: Savitzky-Golay filter and "
        "merging of close intervals, inspired by Zhang et al. 2020",
        source="5.4.5",
    )
    normalise: Literal["centre", "range", "none"] = setting(
        "centre",
        "normalisation of each video and type before smoothing; centre: the median is moved to 0.5 by a shift of the "
        "logits, range: stretched to 0..1, none: the sigmoids as they are",
    )
    butterworth_order: int = setting(2, "order of the zero-phase low-pass filter")
    micro_cutoff: float = setting(0.3, "cut-off of the low-pass filter for micro", unit="cycles per short frame skip k")
    macro_cutoff: float = setting(0.8, "cut-off of the low-pass filter for macro", unit="cycles per long frame skip k")
    threshold: Literal["youden", "corner", "f1"] = setting(
        "youden",
        "point of the validation subject's ROC curve: largest TPR - FPR, nearest to the corner of no errors, or best "
        "frame-wise F1",
    )
    raw_normalise: Literal["range", "none"] = setting(
        "range",
        "how the raw scores of a video are levelled before they meet their own threshold, which metrics of raw scores "
        'alone use ("normalised results filtered using a threshold based on the ROC curve", 5.4.5); range: '
        "stretched to 0..1 over its frames with a face, none: the sigmoids as they are",
        later=True,
    )
    micro_minimum: float = setting(0.15, "shorter micro intervals are dropped", unit="s")
    micro_maximum: float | None = setting(0.7, "longer micro intervals are dropped; none: all are kept", unit="s")
    macro_minimum: float = setting(0.5, "shorter macro intervals are dropped", unit="s")
    micro_overlap: float = setting(
        0.5, "micro intervals of which a larger share lies inside macro intervals are dropped; 1 keeps all"
    )
    micro_limit: float = setting(
        0.5, "longest micro-expression, where one movement score is typed by its duration", unit="s", source="5.4.3"
    )
    savgol_window: int | None = setting(
        None, "window of multi_scale's Savitzky-Golay filter; none: 2k + 1", unit="frames"
    )
    savgol_order: int = setting(2, "polynomial order of multi_scale's Savitzky-Golay filter")
    merge_gap: int | None = setting(
        None, "multi_scale merges intervals of one type that are at most this far apart; none: k/2", unit="frames"
    )

    def __post_init__(self) -> None:
        """Refuse filters that do not exist.

        Raises
        ------
        ValueError : for an order, a cut-off or a window that no filter has.
        """
        check_limits(self, "butterworth_order", least=1)
        check_limits(self, "savgol_order", least=0)
        check_limits(self, "micro_cutoff", "macro_cutoff", above=0, hint="give cycles per frame skip")
        if self.savgol_window is not None and (self.savgol_window % 2 == 0 or self.savgol_window <= self.savgol_order):
            raise ValueError(
                f"savgol_window={self.savgol_window} must be odd and larger than savgol_order={self.savgol_order}"
            )
