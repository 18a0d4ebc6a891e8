"""Which frames a video file has: when each was taken, which are lost, and what the file promises.

Conventions
-----------
Frames are those that the container has packets for, as far as that is known: with PyAV, a frame that cannot be decoded
keeps its number, is `missing`, and shows the nearest earlier picture. Without, frames are what OpenCV decodes. Finding
this out takes one pass over the file, which is remembered in the frame cache.
"""

from __future__ import annotations

import binascii
import dataclasses
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.frames.content import KnownContent, Progress
from mebench.frames.usage import default_root
from mebench.frames.video_decoding import Decoded, decode_all, lead_in
from mebench.frames.video_index import MICRO, VideoIndex
from mebench.frames.video_packets import Packets, has_pyav, read_packets
from mebench.schema.timing import Timing

VERSION = 2
DEFAULT_RATE = 30.0
_LYING = 0.02
"""Share by which the container's rate may differ from the mean of the time stamps before these are believed alone."""
_UNSURE, _UNSURE_SHARE = 1.0, 0.05
"""Seconds and share by which a container without a count may seem short and not be cut."""
_WHOLE = 0.25
"""Share of a frame by which a gap between time stamps may differ from whole frames."""
_COUNTS = (b"RIFF", b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")


def index_of(path: Path, progress: Progress | None = None) -> VideoIndex:
    """Return the index of a file, remembered from an earlier time where the file is the same.

    Parameters
    ----------
    progress : called with (frames done, frames promised) while the file is decoded.

    Raises
    ------
    UserError : when the file is missing, is no video, or has no frame.
    """
    if not path.is_file():
        return _made(path, progress)
    what = f"frames-{VERSION}-{'av' if has_pyav() else 'cv'}"
    try:
        known = KnownContent(default_root())
    except UserError:  # no home: whoever needs the cache says so
        return _made(path, progress)
    record = known.kept(path, [path], what, lambda: {what: _made(path, progress).plain()})
    try:
        return VideoIndex.from_plain(record[what])
    except (ValueError, TypeError, KeyError, AttributeError, binascii.Error, zlib.error):
        return _made(path, progress)


def _made(path: Path, progress: Progress | None) -> VideoIndex:
    decoded = decode_all(path, progress=progress)
    counts = _has_count(path)
    promised = decoded.promised if counts and decoded.promised else None
    times, stamped = _in_order(decoded)
    short = 0.0 if counts else _short(decoded, times, path)
    index = VideoIndex(
        times,
        _rate(times, decoded.rate),
        np.arange(len(times)),
        missing=(),
        damaged=(),
        promised=promised,
        decoded=len(times),
        short=short,
        stamped=stamped,
        placed=not decoded.failures,
    )
    if not (index.broken or decoded.damaged):
        return index
    packets = read_packets(path) if has_pyav() and stamped else None
    recovered = None if packets is None else _with_lost(index, decoded, packets)
    if recovered is not None and (recovered.missing or not decoded.damaged):
        return recovered
    return _guessed(index, decoded, path)


def _guessed(index: VideoIndex, decoded: Decoded, path: Path) -> VideoIndex:
    """Return the index with what OpenCV alone tells of damage, and with frames that gaps in the times make certain."""
    exact = decode_all(path, threads=1) if decoded.damaged else decoded
    near = exact.damaged if len(exact.stamps) == len(decoded.stamps) else decoded.damaged
    gaps = _gaps(decoded, max(decoded.failures, (index.promised or 0) - index.decoded)) if index.stamped else None
    filled = index if gaps is None else _with_lost(index, decoded, gaps) or index
    if len(near) <= len(filled.missing):
        return filled  # the damage is that of the lost frames
    numbers = np.setdiff1d(np.arange(len(filled.times)) + 1, filled.missing)  # of the pictures, in their order
    return dataclasses.replace(filled, damaged=tuple(numbers[list(near)].tolist()))


def _gaps(decoded: Decoded, most: int) -> Packets | None:
    """Return the frames of one rate that lie between those decoded; None when the gaps are not whole frames."""
    if len(decoded.stamps) < 3:
        return None
    steps = np.diff(decoded.stamps)
    usual = np.median(steps)
    whole = np.rint(steps / usual).astype(np.int64)
    if not 0 < (whole - 1).sum() <= most or (whole < 1).any() or (np.abs(steps / usual - whole) > _WHOLE).any():
        return None
    at = np.concatenate([[0], np.cumsum(whole)])
    stamps = np.interp(np.arange(at[-1] + 1), at, decoded.stamps)
    return Packets(stamps, ~np.isin(np.arange(len(stamps)), at))


def _with_lost(index: VideoIndex, decoded: Decoded, packets: Packets) -> VideoIndex | None:
    """Give lost frames their numbers; None when pictures and packets do not agree on their times."""
    if len(packets.stamps) < 2:
        return None
    at = np.searchsorted((packets.stamps[1:] + packets.stamps[:-1]) / 2, decoded.stamps)
    step = np.median(np.diff(packets.stamps))
    if len(np.unique(at)) < len(at) or np.abs(packets.stamps[at] - decoded.stamps).max() > step / 2:
        return None
    sound = np.zeros(len(packets.stamps), np.bool_)
    sound[at] = ~packets.damaged[at]
    if not sound.any():
        return None
    picture = np.zeros(len(sound), np.int64)
    picture[at] = np.arange(len(at))
    good = np.flatnonzero(sound)
    nearest = good[np.maximum(np.searchsorted(good, np.arange(len(sound)), side="right") - 1, 0)]
    times = _rounded(packets.stamps)
    return dataclasses.replace(
        index,
        times=times,
        rate=_rate(times, decoded.rate),
        shown=picture[nearest],
        missing=tuple((np.flatnonzero(~sound) + 1).tolist()),
        decoded=len(good),
        placed=True,
    )


def _in_order(decoded: Decoded) -> tuple[NDArray[np.float64], bool]:
    """Return the times of the pictures, by the rate where the stamps go backwards or stand still."""
    stamps = decoded.stamps
    if np.isfinite(stamps).all() and (np.diff(stamps) > 0).all():
        return _rounded(stamps), True
    return _rounded(np.arange(len(stamps)) / (decoded.rate or DEFAULT_RATE)), False


def _rounded(stamps: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return times from 0 on in whole microseconds, the same before and after they were stored."""
    return np.rint((stamps - stamps[0]) * MICRO) / MICRO


def _rate(times: NDArray[np.float64], stated: float) -> float:
    """Return the container's rate while the stamps bear it out, else their mean."""
    timing = Timing.of_stamps(times)
    if len(times) < 2:
        return stated or DEFAULT_RATE
    lies = abs(stated / timing.fps - 1) > _LYING
    return round(timing.fps, 3) if lies or not timing.steady else stated


def _has_count(path: Path) -> bool:
    """Return whether the container counts its frames, as mp4, mov and avi do, so that the count is no estimate."""
    with path.open("rb") as file:
        head = file.read(8)
    return head[:4] in _COUNTS or head[4:8] in _COUNTS


def _short(decoded: Decoded, times: NDArray[np.float64], path: Path) -> float:
    """Return by how many seconds a container without a count is plainly shorter than it promises."""
    if not decoded.rate or len(times) < 2:
        return 0.0
    promised = decoded.promised / decoded.rate
    unsure = max(_UNSURE, _UNSURE_SHARE * promised)
    lacking = promised - Timing.of_stamps(times).end
    if lacking > unsure:
        lacking -= lead_in(path, decoded.rate)  # which Matroska counts among its duration
    return float(lacking) if lacking > unsure else 0.0
