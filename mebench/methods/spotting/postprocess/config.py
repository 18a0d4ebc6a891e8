"""Settings shared by every spotter that turns per-frame scores into intervals (thesis 5.4.5)."""

from __future__ import annotations

import dataclasses
from typing import Literal

from mebench.settings import setting


@dataclasses.dataclass(frozen=True)
class PostprocessConfig:
    """Settings of smoothing, threshold and intervals.

    The thesis publishes the steps and none of their numbers, except that an expression of at most 0.5 s is a
    micro-expression.
    """

    postprocess: Literal["automated_iou", "multi_scale"] = setting(
        "automated_iou",
        "automated_iou: Butterworth filter and runs above the ROC threshold; multi_scale: Savitzky-Golay filter and "
        "merging of close intervals, inspired by Zhang et al. 2020",
        source="5.4.5",
    )
    normalise: Literal["video", "none"] = setting(
        "none", "stretch the scores of each video and type to 0..1 before smoothing, or leave the sigmoids as they are"
    )
    butterworth_order: int = setting(2, "order of the zero-phase low-pass filter")
    butterworth_cutoff: float | None = setting(
        None, "cut-off of the low-pass filter; none: 1/(2k) with the frame skip k of the type", unit="cycles/frame"
    )
    threshold: Literal["youden", "corner", "f1"] = setting(
        "youden",
        "point of the validation subject's ROC curve: largest TPR - FPR, nearest to the corner of no errors, or best "
        "frame-wise F1",
    )
    micro_minimum: float = setting(0.1, "shorter micro intervals are dropped", unit="s")
    micro_maximum: float | None = setting(None, "longer micro intervals are dropped; none: all are kept", unit="s")
    macro_minimum: float = setting(0.3, "shorter macro intervals are dropped", unit="s")
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
        ValueError : for an order below 1 or a cut-off outside 0..0.5.
        """
        if self.butterworth_order < 1 or self.savgol_order < 0:
            raise ValueError("butterworth_order must be at least 1 and savgol_order at least 0")
        if self.butterworth_cutoff is not None and not 0 < self.butterworth_cutoff < 0.5:
            raise ValueError("butterworth_cutoff must lie between 0 and 0.5 cycles per frame")
        if self.savgol_window is not None and (self.savgol_window % 2 == 0 or self.savgol_window <= self.savgol_order):
            raise ValueError("savgol_window must be odd and larger than savgol_order")
