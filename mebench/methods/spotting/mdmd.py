"""Main directional maximal difference analysis (MDMD), the baseline of MEGC 2020.

He, Wang, Li and Yap, "Spotting Macro- and Micro-expression Intervals in Long Video Sequences", arXiv 1912.11985; the
feature is that of Wang, Wu, Qian, Li and Fu, Neurocomputing 230 (2017).

Conventions
-----------
`k` is a number of frames. Flow is in pixels of the 112x112 face, shape (height, width, 2) with the columns x, y.
Series that belong to frames are 0-based and as long as the video.

The published values are 12 and 39 frames for CAS(ME)^2 at 30 fps, 80 and 260 for SAMM-LV at 200 fps: 0.4 s and 1.3 s in
both. The limits on the length (7-16 and 47-105 frames) are 0.235 s and 0.525 s in both. mebench keeps the seconds, so
that every other frame rate follows by the same rule, and reproduces the published frame counts exactly. Where the
frame rate varies, the frames k before and after are those nearest in time, and lengths count frames of the mean rate.

Three things differ from the published program and are mebench's choice. Dense flow is Farneback's, because robust local
optical flow (RLOF) comes only with OpenCV's contrib modules. It is computed on the 112x112 face (one box for the whole
video, as published, but placed by the eyes) and not on a 227x227 crop. And it is computed `samples_per_k` times within
k frames, since the feature cannot change faster than the lag allows. What looks odd in the published program is kept as
the default and can be put right by a setting (`direction`, `signed`, `tail`); k is restored after a short video.
`profile=paper` takes away the one difference that is a setting: it computes every frame (`samples_per_k=0`).

Where the face is lost, the scene cut or the person changed, the video is taken as several: no flow or difference
reaches over such a border, and one lag, threshold and scale serve all parts. A face lost for at most 0.1 s of one shot
parts nothing, and no flow is computed from or to such a frame. This is mebench's choice.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from mebench.faces.alignment import AlignmentConfig
from mebench.faces.alignment_settings import AlignmentSettings
from mebench.faces.flow import FlowConfig, flow, magnitude
from mebench.methods.additions import MDMD
from mebench.methods.base import RunContext
from mebench.methods.spotting.base import MACRO, MICRO, Parts, SpottedInterval, Spotter, Spotting, parts_of
from mebench.methods.spotting.postprocess.levels import threshold, unit_range
from mebench.metrics.frame_runs import keep_lengths, runs_above
from mebench.schema.presence import Presence
from mebench.schema.recordings import ExpressionType, Recording, Video
from mebench.settings import check_limits, config_dict, digest_of, setting

if TYPE_CHECKING:
    from mebench.frames.stored import StoredFrames

PAPER = "arXiv 1912.11985"
_CHUNK = 64


@dataclasses.dataclass(frozen=True)
class MdmdConfig(AlignmentSettings):
    """Settings of `mdmd`."""

    micro_k: int | None = setting(
        None, "lag of the flow for micro-expressions; auto: 0.4 s", unit="frames", source=PAPER
    )
    macro_k: int | None = setting(
        None, "lag of the flow for macro-expressions; auto: 1.3 s", unit="frames", source=PAPER
    )
    shortest: float = setting(0.235, "shortest micro-expression that is kept", unit="s", source=PAPER)
    longest: float = setting(
        0.525, "longest micro-expression; what is longer is a macro-expression", unit="s", source=PAPER
    )
    p: float = setting(0.01, "threshold: mean + p (max - mean) of the relative feature of the video", source=PAPER)
    blocks: int = setting(6, "rows and columns of blocks of the face", source=PAPER)
    direction: Literal["folded", "full"] = setting(
        "folded",
        "folded: angle by atan(u/v), so that only 2 of the 4 direction bins are ever met; full: all four quadrants",
        source="the published program",
    )
    signed: bool = setting(True, "keep the sign of the difference of flow magnitudes", source="the published program")
    tail: Literal["published", "full"] = setting(
        "published",
        "published: the last 2k of the usable frames are left out and a video needs 6k frames; full: all are used, 4k",
        source="the published program",
    )
    samples_per_k: int = setting(6, "features computed within k frames, interpolated between; 0 computes every frame")
    profile: Literal["mebench", "paper"] = setting(
        "mebench",
        "paper: the recipe as published, as far as it can be set; settings given beside it win",
        later=True,
    )
    tracking: bool = setting(
        False, "follow the head; false crops the same box from the whole video, as published", source=PAPER
    )

    def __post_init__(self) -> None:
        """Refuse settings that make no sense."""
        super().__post_init__()
        check_limits(self, "micro_k", "macro_k", "blocks", least=1)
        check_limits(self, "samples_per_k", least=0)
        check_limits(self, "shortest", above=0)
        if self.shortest > self.longest:
            raise ValueError(f"shortest={self.shortest:g} is above longest={self.longest:g}: swap them")


class Mdmd(Spotter):
    """Optical flow over k frames, its maximal difference in the main direction of each block, and a threshold.

    Nothing is learnt, so all settings are those of a video's own dataset. The lag is halved while the longest stretch
    with a face is too short for it, for that video alone.
    """

    id = "mdmd"
    paper = "arXiv:1912.11985"
    trains = False
    Config = MdmdConfig
    presets = {"casme_sq": {"micro_k": 12, "macro_k": 39}, "samm_lv": {"micro_k": 80, "macro_k": 260}}
    profiles = MDMD.profiles()

    def presence(self, video: Video, context: RunContext) -> Presence:
        """Return where the face is in the frames that the flow is computed on."""
        return context.presence(video, self.alignment(video))

    def alignment(self, recording: Recording) -> AlignmentConfig:
        """Return the settings of the alignment, with or without tracking."""
        config: MdmdConfig = self.config_for(recording)
        return AlignmentConfig.of(config, tracking=config.tracking)

    def prepare(self, video: Video, context: RunContext) -> None:
        """Align the face and compute both features of one video."""
        presence = self.presence(video, context)
        for kind in ExpressionType:
            self._feature(video, self._lag(video, kind, parts_of(presence, video)), presence, context)

    def spot(self, video: Video, context: RunContext) -> Spotting:
        """Spot both kinds, each with its own lag."""
        config: MdmdConfig = self.config_for(video)
        presence = self.presence(video, context)
        parts = parts_of(presence, video)
        scores = np.zeros((video.n_frames, 2), np.float32)
        intervals: list[SpottedInterval] = []
        for kind, column in ((ExpressionType.MICRO, MICRO), (ExpressionType.MACRO, MACRO)):
            k = self._lag(video, kind, parts)
            feature = self._feature(video, k, presence, context)
            relative = np.full(video.n_frames, np.nan)
            for start, stop in parts:
                relative[start:stop] = relative_feature(feature[start:stop], k, tail=config.tail)
            relative[~presence.found] = np.nan
            scores[:, column] = unit_range(relative)
            shortest, longest = self._lengths(video, kind)
            runs = runs_above(relative, threshold(relative, config.p), strictly=True)
            kept = keep_lengths(runs, shortest, longest, video.timing.lengths(runs))
            for first, last in kept.tolist():
                score = float(scores[first : last + 1, column].max())
                intervals.append(SpottedInterval(first + 1, last + 1, kind, score))
        return Spotting(tuple(sorted(intervals, key=lambda i: (i.onset, i.offset, i.type))), scores)

    def _lag(self, video: Video, kind: ExpressionType, parts: Parts | None = None) -> int:
        """Return k for one video, halved while its longest part, by default all of it, is too short."""
        config: MdmdConfig = self.config_for(video)
        wanted, seconds = (config.micro_k, 0.4) if kind == ExpressionType.MICRO else (config.macro_k, 1.3)
        k = wanted or max(1, round(seconds * video.fps))
        longest = max((stop - start for start, stop in parts), default=0) if parts else video.n_frames
        return fitting_lag(k, longest, tail=config.tail)

    def _lengths(self, video: Video, kind: ExpressionType) -> tuple[int, float]:
        """Return the shortest and longest interval in frames that is kept."""
        config: MdmdConfig = self.config_for(video)
        longest = round(config.longest * video.fps)
        return (round(config.shortest * video.fps), longest) if kind == ExpressionType.MICRO else (longest + 1, np.inf)

    def _feature(self, video: Video, k: int, presence: Presence, context: RunContext) -> NDArray[np.float64]:
        """Return the feature of every frame, shape (n_frames,); NaN in the first and last k of each part."""
        c: MdmdConfig = self.config_for(video)
        frames = context.aligned(video, self.alignment(video))
        stride = max(1, k // c.samples_per_k) if c.samples_per_k else 1
        parts = parts_of(presence, video)
        places = [_sampled_places(part, k, stride, presence.found) for part in parts]
        at = np.concatenate([np.arange(0), *places])
        what = [self.version, k, stride, c.blocks, c.direction, c.signed, config_dict(FlowConfig())]
        if not video.timing.steady:
            what.append(video.times.tolist())
        if not (presence.whole and len(frames) == len(presence)):
            what += [parts, presence.missing()]
        name = f"mdmd-{digest_of(*what)[:16]}"
        values = context.cache.load_array(frames.digest, name)
        if values is None or values.shape != at.shape:
            lagged = [video.timing.shifted(at, lag) for lag in (-k, 0, k)]
            values = self._sampled(frames, lagged, c, lambda done: context.progress(f"flow {video.id}", done, len(at)))
            context.cache.store_array(frames.digest, name, values)
        feature = np.full(video.n_frames, np.nan)
        for (start, stop), own in zip(parts, places, strict=True):
            if len(own):
                inside = np.arange(start + k, stop - k)
                feature[inside] = np.interp(inside, own, values[np.searchsorted(at, own)])
        return feature

    def _sampled(
        self,
        frames: StoredFrames,
        places: Sequence[NDArray[np.int_]],
        c: MdmdConfig,
        progress: Callable[[int], None],
    ) -> NDArray[np.float64]:
        """Return the feature at some frames; memory is bounded by a chunk of them.

        Parameters
        ----------
        places : indices of the frames k before, of the frames themselves, and of those k after.
        """
        values = np.empty(len(places[1]))
        for start in range(0, len(values), _CHUNK):
            before, here, after = (frames.gather(at[start : start + _CHUNK]) for at in places)
            for i in range(len(here)):
                near, far = flow(before[i], here[i]), flow(before[i], after[i])
                values[start + i] = block_feature(near, far, blocks=c.blocks, direction=c.direction, signed=c.signed)
            progress(start + len(here))
        return values


def _sampled_places(part: tuple[int, int], k: int, stride: int, found: NDArray[np.bool_]) -> NDArray[np.int_]:
    """Return the indices that the feature of a part is computed for: there and k frames to both sides is a face."""
    first, end = part[0] + k, part[1] - k
    at = np.unique(np.append(np.arange(first, end, stride), end - 1)) if end > first else np.arange(0)
    return at[found[at - k] & found[at] & found[at + k]]


def fitting_lag(k: int, n_frames: int, *, tail: str = "published") -> int:
    """Halve k (rounding half up) until the video is long enough for it.

    Parameters
    ----------
    k : wanted lag in frames.
    n_frames : frames of the video.
    tail : `published` needs 6k frames, `full` 4k.
    """
    factor = 6 if tail == "published" else 4
    while k > 1 and n_frames < factor * k:
        k = (k + 1) // 2
    return k


def block_feature(
    near: NDArray[np.float32],
    far: NDArray[np.float32],
    *,
    blocks: int = 6,
    direction: str = "folded",
    signed: bool = True,
) -> float:
    """Return the maximal difference in the main direction for one frame.

    In each block only the pixels of the most frequent of four direction bins of `near` count. The differences of flow
    magnitude, near minus far, are sorted, and the mean of the largest third is the value of the block; the mean of the
    largest third of the blocks is the value of the frame.

    Parameters
    ----------
    near, far : flow from frame i-k to frame i, and from frame i-k to frame i+k; shape (height, width, 2).
    blocks : rows and columns of blocks; pixels left over at the right and at the bottom are not used.
    direction : `folded` or `full`, see `MdmdConfig`.
    signed : False takes the absolute difference.
    """
    difference = magnitude(near) - magnitude(far)
    if not signed:
        difference = np.abs(difference)
    bins = _blocked(_direction_bins(near, direction), blocks)
    counts = np.stack([np.count_nonzero(bins == which, axis=1) for which in range(4)])
    member = bins == counts.argmax(axis=0)[:, None]
    return _mean_of_top_third(_top_third_means(_blocked(difference, blocks), member))


def _blocked(picture: NDArray[Any], blocks: int) -> NDArray[Any]:
    """Cut a picture into blocks: shape (blocks * blocks, pixels of a block)."""
    height, width = picture.shape[0] // blocks, picture.shape[1] // blocks
    cut = picture[: height * blocks, : width * blocks].reshape(blocks, height, blocks, width)
    return cut.swapaxes(1, 2).reshape(blocks * blocks, height * width)


def _direction_bins(flow: NDArray[np.float32], direction: str) -> NDArray[np.int8]:
    """Return the bin 0-3 of each pixel's direction, -1 where nothing moves."""
    u, v = flow[..., 0], flow[..., 1]
    if direction == "folded":
        bins = np.where(u * v >= 0, np.int8(0), np.int8(3))
    else:
        bins = np.where(v >= 0, (u < 0).astype(np.int8), np.where(u < 0, np.int8(2), np.int8(3)))
    bins[(u == 0) & (v == 0)] = -1
    return bins


