"""Peaks of the summed action-unit intensities, the baseline that came with SAMM Long Videos.

Yap, Kendrick and Yap, "SAMM Long Videos", FG 2020 (arXiv 1911.01519); thesis section 4.2.1.

Conventions
-----------
The intensities of all 17 action units (0-5) are summed and divided by the largest sum of the video. Series have one
value per frame and indices are 0-based; intervals are in 1-based frame numbers.

Published: the sum, Savitzky-Golay, a Daubechies wavelet "with scaling function of 2" at level 3, a peak is higher than
the 7 points before and after it and lies above the 75th percentile of the normalised sum, and 0.5 s parts micro- from
macro-expressions. Not published, hence mebench's choice: window and order of the first filter, which wavelet
coefficients are kept (the approximation only), how onset and offset are found from a peak (the nearest local minima on
both sides), what happens to overlapping intervals, and frames without a face. Windows hold at 200 fps, where they were
published, and keep their *duration* at other frame rates; `scale_with_fps=false` keeps the number of frames.

Three things are mebench's addition, and `profile=thesis` switches them off: movements that rise by less than `min_rise`
are dropped, neighbours that meet in a shallow valley become one (`merge_valley`), and the percentile is that of the
smoothed signal in which the peaks are found (`percentile_of`).

Frames without a face part the video in pieces with a signal each, so that no filter, peak or valley reaches over a gap,
a cut or a change of person; a face lost for at most 0.1 s of one shot parts nothing. The largest sum and the percentile
are those of the whole video.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import pywt
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.ndimage import grey_opening
from scipy.signal import savgol_filter

from mebench.errors import UserError
from mebench.faces.action_units import ActionUnitTrack
from mebench.faces.alignment_settings import AlignmentSettings
from mebench.faces.au_catalogue import AU_DETECTORS, make_detector
from mebench.methods.additions import AU_SUM
from mebench.methods.base import RunContext
from mebench.methods.spotting.base import BRIDGED, MACRO, MICRO, SpottedInterval, Spotter, Spotting
from mebench.schema.action_units import ACTION_UNITS
from mebench.schema.presence import Presence
from mebench.schema.recordings import ExpressionType, Video
from mebench.schema.timing import Timing
from mebench.settings import check_limits, setting

Series = NDArray[np.float64]

AUTO = "auto"
"""The detector that fits the video."""

_THESIS = "thesis 4.2.1"
_PUBLISHED_FPS = 200.0


@dataclasses.dataclass(frozen=True)
class AuSumConfig(AlignmentSettings):
    """Settings of `au_sum`."""

    detector: str = setting(
        AUTO,
        "action-unit detector that intensities come from, such as openface or hog_ridge; auto: the OpenFace table of "
        "the video where there is one, else hog_ridge",
    )
    exclude: tuple[int, ...] = setting((), "action units left out of the sum, such as 45/25")
    missing: Literal["interpolate", "hold", "zero"] = setting(
        "interpolate",
        "up to 0.1 s without a face (OpenFace: without success): interpolated between the neighbours, held at the last "
        "good frame, or taken as no intensity; longer gaps part the signal",
    )
    savgol_window: int = setting(31, "window of the Savitzky-Golay filter at 200 fps", unit="frames")
    savgol_order: int = setting(3, "order of the Savitzky-Golay filter")
    wavelet: str = setting("db2", "wavelet of the second smoothing", source=_THESIS)
    wavelet_level: int = setting(3, "level of its approximation at 200 fps; 0 leaves it out", source=_THESIS)
    neighbours: int = setting(
        7, "points on each side that a peak must exceed, at 200 fps", unit="frames", source=_THESIS
    )
    percentile: float = setting(75.0, "peaks below this percentile of the video are noise", unit="%", source=_THESIS)
    percentile_of: Literal["smoothed", "sum"] = setting(
        "smoothed",
        "what the percentile is of; smoothed: the signal in which the peaks are found, sum: the normalised sum before "
        "it is smoothed, as published",
        later=True,
    )
    boundary_seconds: float = setting(0.5, "longest micro-expression", unit="s", source=_THESIS)
    merge_valley: float = setting(
        0.5,
        "neighbours that meet become one when the valley between them is higher than this share of the lower peak, "
        "which no text tells; 1 merges none, 0 all that meet",
    )
    min_rise: float = setting(
        0.05,
        "movements that rise by less over both their ends are ripples, which no text drops; 1 is the highest sum of "
        "the video",
    )
    scale_with_fps: bool = setting(True, "keep the duration of the windows, not their frames, at other frame rates")
    profile: Literal["mebench", "thesis"] = setting(
        "mebench",
        "thesis: the recipe as published, without what mebench adds to it; settings given beside it win",
        later=True,
    )

    def __post_init__(self) -> None:
        """Refuse settings that no filter could take, and a detector that nobody registered."""
        super().__post_init__()
        if self.detector != AUTO:
            AU_DETECTORS.entry(self.detector)
        check_limits(self, "savgol_order", least=0, below=self.savgol_window, hint="make savgol_window longer")
        check_limits(self, "wavelet_level", least=0)
        check_limits(self, "neighbours", least=1)
        unknown = set(self.exclude) - set(ACTION_UNITS)
        if unknown or len(self.exclude) == len(ACTION_UNITS):
            raise ValueError(f"exclude may hold some of {', '.join(map(str, ACTION_UNITS))}: leave out the others")
        if self.wavelet not in pywt.wavelist(kind="discrete"):
            raise ValueError(f"there is no wavelet {self.wavelet!r}: give one such as db2")
        check_limits(self, "percentile", least=0, most=100)
        check_limits(self, "merge_valley", "min_rise", least=0, most=1)
        check_limits(self, "boundary_seconds", above=0, hint="give seconds")


@dataclasses.dataclass(frozen=True)
class Windows:
    """The windows of the config at one frame rate, in frames."""

    savgol: int
    level: int
    neighbours: int
    boundary: int

    @classmethod
    def at(cls, fps: float, config: AuSumConfig) -> Windows:
        """Scale the windows from 200 fps; none vanishes, and the filter's stays odd and longer than its order."""
        scale = fps / _PUBLISHED_FPS if config.scale_with_fps else 1.0
        shortest = config.savgol_order + 1 + config.savgol_order % 2
        savgol = max(shortest, 2 * math.floor(config.savgol_window * scale / 2) + 1)
        level = config.wavelet_level and max(1, round(config.wavelet_level + math.log2(scale)))
        return cls(savgol, level, max(1, round(config.neighbours * scale)), round(config.boundary_seconds * fps))


