"""Flow of facial regions, fused over space and time, and a filter at the scale of each type.

Inspired by Zhang, Li, Wang, Duan, Yan, Xie and Huang, "Spatio-temporal fusion for macro- and micro-expression spotting
in long video sequences" (SP-FD, FG 2020, pp. 245-252), whose program is not published and whose text was not at hand.
What the thesis tells of it (2.6.2, 5.4.5, 5.5) is done: regions of the face, optical flow of consecutive frames in
each, histograms of its directions, one matrix of them all, and then a Savitzky-Golay filter and the merging of close
intervals, the steps that the thesis calls Multi-Scale Filter. Every number is mebench's choice, made on eight rendered
faces that are not those of `synth_lv`.

Conventions
-----------
The fusion matrix has shape (n_frames, regions, bins), in px from one frame of the 112x112 face to the next; the row of
a frame tells how it was reached from the one before. Fused, it is a curve in px/s of shape (n_frames,), NaN without a
face. Nothing is learnt: the threshold of a video comes from its own curve, as in MDMD.

Where the face is lost, the scene cut or the person changed, no flow, filter or interval reaches over the border; a face
that is lost for at most 0.1 s of one shot parts nothing. Where the frame rate varies, speeds follow the time stamps.
"""

from __future__ import annotations

import dataclasses
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mebench.errors import did_you_mean
from mebench.faces.alignment_settings import AlignmentSettings
from mebench.faces.flow import FlowConfig, flow
from mebench.faces.hoof import REGIONS, histograms, without_head
from mebench.methods.base import RunContext
from mebench.methods.spotting.base import MACRO, MICRO, Parts, SpottedInterval, Spotter, Spotting, parts_of
from mebench.methods.spotting.postprocess.levels import lower_quartile, threshold, unit_range
from mebench.methods.spotting.postprocess.smoothing import savitzky_golay
from mebench.metrics.frame_runs import Runs, keep_lengths, merge, runs_above
from mebench.schema.presence import Presence
from mebench.schema.recordings import ExpressionType, Video
from mebench.settings import check_limits, config_dict, digest_of, setting

_CHUNK = 64
_HIGHEST_ORDER = 9
"""Polynomials of a higher order follow every frame, and are no longer computed exactly."""


@dataclasses.dataclass(frozen=True)
class MultiScaleFilterConfig(AlignmentSettings):
    """Settings of `multi_scale_filter`; the paper's own numbers are not known."""

    regions: tuple[str, ...] = setting(tuple(REGIONS), "regions of the aligned face that are looked at, parted by /")
    bins: int = setting(8, "directions that a histogram tells apart")
    head: bool = setting(
        False, "take the flow at the bridge of the nose off, for what the alignment leaves of the head"
    )
    fusion: float = setting(0.15, "time over which histograms are added up; 0 keeps to single frames", unit="s")
    share: float = setting(1 / 3, "share of the regions, those that move most, whose mean is the curve")
    postprocess: Literal["multi_scale", "none"] = setting(
        "multi_scale",
        "multi_scale: Savitzky-Golay filter and merging of close intervals; none: neither",
        source="5.4.5",
    )
    micro_window: float = setting(0.4, "window of the filter for micro", unit="s")
    macro_window: float = setting(1.3, "window of the filter for macro", unit="s")
    savgol_order: int = setting(2, "polynomial order of the filter")
    micro_gap: float = setting(0.2, "micro intervals that are at most this far apart are merged", unit="s")
    macro_gap: float = setting(0.65, "macro intervals that are at most this far apart are merged", unit="s")
    p: float = setting(0.0, "threshold: mean + p (max - mean) of the curve of the video")
    noise: float = setting(
        2.5,
        "the threshold is at least so many times the lower quartile of the curve, what the flow of a still face shows",
    )
    shortest: float = setting(0.1, "shortest micro-expression that is kept", unit="s")
    longest: float = setting(
        0.5, "longest micro-expression; what is longer is a macro-expression", unit="s", source="5.4.3"
    )

    def __post_init__(self) -> None:
        """Refuse regions that do not exist, and numbers that make no sense."""
        super().__post_init__()
        for name in self.regions:
            if name not in REGIONS:
                raise ValueError(f"there is no region {name!r}.{did_you_mean(name, REGIONS)}")
        if not self.regions or len(set(self.regions)) < len(self.regions):
            raise ValueError("regions must name at least one region, and none twice")
        check_limits(self, "bins", least=1)
        check_limits(self, "share", above=0, most=1)
        check_limits(self, "savgol_order", least=0, most=_HIGHEST_ORDER)
        check_limits(self, "micro_window", "macro_window", above=0, hint="postprocess=none leaves the filter out")
        check_limits(self, "fusion", "micro_gap", "macro_gap", "noise", least=0)
        check_limits(self, "p", least=0, below=1)
        check_limits(self, "shortest", above=0)
        if self.shortest > self.longest:
            raise ValueError(f"shortest={self.shortest:g} is above longest={self.longest:g}: swap them")


