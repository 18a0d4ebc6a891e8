"""Frame skips: the k-th frame rule, the ranges of training, and where a pair's frames lie (thesis 5.4.2, Table 5.5).

Conventions
-----------
All skips are whole frames, at least 1. The k-th frame rule of Moilanen et al. is (N + 1) // 2 with N the mean length of
events of a type in frames. Over the whole datasets, with the durations of Table 5.3, it gives 37 & 217 on SAMM-LV and
6 & 19 on CAS(ME)^2: these are settings, published for all folds. Where none are set, N is that of the training events.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from mebench.methods.spotting.kth_frame import kth_frame, mean_length
from mebench.methods.spotting.spot3dcnn.config import TrainingConfig
from mebench.schema.recordings import ExpressionType, Video

SHORT_SHARES = (0.29, 0.86)
LONG_SHARES = (0.44, 1.13)
"""Published random ranges over mean event lengths N, averaged over SAMM-LV and CAS(ME)^2: 25-75 of 74 and 3-9 of 12.6
frames for the short skip, 200-400 of 434 and 16-50 of 37.5 frames for the long one."""


@dataclasses.dataclass(frozen=True)
class Skips:
    """Frame skips of one training: for scoring, and the ranges that training draws from, both ends included."""

    short: int
    long: int
    short_range: tuple[int, int]
    long_range: tuple[int, int]

    @property
    def pair(self) -> tuple[int, int]:
        """The scoring skips (short, long)."""
        return (self.short, self.long)

    @classmethod
    def fixed(cls, short: int, long: int) -> Skips:
        """Return skips whose ranges hold nothing else."""
        return cls(short, long, (short, short), (long, long))

    def scaled(self, factor: float) -> Skips:
        """Return the skips at a frame rate `factor` times as high, rounded and at least 1 frame."""

        def frames(skip: int) -> int:
            return max(round(skip * factor), 1)

        (s_low, s_high), (l_low, l_high) = self.short_range, self.long_range
        return Skips(
            frames(self.short), frames(self.long), (frames(s_low), frames(s_high)), (frames(l_low), frames(l_high))
        )


def choose_skips(videos: Sequence[Video], config: TrainingConfig) -> Skips:
    """Return the skips that the settings name, and for the rest those that follow from the training events."""
    micro, macro = (mean_length(videos, kind) for kind in (ExpressionType.MICRO, ExpressionType.MACRO))
    found = Skips(kth_frame(micro), kth_frame(macro), _range(micro, SHORT_SHARES), _range(macro, LONG_SHARES))
    return named_skips(config, found)


def named_skips(config: TrainingConfig, others: Skips) -> Skips:
    """Return the skips that the settings name, and for the rest those of `others`."""
    return Skips(
        config.short_skip or others.short,
        config.long_skip or others.long,
        _pair(config.short_range) or others.short_range,
        _pair(config.long_range) or others.long_range,
    )


def _pair(given: tuple[int, ...] | None) -> tuple[int, int] | None:
    return None if given is None else (given[0], given[1])


def _range(length: float, shares: tuple[float, float]) -> tuple[int, int]:
    low = max(round(shares[0] * length), 1)
    return (low, max(round(shares[1] * length), low))


def pair_offsets(skip: int, reference: str) -> tuple[int, int]:
    """Return where the two frames of a pair lie relative to the scored frame.

    Parameters
    ----------
    reference : `past` gives (-k, 0), `future` (0, k), `around` (-(k // 2), k - k // 2).
    """
    start = {"past": -skip, "future": 0, "around": -(skip // 2)}[reference]
    return (start, start + skip)
