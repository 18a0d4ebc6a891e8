"""A run of a longer recording's frames, and the clip of one expression that is cut out of a long video."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from mebench.frames.content import KnownContent, Progress, content_of
from mebench.frames.pixels import check_range
from mebench.schema.recordings import Clip, FrameSource, Video
from mebench.settings import digest_of


class PartOfFrames:
    """The frames `start <= i < stop` of another source, decoded only when asked for.

    Parameters
    ----------
    inner : all frames.
    start, stop : indices, from 0.

    Raises
    ------
    ValueError : when there are no such frames.
    """

    def __init__(self, inner: FrameSource, start: int, stop: int) -> None:
        if not 0 <= start <= stop <= len(inner):
            raise ValueError(f"frames {start} to {stop} of {len(inner)} are asked for")
        self.inner, self.start, self.stop = inner, start, stop

    @property
    def digest(self) -> str:
        """Hex digest of all frames, and of which of them these are."""
        return self.content()

    def content(
        self, known: KnownContent | None = None, *, fresh: bool = False, progress: Progress | None = None
    ) -> str:
        """Return `digest`, reading no file whose content is known; see `content_of`."""
        return digest_of("part", self.start, self.stop, content_of(self.inner, known, fresh=fresh, progress=progress))

    @property
    def times(self) -> NDArray[np.float64] | None:
        """When each frame begins, in seconds from the first; None where the source does not say."""
        times = getattr(self.inner, "times", None)
        return None if times is None else np.asarray(times[self.start : self.stop] - times[self.start : self.start + 1])

    @property
    def missing(self) -> tuple[int, ...]:
        """Numbers of the frames that were lost and show another one instead, counted from the first of the part."""
        lost = getattr(self.inner, "missing", ())
        return tuple(number - self.start for number in lost if self.start < number <= self.stop)

    @property
    def first(self) -> int:
        """What the files call the first frame of the part."""
        return int(getattr(self.inner, "first", 1)) + self.start

    @property
    def landmarks(self) -> Callable[[int, int], NDArray[np.floating]] | None:
        """The points that rendered frames know, see `faces.landmarks.rendered`; None for others."""
        known = getattr(self.inner, "landmarks", None)
        return None if known is None else lambda start, stop: known(self.start + start, self.start + stop)

    def __len__(self) -> int:
        """Return the number of frames."""
        return self.stop - self.start

    def read(self, start: int, stop: int, *, grey: bool = True) -> NDArray[np.uint8]:
        """Decode frames `start <= i < stop` of the part; see `FrameSource.read`."""
        check_range(start, stop, len(self))
        return self.inner.read(self.start + start, self.start + stop, grey=grey)


def cut_clip(
    video: Video, onset: int, offset: int, *, apex: int | None = None, emotion: str = "", action_units: str = ""
) -> Clip:
    """Return the frames from onset to offset as a clip of its own, which begins with the onset.

    What lies outside the video is cut off. An apex outside the clip counts as none, as one that is not annotated.

    Parameters
    ----------
    onset, offset, apex : frame numbers of the video, from 1.
    emotion, action_units : what is annotated of the expression.

    Raises
    ------
    ValueError : when no frame of the video lies between onset and offset.
    """
    first, last = max(onset, 1), min(offset, video.n_frames)
    if last < first:
        raise ValueError(f"frames {onset} to {offset} of {video.n_frames} are asked for")
    aligned = video.aligned
    clip = Clip(
        video.dataset, video.subject, f"{video.id}_{first}-{last}", video.fps,
        PartOfFrames(video.frames, first - 1, last), emotion, 1,
        apex - first + 1 if apex is not None and first <= apex <= last else 0, last - first + 1, action_units,
    )  # fmt: skip
    if aligned is None or len(aligned) < last:
        return clip
    return dataclasses.replace(clip, aligned=PartOfFrames(aligned, first - 1, last))