class MultiScaleFilter(Spotter):
    """Flow of facial regions between consecutive frames, fused, filtered at two scales, and merged.

    Inspired by SP-FD of Zhang et al. (FG 2020), whose numbers and program are not published: the regions, the
    histograms, the filter, the merging and the threshold are mebench's choice. `postprocess=none` shows what the
    spotting is before the filter, which the paper calls terrible (thesis 5.4.5).
    """

    id = "multi_scale_filter"
    paper = "Zhang et al., FG 2020, pp. 245-252"
    trains = False
    Config = MultiScaleFilterConfig

    def notes(self, video: Video) -> tuple[str, ...]:
        """Tell of a video whose frame rate is too low for a window of the filter."""
        config: MultiScaleFilterConfig = self.config_for(video)
        if config.postprocess == "none":
            return ()
        frames = {kind: _window(kind, video, config) for kind in ExpressionType}
        return tuple(
            f"{kind.value}_window has {count} frame{'s' * (count != 1)} at {video.fps:.4g} frames/s, too few for "
            f"savgol_order={config.savgol_order}; the curve of {kind.value}-expressions is not smoothed"
            for kind, count in frames.items()
            if count <= config.savgol_order
        )

    def prepare(self, video: Video, context: RunContext) -> None:
        """Align the face and compute the fusion matrix of one video."""
        self._matrix(video, self.presence(video, context), context)

    def spot(self, video: Video, context: RunContext) -> Spotting:
        """Spot both kinds on the same curve, each at its own scale."""
        config: MultiScaleFilterConfig = self.config_for(video)
        presence = self.presence(video, context)
        parts = parts_of(presence, video)
        curve = fused(self._matrix(video, presence, context), video, parts, config)
        scores = np.zeros((video.n_frames, 2), np.float32)
        intervals: list[SpottedInterval] = []
        for kind, column in ((ExpressionType.MICRO, MICRO), (ExpressionType.MACRO, MACRO)):
            smooth = _filtered(curve, kind, video, parts, config)
            smooth[~presence.found] = np.nan
            scores[:, column] = unit_range(smooth)
            for first, last in _runs(smooth, kind, video, parts, config).tolist():
                score = float(scores[first : last + 1, column].max())
                intervals.append(SpottedInterval(first + 1, last + 1, kind, score))
        return Spotting(tuple(sorted(intervals, key=lambda i: (i.onset, i.offset, i.type))), scores)

    def _matrix(self, video: Video, presence: Presence, context: RunContext) -> NDArray[np.float32]:
        """Return the fusion matrix, computed once and kept; NaN where a frame or the one before has no face."""
        c: MultiScaleFilterConfig = self.config_for(video)
        frames = context.aligned(video, self.alignment(video))
        what = [self.version, list(c.regions), c.bins, c.head, config_dict(FlowConfig())]
        if not presence.whole:
            what.append(presence.as_dict())
        name = f"multi-scale-filter-{digest_of(*what)[:16]}"
        shape = (video.n_frames, len(c.regions), c.bins)
        matrix = context.cache.load_array(frames.digest, name)
        if matrix is not None and matrix.shape == shape:
            return matrix
        matrix, boxes = np.full(shape, np.nan, np.float32), [REGIONS[name] for name in c.regions]
        paired = presence.found[1:] & (presence.stretch[1:] == presence.stretch[:-1])
        for start in range(1, video.n_frames, _CHUNK):
            stop = min(start + _CHUNK, video.n_frames)
            faces = frames.read(start - 1, stop)
            for at in np.flatnonzero(paired[start - 1 : stop - 1]).tolist():
                field = flow(faces[at], faces[at + 1])
                matrix[start + at] = histograms(without_head(field) if c.head else field, boxes, c.bins)
            context.progress(f"flow {video.id}", stop, video.n_frames)
        context.cache.store_array(frames.digest, name, matrix)
        return matrix


