"""of_fd: how far brows, mouth and nose move within a window, with fixed thresholds and nothing learnt.

He, "Research on Micro-Expression Spotting Method Based on Optical Flow Features", ACM MM 2021, the winner of MEGC 2021.
Neither its text nor its program could be had, so this follows the program of its successor: Zhao et al., "Rethinking
Optical Flow Methods for Micro-Expression Spotting", ACM MM 2022 (doi 10.1145/3503161.3551602). What that names is a
setting with its value; results are those of a method *after* both.

Conventions
-----------
A window is 6.67 s; every frame of it is compared with its first one, and windows overlap by half. Scores are in px:
how far the region that moves most has moved, above the lowest of its window; one movement score stands in both columns.
Intervals are micro-expressions up to `micro_limit` seconds.

What differs from the published program and is mebench's choice: faces are the aligned ones of 112x112 px, enlarged,
with landmarks as in `faces.face_points` (an eye distance of 103 px, where the program has about 120); a frame is
aligned by shifting that face; windows advance by a fixed step; the walk from a peak to its feet is one rule for both
kinds of valley; the empirical mode decomposition is that of `emd`. The lower lids, which the program computes and does
not use, are left out.

A video is taken by stretches with a face: no window reaches over a frame without a face, a cut or a change of person,
but for a face that is lost for at most 0.1 s of one shot.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from mebench.faces.alignment import AlignmentConfig
from mebench.faces.face_points import kept_points
from mebench.frames.stored import StoredFrames
from mebench.methods.base import RunContext
from mebench.methods.spotting.base import BRIDGED, SpottedInterval, Spotter, Spotting
from mebench.methods.spotting.of_fd.config import PRESETS, OfFdConfig
from mebench.methods.spotting.of_fd.motion import motion_of
from mebench.methods.spotting.of_fd.regions import Regions
from mebench.methods.spotting.of_fd.rules import Moved, joined, low_passed, movements
from mebench.schema.presence import Presence
from mebench.schema.recordings import ExpressionType, Recording, Video
from mebench.settings import digest_of

VERSION = "1"
_CHUNK = 32

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]


class OfFd(Spotter):
    """Optical flow of regions against the first frame of a window, and rules for its peaks."""

    id: ClassVar[str] = "of_fd"
    paper: ClassVar[str] = "10.1145/3474085.3479225"
    trains: ClassVar[bool] = False
    Config: ClassVar[type] = OfFdConfig
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = PRESETS

    def alignment(self, recording: Recording) -> AlignmentConfig:
        """Return the settings of the alignment, with or without tracking."""
        config: OfFdConfig = self.config_for(recording)
        return AlignmentConfig.of(config, tracking=config.tracking)

    def notes(self, video: Video) -> tuple[str, ...]:
        """Tell of a video whose frame rate is too low for the low-pass filter."""
        config: OfFdConfig = self.config_for(video)
        rate = video.fps / _stride(video, config)
        if config.cutoff <= rate / 2:
            return ()
        return (
            f"{rate:.4g} frames/s that are looked at hold nothing above cutoff={config.cutoff:g} Hz; signals are not "
            "smoothed",
        )

    def prepare(self, video: Video, context: RunContext) -> None:
        """Align the face and compute the motion of one video."""
        self._motion(video, self._windows(video, self.presence(video, context)), context)

    def spot(self, video: Video, context: RunContext) -> Spotting:
        """Spot the movements of one video, and type them by their duration."""
        config: OfFdConfig = self.config_for(video)
        presence = self.presence(video, context)
        windows = self._windows(video, presence)
        rate = video.fps / _stride(video, config)
        found: list[Moved] = []
        curve = np.zeros(video.n_frames, np.float32)
        motion, regions = self._motion(video, windows, context)
        gaps = [getattr(config, f"gap_{field.part}") for field in regions.fields for _ in field.regions]
        done = 0
        for at in windows:
            rows, done = motion[done : done + len(at)], done + len(at)
            in_window: list[Moved] = []
            for signal, gap in zip(rows.T, gaps, strict=True):
                low = low_passed(signal[1:-1], config.cutoff, rate) if len(signal) > 2 else np.zeros(0)
                in_window += movements(low, gap, rate, config)
                if len(low):
                    frames = np.arange(at[1], at[-2] + 1)
                    curve[frames] = np.maximum(curve[frames], np.interp(frames, at[1:-1], low - low.min()))
            found += [
                Moved(int(at[m.first + 1]), int(at[m.last + 1]), m.height) for m in joined(in_window, config.overlap)
            ]
        curve[~presence.found] = 0
        intervals = _intervals(video, self._kept(video, found, config), config)
        return Spotting(intervals, np.stack([curve, curve], axis=1))

    def _kept(self, video: Video, found: list[Moved], config: OfFdConfig) -> list[Moved]:
        """Return the movements of all windows without those that are too short or too long, joined."""
        fps = video.fps
        lengths = [video.timing.length(moved.first + 1, moved.last + 1) for moved in found]
        kept = [
            moved
            for moved, length in zip(found, lengths, strict=True)
            if config.shortest * fps <= length <= config.longest * fps
        ]
        return joined(kept, config.overlap)

    def _windows(self, video: Video, presence: Presence) -> list[Ints]:
        """Return the indices of the frames of each window."""
        config: OfFdConfig = self.config_for(video)
        stride = _stride(video, config)
        length = max(round(config.window_seconds * video.fps / stride), 2)
        step = max(round(config.step_seconds * video.fps / stride), 1)
        windows = []
        for start, stop in presence.parts(round(BRIDGED * video.fps)):
            at = start + np.flatnonzero(presence.found[start:stop])[::stride]
            firsts = range(0, max(len(at) - length + step, 1), step)
            windows += [at[first : first + length] for first in firsts]
        return windows

    def _motion(self, video: Video, windows: list[Ints], context: RunContext) -> tuple[Floats, Regions]:
        """Return the motion in all windows one after the other, (frames of all windows, regions), and the regions."""
        config: OfFdConfig = self.config_for(video)
        alignment, presence = self.alignment(video), self.presence(video, context)
        faces = context.aligned(video, alignment)
        regions = Regions.of_points(kept_points(video, alignment, presence, context.cache, faces.digest), config.size)
        shares = [config.nose_share, *sorted({getattr(config, top) for field in regions.fields for top in field.tops})]
        what = [config.size, config.alignments, config.aligned_below, shares, regions.plain()]

        def make() -> Floats:
            done, parts = 0, [np.zeros((0, regions.count), np.float32)]
            for at in windows:
                parts.append(motion_of(_enlarged(faces, at, config.size), regions, config))
                done += len(at)
                context.progress(f"flow {video.id}", done, sum(map(len, windows)))
            return np.concatenate(parts)

        name = f"of_fd-{digest_of(VERSION, *what, [at.tolist() for at in windows])[:16]}"
        return context.cache.array(faces.digest, name, make), regions


def _stride(video: Video, config: OfFdConfig) -> int:
    return max(round(video.fps / config.rate), 1)


def _enlarged(faces: StoredFrames, at: Ints, size: int) -> Iterator[NDArray[np.uint8]]:
    """Yield some aligned faces at another size."""
    for start in range(0, len(at), _CHUNK):
        for face in faces.gather(at[start : start + _CHUNK]):
            yield np.asarray(cv2.resize(face, (size, size), interpolation=cv2.INTER_LINEAR), np.uint8)


def _intervals(video: Video, found: list[Moved], config: OfFdConfig) -> tuple[SpottedInterval, ...]:
    intervals = []
    for moved in found:
        onset, offset = moved.first + 1, moved.last + 1
        short = video.timing.length(onset, offset) <= config.micro_limit * video.fps
        kind = ExpressionType.MICRO if short else ExpressionType.MACRO
        intervals.append(SpottedInterval(onset, offset, kind, moved.height))
    return tuple(intervals)