def _top_third_means(values: NDArray[np.float32], member: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the mean of the largest third of each row's members; 0 for a row without any."""
    size = np.count_nonzero(member, axis=1)
    take = np.maximum(np.rint(size / 3).astype(int), 1)
    ordered = np.sort(np.where(member, values, np.float32(-np.inf)), axis=1)[:, ::-1]
    counted = np.arange(ordered.shape[1]) < take[:, None]
    sums = np.where(counted, ordered, 0).sum(axis=1, dtype=np.float64)
    return np.where(size > 0, sums, 0.0) / take


def _mean_of_top_third(values: NDArray[np.float64]) -> float:
    return float(np.sort(values)[::-1][: max(1, round(len(values) / 3))].mean())


def relative_feature(feature: NDArray[np.float64], k: int, *, tail: str = "published") -> NDArray[np.float64]:
    """Return F_i - (F_{i-m} + F_{i+m}) / 2 with m = k - 1, which takes slow changes out.

    Parameters
    ----------
    feature : shape (n_frames,), NaN in the first and last k frames.
    k : lag in frames.
    tail : `published` leaves the last 2k usable values out.

    Returns
    -------
    float64 array of shape (n_frames,), NaN where the value is not defined.
    """
    n, m = len(feature), k - 1
    relative = np.full(n, np.nan)
    stop = n - k - m - (2 * k if tail == "published" else 0)
    if stop > k + m:
        middle = np.arange(k + m, stop)
        relative[middle] = feature[middle] - (feature[middle - m] + feature[middle + m]) / 2
    return relative
