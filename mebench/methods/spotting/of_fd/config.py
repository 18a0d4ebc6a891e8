"""Settings of of_fd, and those published for each dataset.

Conventions
-----------
Lengths of flow are px of the face of 256x256, durations are seconds. What the source calls `program` is the one that
the authors of "Rethinking Optical Flow" published; what they do not say is `mebench's choice`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from mebench.faces.alignment_settings import AlignmentSettings
from mebench.settings import check_limits, setting

PROGRAM = "Rethinking Optical Flow, program"


@dataclasses.dataclass(frozen=True)
class OfFdConfig(AlignmentSettings):
    """All settings of of_fd; a value that cannot work is refused with the reason."""

    size: int = setting(256, "side to which the aligned face is enlarged", unit="px", source=PROGRAM)
    rate: float = setting(
        30.0, "frames a second that are looked at; of faster videos every n-th frame", unit="frames/s", source=PROGRAM
    )
    window_seconds: float = setting(
        6.67, "length of a window, whose first frame the others are compared with", unit="s", source=PROGRAM
    )
    step_seconds: float = setting(
        3.33,
        "step from window to window; the program moves it where an expression crosses the middle of a window",
        unit="s",
        source=PROGRAM,
    )
    alignments: int = setting(
        4, "times at most that a frame is shifted by the flow of the nose; 0 never", source=PROGRAM
    )
    aligned_below: float = setting(1.0, "flow of the nose from which on a frame is aligned", unit="px", source=PROGRAM)
    nose_share: float = setting(
        0.7, "share of the largest vectors that the flow of the nose is the mean of", source=PROGRAM
    )
    top_left_brow: float = setting(0.2, "share of the largest vectors of the image-left brow", source=PROGRAM)
    top_right_brow: float = setting(0.3, "share of the largest vectors of the image-right brow", source=PROGRAM)
    top_mouth: float = setting(0.3, "share of the largest vectors of the whole mouth", source=PROGRAM)
    top_mouth_points: float = setting(
        0.2, "share of the largest vectors around the points of the mouth", source=PROGRAM
    )
    top_nose_sides: float = setting(0.2, "share of the largest vectors beside the nose", source=PROGRAM)
    cutoff: float = setting(5.0, "frequency above which a signal is cut off", unit="Hz", source=PROGRAM)
    baseline: float = setting(1.4, "least flow above the lowest of its window", unit="px", source=PROGRAM)
    gap_brows: float = setting(1.8, "least rise over the lowest flow nearby, of the brows", unit="px", source=PROGRAM)
    gap_mouth: float = setting(1.85, "least rise over the lowest flow nearby, of the mouth", unit="px", source=PROGRAM)
    gap_nose: float = setting(2.1, "least rise over the lowest flow nearby, beside the nose", unit="px", source=PROGRAM)
    gap_detail: float = setting(
        0.8, "the same for the signal without its trend (empirical mode decomposition)", unit="px", source=PROGRAM
    )
    nearby_seconds: float = setting(1.0, "how far nearby is, to each side", unit="s", source=PROGRAM)
    foot: float = setting(0.33, "share of the rise to which an interval is extended to both sides", source=PROGRAM)
    split_seconds: float = setting(
        0.67, "intervals from this length on are parted at a valley", unit="s", source=PROGRAM
    )
    split_depth: float = setting(0.7, "least depth of such a valley", unit="px", source=PROGRAM)
    split_share: float = setting(0.33, "and its least share of both peaks", source=PROGRAM)
    overlap: float = setting(0.34, "intervals that share more than this of the shorter one become one", source=PROGRAM)
    shortest: float = setting(0.4, "shorter intervals are dropped", unit="s", source=PROGRAM)
    longest: float = setting(6.67, "longer intervals are dropped", unit="s", source=PROGRAM)
    micro_limit: float = setting(0.5, "longest micro-expression", unit="s", source=PROGRAM)
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
        check_limits(self, "nose_share", *_TOPS, above=0, most=1)
        check_limits(self, "foot", "split_share", least=0, below=1)
        check_limits(self, "overlap", least=0, most=1)
        check_limits(self, "size", least=64, most=1024)
        check_limits(self, "rate", "cutoff", "nearby_seconds", "split_seconds", "micro_limit", above=0)
        check_limits(self, "window_seconds", "step_seconds", "longest", above=0)
        gaps = ("gap_brows", "gap_mouth", "gap_nose", "gap_detail")
        check_limits(self, "alignments", "aligned_below", "baseline", *gaps, "split_depth", "shortest", least=0)
        if self.cutoff > self.rate / 2:
            raise ValueError(
                f"cutoff={self.cutoff:g} cuts nothing off: at rate={self.rate:g} a signal holds nothing above "
                f"{self.rate / 2:g} Hz, so give at most that"
            )
        if self.step_seconds > self.window_seconds:
            raise ValueError(
                f"step_seconds={self.step_seconds:g} is above window_seconds={self.window_seconds:g}: windows would "
                "leave frames out"
            )
        if self.shortest > self.longest:
            raise ValueError(f"shortest={self.shortest:g} is above longest={self.longest:g}: swap them")


_TOPS = ("top_left_brow", "top_right_brow", "top_mouth", "top_mouth_points", "top_nose_sides")
PRESETS: Mapping[str, Mapping[str, Any]] = {
    "samm_lv": {"gap_brows": 1.65, "gap_mouth": 1.5, "gap_nose": 1.5, "overlap": 0.34},
    "casme_sq": {"gap_brows": 1.8, "gap_mouth": 1.85, "gap_nose": 2.1, "overlap": 0.29},
}
"""The values of the published program. How they were found is not told; nothing is fitted here."""