@dataclasses.dataclass(frozen=True)
class Signals:
    """What the peaks of one video are looked for in, part by part.

    Attributes
    ----------
    parts : indices `start <= i < stop` of each part.
    sums, smoothed : the normalised sum of intensities of each part, and what the filters make of it.
    floor : the height that a peak must exceed.
    """

    parts: Sequence[tuple[int, int]]
    sums: Sequence[Series]
    smoothed: Sequence[Series]
    floor: float


@dataclasses.dataclass(frozen=True, slots=True)
class Peak:
    """A movement: indices of its onset, apex and offset (inclusive), and its height."""

    onset: int
    apex: int
    offset: int
    height: float


class AuSum(Spotter):
    """Sum of action-unit intensities, smoothed; peaks above the 75th percentile, from valley to valley.

    Nothing is learnt, so all settings are those of a video's own dataset.
    """

    id = "au_sum"
    paper = "arXiv:1911.01519"
    trains = False
    Config = AuSumConfig
    profiles = AU_SUM.profiles()

    def notes(self, video: Video) -> tuple[str, ...]:
        """Say when the intensities come from a detector that has seen rendered faces alone."""
        source = self.source(video)
        if not make_detector(source).seen_only_rendered:
            return ()
        return (
            f"{source} has learnt from rendered faces alone: take what au_sum says of real faces as a hint, or give it "
            "the tables of OpenFace.",
        )

    def source(self, video: Video) -> str:
        """Return the id of the detector that the intensities of a video come from."""
        source: str = self.config_for(video).detector
        if source != AUTO:
            return source
        return "openface" if video.action_units_csv else "hog_ridge"

    def needs_tables(self) -> str:
        """Return the setting with which tables are read: the faces are not looked at where the action units are."""
        config: AuSumConfig = self.config
        if config.detector in (AUTO, "openface"):
            return "" if config.detector == AUTO else "detector=openface"
        return super().needs_tables()

    def prepare(self, video: Video, context: RunContext) -> None:
        """Detect the action units of one video."""
        self.track(video, context)

    def presence(self, video: Video, context: RunContext) -> Presence:
        """Return where the source of the action units, a table or the aligned faces, has a face."""
        return self.track(video, context).presence

    def spot(self, video: Video, context: RunContext) -> Spotting:
        """Spot both kinds in one signal.

        The per-frame scores part the smoothed signal in two: what is left when every peak of at most 0.5 s is cut off
        (a grey-scale opening) is the macro score, and what was cut off is the micro score.
        """
        context.log(
            {"event": "action units", "subject": video.subject, "video": video.id, "detector": self.source(video)}
        )
        config: AuSumConfig = self.config_for(video)
        windows, found = Windows.at(video.fps, config), self.signals(video, context)
        scores = np.zeros((video.n_frames, 2), np.float32)
        intervals: list[SpottedInterval] = []
        for (start, stop), signal in zip(found.parts, found.smoothed, strict=True):
            slow = grey_opening(signal, (min(windows.boundary + 1, len(signal)),))
            scores[start:stop, MACRO], scores[start:stop, MICRO] = slow, signal - slow
            intervals += _intervals(signal, start, found.floor, windows, config, video.timing)
        return Spotting(tuple(intervals), scores)

    def signals(self, video: Video, context: RunContext) -> Signals:
        """Return the signals in which the peaks of a video are looked for, and the height that they must exceed."""
        config: AuSumConfig = self.config_for(video)
        track = self.track(video, context)
        windows = Windows.at(video.fps, config)
        parts = track.presence.parts(round(BRIDGED * video.fps))
        sums = normalised_sums([self._intensities(video, track, part) for part in parts])
        signals = [smooth(series, windows, config) for series in sums]
        levels = sums if config.percentile_of == "sum" else signals
        floor = float(np.percentile(np.concatenate(levels), config.percentile)) if levels else 0.0
        return Signals(parts, sums, signals, floor)

    def track(self, video: Video, context: RunContext) -> ActionUnitTrack:
        """Return the action units of every frame.

        Raises
        ------
        UserError : when `detector=openface` and the video has no table, or the number of aligned faces is wrong.
        """
        track = make_detector(self.source(video)).of_recording(video, context.cache, self.alignment(video))
        if len(track) != video.n_frames:
            raise UserError(
                f"{video.subject}/{video.id} has {video.n_frames} frames and {len(track)} aligned faces: "
                "align it again."
            )
        return track

    def _intensities(self, video: Video, track: ActionUnitTrack, part: tuple[int, int]) -> Series:
        """Return the intensities of the wanted action units in some frames `start <= i < stop`, shape (frames, n)."""
        config: AuSumConfig = self.config_for(video)
        values: NDArray[Any] = track.intensities[slice(*part)]
        found = track.found[slice(*part)]
        if not found.all():
            held = np.maximum.accumulate(np.where(found, np.arange(len(found)), 0))
            values = values[held] if config.missing == "hold" else fill_missing(values, found, config.missing)
        return np.delete(values.astype(np.float64), [ACTION_UNITS.index(unit) for unit in config.exclude], axis=1)