def fused(
    matrix: NDArray[np.float32], video: Video, parts: Parts, config: MultiScaleFilterConfig
) -> NDArray[np.float64]:
    """Fuse the matrix over time and over the face.

    Histograms within `fusion` seconds are added up and divided by the time that they took; of each region the fullest
    bin counts, and of the regions those that move most.

    Parameters
    ----------
    matrix : shape (n_frames, regions, bins), NaN where there is no flow.
    video : tells when its frames were taken.
    parts : no sum reaches over their borders.

    Returns
    -------
    float64 (n_frames,) in px/s; NaN outside the parts, and in a part without any flow.
    """
    curve = np.full(len(matrix), np.nan)
    half = round(config.fusion * video.fps / 2)
    count = max(1, round(config.share * matrix.shape[1]))
    for start, stop in parts:
        own = matrix[start:stop].astype(np.float64)
        there = ~np.isnan(own[:, 0, 0])
        there[0] = False  # it was reached from outside
        if not there.any():
            continue
        took = np.where(there, np.diff(video.times[start:stop], prepend=np.nan), 0)
        own[~there] = 0
        at = np.arange(start, stop)
        first = np.clip(video.timing.shifted(at, -half), start, None) - start
        last = np.clip(video.timing.shifted(at, half), None, stop - 1) - start + 1
        moved, seconds = (np.concatenate([np.zeros_like(x[:1]), np.cumsum(x, axis=0)]) for x in (own, took))
        spent = seconds[last] - seconds[first]
        speeds = (moved[last] - moved[first]).max(axis=2)
        most = np.sort(speeds, axis=1)[:, -count:].mean(axis=1)
        known = spent > 0
        curve[start:stop] = np.interp(at, at[known], most[known] / spent[known])
    return curve


def _filtered(
    curve: NDArray[np.float64], kind: ExpressionType, video: Video, parts: Parts, config: MultiScaleFilterConfig
) -> NDArray[np.float64]:
    """Return the curve smoothed at the scale of one type, part by part."""
    if config.postprocess == "none":
        return curve.copy()
    window = _window(kind, video, config)
    smooth = np.full(len(curve), np.nan)
    for start, stop in parts:
        smooth[start:stop] = savitzky_golay(curve[start:stop], window, config.savgol_order)
    return smooth


def _window(kind: ExpressionType, video: Video, config: MultiScaleFilterConfig) -> int:
    """Return the window of the filter for one type, an odd number of frames."""
    seconds = config.micro_window if kind == ExpressionType.MICRO else config.macro_window
    return 2 * round(seconds * video.fps / 2) + 1


def _runs(
    curve: NDArray[np.float64], kind: ExpressionType, video: Video, parts: Parts, config: MultiScaleFilterConfig
) -> Runs:
    """Return what is above the threshold of the video, merged within a part, of the durations of one type."""
    level = max(threshold(curve, config.p), config.noise * lower_quartile(curve))
    gap = config.micro_gap if kind == ExpressionType.MICRO else config.macro_gap
    joined = 0 if config.postprocess == "none" else round(gap * video.fps)
    runs = [merge(runs_above(curve[start:stop], level, strictly=True), joined) + start for start, stop in parts]
    found = np.concatenate([np.empty((0, 2), np.int64), *runs])
    longest = round(config.longest * video.fps)
    shortest, most = (
        (round(config.shortest * video.fps), longest) if kind == ExpressionType.MICRO else (longest + 1, np.inf)
    )
    return keep_lengths(found, shortest, most, video.timing.lengths(found))
