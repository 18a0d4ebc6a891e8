"""A spotter with raw scores, for the tests of what a run keeps of them: fast, without torch, without training.

Its scores depend on the number of a frame, so that they can be known by hand; `form` says what is wrong with them.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from mebench.methods.base import RunContext
from mebench.methods.spotting.base import SpottedInterval, Spotter, Spotting
from mebench.schema.recordings import ExpressionType, Video
from mebench.settings import setting


@dataclasses.dataclass(frozen=True)
class RawConfig:
    outputs: int = setting(2, "columns of raw scores, 0 for none")
    worse: bool = setting(False, "whether every other frame is passed over")
    mixed: bool = setting(False, "whether some videos have no raw scores")
    apart: str = setting("", "what the raw scores of s05 are without: column, all, thresholds, or range")


class RawSpeaker(Spotter):
    """Says more of frames near the place where `fake_lv` has its macro-expression."""

    id = "raw_speaker"
    summary = "has raw scores"
    trains = False
    looks_at_faces = False
    Config = RawConfig

    def spot(self, video: Video, context: RunContext) -> Spotting:
        place = np.arange(video.n_frames)
        wave = (0.1 + 0.8 * np.exp(-(((place - 40 - place.size % 7) / 25) ** 2))).astype(np.float32)
        if self.config.worse:
            wave[::2] = 1e-4
        found = (SpottedInterval(20, 60, ExpressionType.MACRO, 0.5),)
        scores = np.stack([wave, wave], axis=1)
        if not self.config.outputs or (self.config.mixed and video.id.endswith("2")):
            return Spotting(found, scores)
        raw = scores[:, : self.config.outputs]
        thresholds = (0.6,) if self.config.outputs == 1 else (float("inf"), 0.6)
        if video.subject == "s05" and self.config.apart:
            return _APART[self.config.apart](found, scores)
        return Spotting(found, scores, raw, thresholds)


_APART = {
    "column": lambda found, scores: Spotting(found, scores, scores[:, :1], (0.6,)),
    "all": Spotting,
    "thresholds": lambda found, scores: Spotting(found, scores, scores),
    "range": lambda found, scores: Spotting(found, scores, scores * np.float64(1e300), (0.6, 0.6)),
}