def _intervals(
    signal: Series, start: int, floor: float, windows: Windows, config: AuSumConfig, timing: Timing
) -> list[SpottedInterval]:
    """Return the movements of one part of a video, whose first frame has the index `start`."""
    intervals = []
    for peak in merge(find_movements(signal, windows.neighbours, floor), signal, config.merge_valley):
        if peak.height - max(signal[peak.onset], signal[peak.offset]) < config.min_rise:
            continue
        onset, offset = start + peak.onset + 1, start + peak.offset + 1
        short = timing.length(onset, offset) <= windows.boundary
        kind = ExpressionType.MICRO if short else ExpressionType.MACRO
        intervals.append(SpottedInterval(onset, offset, kind, peak.height))
    return intervals


def fill_missing(values: NDArray[Any], found: NDArray[np.bool_], policy: str = "interpolate") -> NDArray[Any]:
    """Fill the rows where no face was found.

    Parameters
    ----------
    values : shape (n_frames, n).
    found : shape (n_frames,), whether there was a face.
    policy : `interpolate` is linear in time and constant beyond the first and last face; `zero` is no intensity.
    """
    if found.all():
        return values
    if policy == "zero" or not found.any():
        return np.where(found[:, None], values, 0.0)
    time, known = np.arange(len(values)), np.flatnonzero(found)
    return np.stack([np.interp(time, known, column[known]) for column in values.T], axis=1)


def normalised_sum(intensities: Series) -> Series:
    """Return the sum over action units (axis 1) divided by its maximum; zeros when nothing ever moves."""
    return normalised_sums([intensities])[0]


def normalised_sums(parts: Sequence[Series]) -> list[Series]:
    """Return the sum over action units (axis 1) of parts of one video, divided by the largest of all."""
    totals = [part.sum(axis=1) for part in parts]
    highest = max((total.max(initial=0.0) for total in totals), default=0.0)
    return [total / highest if highest > 0 else np.zeros(len(total)) for total in totals]


def smooth(signal: Series, windows: Windows, config: AuSumConfig) -> Series:
    """Savitzky-Golay, then the wavelet's approximation; a video too short for a window goes without that filter."""
    if len(signal) >= windows.savgol:
        signal = savgol_filter(signal, windows.savgol, config.savgol_order)
    level = min(windows.level, pywt.dwt_max_level(len(signal), config.wavelet))
    if level > 0:
        approximation, *details = pywt.wavedec(signal, config.wavelet, level=level)
        signal = pywt.waverec([approximation, *(np.zeros_like(d) for d in details)], config.wavelet)[: len(signal)]
    return np.clip(signal, 0.0, None)


def find_movements(signal: Series, neighbours: int, floor: float) -> list[Peak]:
    """Return the peaks above a floor, each from the valley before it to the valley after it.

    A peak is higher than all `neighbours` points on each side; a valley is a point that none of its neighbours lies
    below, or an end of the signal.
    """
    if len(signal) < 2 * neighbours + 1:
        return []
    before, after = _extremes(signal, neighbours, np.max, -np.inf)
    apexes = np.flatnonzero((signal > before) & (signal > after) & (signal > floor))
    apexes = apexes[(apexes >= neighbours) & (apexes < len(signal) - neighbours)]
    before, after = _extremes(signal, neighbours, np.min, np.inf)
    valleys = np.union1d(np.flatnonzero((signal <= before) & (signal <= after)), [0, len(signal) - 1])
    following = np.searchsorted(valleys, apexes)
    return [
        Peak(int(valleys[i - 1]), int(apex), int(valleys[i]), float(signal[apex]))
        for apex, i in zip(apexes, following, strict=True)
    ]


def _extremes(signal: Series, reach: int, extreme: np.ufunc | object, beyond: float) -> tuple[Series, Series]:
    """Return max or min over the `reach` points before and after every point; `beyond` stands outside the video."""
    padded = np.pad(signal, reach, constant_values=beyond)
    windows = extreme(sliding_window_view(padded, reach), axis=-1)  # type: ignore[operator]
    return windows[: len(signal)], windows[reach + 1 :]


def merge(peaks: list[Peak], signal: Series, valley: float) -> list[Peak]:
    """Join peaks with the same or overlapping intervals, and those that meet in a shallow valley.

    Parameters
    ----------
    peaks : sorted by apex.
    signal : the signal in which they were found.
    valley : see `AuSumConfig.merge_valley`.
    """
    merged: list[Peak] = []
    for peak in peaks:
        last = merged[-1] if merged else None
        if last is None or peak.onset > last.offset:
            merged.append(peak)
            continue
        lowest = signal[last.apex : peak.apex + 1].min()
        overlap = last.offset > peak.onset
        if overlap or lowest > valley * min(last.height, peak.height):
            apex, height = max((last.height, last.apex), (peak.height, peak.apex))[::-1]
            merged[-1] = Peak(last.onset, int(apex), max(last.offset, peak.offset), float(height))
        else:
            merged.append(peak)
    return merged
